import {
  type Namespace,
  type Observation,
  type ProbeResult,
  count,
  fail,
  leastSure,
  nameList,
  notEvaluated,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { podSecurityOf } from '#libs/admission';
import { excerpt } from '#libs/flux';
import { describeGuard } from '../dedicated-clusters/guards.js';
import { type ProbeAnswers, describeProbe, describeWho, refusal, wentThrough } from '../probes/probe-answers.js';
import type { Tenant } from '../tenants/tenant-model.js';
import type { PodAdmissionContext } from './pod-admission.js';
import { LABEL_IT, labelFix, securityEvidence } from './pod-security-text.js';
import { relaxation } from './relaxable.js';
import { CONTROL_POD, type PodVariant, podProbeKey } from './trial-pods.js';

export interface Trials {
  readonly answers: ProbeAnswers;
  readonly variants: readonly PodVariant[];
  /** Every runtime class of the cluster is among the variants. */
  readonly complete: boolean;
}

interface Trial {
  readonly variant: PodVariant;
  readonly result: ProbeResult | undefined;
}

/**
 * Weighs what reading tells against dry-runs in the name of somebody of the tenant. What was let in fails, whatever is
 * read; only where all was refused, and the harmless pod let in, is it proven. Where nobody of the tenant may create pods
 * directly, or something was left untried, reading has the last word.
 */
export function judgeTrials(
  read: Observation,
  namespace: Namespace,
  tenant: Tenant,
  { trials, context }: { readonly trials: Trials; readonly context: PodAdmissionContext },
): Observation {
  const { name } = namespace.metadata;
  const { answers, variants } = trials;
  const control = answers.get(podProbeKey(CONTROL_POD, name));
  const tried = variants.map((variant): Trial => ({ variant, result: answers.get(podProbeKey(variant, name)) }));
  const grave = tried.filter(({ variant }) => variant.weight === 'grave');
  // A quota says something about a variant only where the harmless pod finds room.
  const admitted = control?.verdict.kind === 'accepted' ? wentThrough : isAccepted;
  const open = grave.filter(({ result }) => admitted(result));
  if (open.length > 0) return letIn(open, namespace, tenant, context);
  const unsupported = [control, ...grave.map(({ result }) => result)].find(
    (result) => result?.verdict.kind === 'dryRunUnsupported',
  );
  if (unsupported) return dryRunUnsupported(unsupported, namespace);
  if (!control || ASKED_NOTHING.has(control.verdict.kind)) return control ? noted(read, control) : read;
  if (!isAccepted(control)) return noPositiveControl(control, namespace);
  const unproven = grave.filter(({ result }) => !refusal(result));
  if (unproven.length > 0) {
    const text = `Dry-runs did not settle it: there is no clear answer about pods with ${nameList(titles(unproven), 4)}.`;
    return { ...read, message: `${read.message} ${text}` };
  }
  return allRefused(read, tried, namespace, tenant, { trials, context });
}

const ASKED_NOTHING: ReadonlySet<string> = new Set(['unauthorized', 'cannotImpersonate', 'unreadable']);

function isAccepted(result: ProbeResult | undefined): boolean {
  return result?.verdict.kind === 'accepted';
}

const titles = (trials: readonly Trial[]) => trials.map(({ variant }) => excerpt(variant.title, 100));

function letIn(
  open: readonly Trial[],
  namespace: Namespace,
  tenant: Tenant,
  { model, severity, refused }: PodAdmissionContext,
): Observation {
  const { name } = namespace.metadata;
  const results = open.flatMap(({ result }) => result ?? []);
  const quota = open.every(({ result }) => result?.verdict.kind === 'denied');
  const [first] = results;
  const breaks = refused(name);
  return fail(
    subjectOf(namespace),
    'PRIVILEGED_PODS_ADMITTED',
    `${quota ? 'Nothing but a quota keeps' : 'The API server would let'} ${first ? describeWho(first) : 'somebody'} of ${excerpt(tenant.name, 80)} ${quota ? 'from creating' : 'create'} pods with ${nameList(titles(open))} in ${name}, as dry-runs showed. ` +
      `Such pods reach past their container to the node and to all that runs on it. ${podSecurityOf(namespace).enforce === 'restricted' ? EXEMPT : LABEL_IT}` +
      (breaks === undefined ? '' : ` What runs there now and would be refused: ${breaks}.`),
    {
      severity,
      confidence: leastSure(model.confidence, 'proven'),
      evidence: [
        {
          ...securityEvidence(namespace, podSecurityOf(namespace)),
          ...(first && { note: describeProbe(first) }),
        },
      ],
      fixes: labelFix(name),
    },
  );
}

const EXEMPT =
  'The namespace is labelled restricted, so that the configuration of the API server must exempt the user, the namespace or the runtime class: take the exemption out of its PodSecurityConfiguration.';

function dryRunUnsupported({ verdict }: ProbeResult, namespace: Namespace): Observation {
  const webhook = verdict.kind === 'dryRunUnsupported' && verdict.name ? ` ${excerpt(verdict.name, 120)}` : '';
  return notEvaluated(
    subjectOf(namespace),
    'undecidable',
    'DRYRUN_UNSUPPORTED',
    `The admission webhook${webhook} does not support dry-runs of pods in ${namespace.metadata.name}, so that it cannot be told what it would do. Set its sideEffects to None or NoneOnDryRun if that is what it has.`,
  );
}

function noPositiveControl(control: ProbeResult, namespace: Namespace): Observation {
  const { verdict } = control;
  const by = verdict.kind === 'denied' ? `refused by ${excerpt(describeGuard(verdict.by), 160)}` : 'not let in';
  return notEvaluated(
    subjectOf(namespace),
    'undecidable',
    'NO_POSITIVE_CONTROL',
    `A harmless pod in ${namespace.metadata.name} was ${by} as well, so that refusals of privileged ones prove nothing. ` +
      'Make room in the quota, or name an image that the policies of the platform allow in activeVerification.pauseImage. ' +
      describeProbe(control),
  );
}

/** Reading has the last word, and it is said why. */
function noted(read: Observation, control: ProbeResult): Observation {
  const why = {
    unauthorized: 'may not create pods directly; what its workloads create is checked all the same',
    cannotImpersonate: 'may not be impersonated by the auditor, so that nothing was tried',
  }[control.verdict.kind as string];
  return why === undefined ? read : { ...read, message: `${read.message} ${describeWho(control)} ${why}.` };
}

/** Proven, unless somebody of the tenant can lift what refused. */
function allRefused(
  read: Observation,
  tried: readonly Trial[],
  namespace: Namespace,
  tenant: Tenant,
  { trials, context }: { readonly trials: Trials; readonly context: PodAdmissionContext },
): Observation {
  const { name } = namespace.metadata;
  const deniers = tried.flatMap(({ variant, result }) => (variant.weight === 'grave' ? (refusal(result) ?? []) : []));
  const lifted = relaxation(namespace, tenant, read, {
    byPodSecurity: deniers.some(({ mechanism }) => mechanism === 'podSecurity'),
    context,
  });
  if (lifted) return lifted;
  const guards = nameList(new Set(deniers.map((by) => excerpt(describeGuard(by), 160))));
  const confidence = leastSure(context.model.confidence, trials.complete ? 'proven' : 'derived');
  const [first] = tried.flatMap(({ result }) => result ?? []);
  const evidence = [
    { ...securityEvidence(namespace, podSecurityOf(namespace)), ...(first && { note: describeProbe(first) }) },
  ] as const;
  const said = `In ${name} of ${excerpt(tenant.name, 80)} ${guards} refused ${count(deniers.length, 'kind')} of privileged pods in dry-runs, and a harmless pod was let in`;
  const minor = tried.filter(({ variant, result }) => variant.weight === 'minor' && wentThrough(result));
  if (minor.length > 0) {
    return warn(
      subjectOf(namespace),
      'BASELINE_NOT_ENFORCED',
      `${said}; but pods with ${nameList(titles(minor))} are let in, which the level baseline refuses. ${LABEL_IT}`,
      { severity: 'medium', confidence, evidence, fixes: labelFix(name) },
    );
  }
  const some = trials.complete ? '' : ' Not every runtime class of the cluster was tried.';
  return pass(subjectOf(namespace), 'PODS_REFUSED', `${said}.${some}`, { confidence, evidence });
}
