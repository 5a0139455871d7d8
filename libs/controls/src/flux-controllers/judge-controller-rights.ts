import { type Observation, type Subject, fail, notEvaluated, pass, warn } from '#libs/core';
import { type Component, type ControllerInstance, WORKLOAD_IDENTITY_GATE, readFlag } from '#libs/flux';
import { type RbacIndex, accountIdentity } from '#libs/rbac';
import { type HeldRight, canWrite, rightsHeldBy } from '../access/held-rights.js';
import { describeRights, rightEvidence, unbindFix } from '../access/right-evidence.js';
import type { ControllerAccount } from './controller-accounts.js';
import { isExpectedRule } from './expected-rights.js';

/** They apply what is in the sources, so they need the rights for it. */
const APPLYING: ReadonlySet<Component> = new Set<Component>(['kustomize-controller', 'helm-controller']);
const MAX_RIGHTS = 3;

/** The verdicts on what the account of some controllers may do. */
export function judgeControllerRights(
  { account, components, instances }: ControllerAccount,
  index: RbacIndex,
): readonly Observation[] {
  const { namespace, name } = account;
  const subject: Subject = { apiVersion: 'v1', kind: 'ServiceAccount', namespace, name };
  const rights = rightsHeldBy(index, accountIdentity(account)).filter(({ reach }) => reach !== 'everyone');
  const admin = rights.filter(({ classes, grant }) => classes.has('everything') && grant.namespace === null);
  const others = components.filter((component) => !APPLYING.has(component));
  const who = `${components.join(', ')} (service account ${namespace}/${name})`;
  const chain = (shown: readonly HeldRight[], expected: string) =>
    shown.slice(0, MAX_RIGHTS).flatMap((right) => rightEvidence(right, expected));
  const [first] = admin;
  if (first && others.length === components.length) {
    const message =
      `${who} may do everything in the cluster: ${describeRights(admin)}. It applies nothing, and needs no more than its own objects, Secrets to read, and events. ` +
      'Take its account out of the binding; upstream gives it the ClusterRole crd-controller.';
    return [
      fail(subject, 'CONTROLLER_CLUSTER_ADMIN', message, {
        confidence: 'derived',
        evidence: rightEvidence(first, 'the rights of the ClusterRole crd-controller'),
        fixes: unbindFix(admin),
      }),
    ];
  }
  if (first && others.length > 0) {
    const message =
      `${who} share one account, which may do everything in the cluster: ${describeRights(admin)}. ${others.join(', ')} ${others.length === 1 ? 'applies' : 'apply'} nothing and ${others.length === 1 ? 'needs' : 'need'} no such rights. ` +
      'Give them an account of their own with the ClusterRole crd-controller.';
    const evidence = chain(admin, 'kustomize- and helm-controller alone');
    return [warn(subject, 'SHARED_ADMIN_ACCOUNT', message, { severity: 'medium', confidence: 'derived', evidence })];
  }
  if (first) {
    const message =
      `${who} may do everything in the cluster, as upstream installs it: ${describeRights(admin)}. ` +
      'Where all objects name accounts, the right to impersonate service accounts is enough for it (multitenancy.privileged: false of the Helm chart).';
    return [
      pass(subject, 'CLUSTER_ADMIN_EXPECTED', message, { confidence: 'derived', evidence: chain(admin, 'expected') }),
    ];
  }
  const applies = others.length === 0;
  const extra = rights.filter((right) => canWrite(right) && !isExpectedRule(right.grant.rule, applies));
  const observations = [...extraRights(subject, who, extra), ...unusedTokens(subject, who, rights, instances)];
  if (observations.length > 0) return observations;
  const impersonates = applies && rights.some(({ classes }) => classes.has('impersonate'));
  const message = impersonates
    ? `${who} may impersonate, and has no rights of its own to change the cluster.`
    : `${who} may do no more than what upstream gives it.`;
  return [pass(subject, impersonates ? 'IMPERSONATOR_ONLY' : 'EXPECTED_RIGHTS', message, { confidence: 'derived' })];
}

function extraRights(subject: Subject, who: string, extra: readonly HeldRight[]): readonly Observation[] {
  const [first] = extra;
  if (!first) return [];
  const message =
    `${who} may do more than what upstream gives it: ${describeRights(extra)}. ` +
    'Whatever a controller may do is within reach of what it processes. Take its account out of these bindings, unless you know what they are for.';
  return [
    warn(subject, 'EXTRA_RIGHTS', message, {
      severity: 'medium',
      confidence: 'derived',
      evidence: extra.slice(0, MAX_RIGHTS).flatMap((right) => rightEvidence(right, 'the rights of crd-controller')),
      fixes: unbindFix(extra),
    }),
  ];
}

/** Tokens of service accounts are needed for workload identity of single objects, which a feature gate turns on. */
function unusedTokens(
  subject: Subject,
  who: string,
  rights: readonly HeldRight[],
  instances: readonly ControllerInstance[],
): readonly Observation[] {
  const tokens = rights.filter(({ classes }) => classes.has('tokens'));
  if (tokens.length === 0) return [];
  const gates = instances.flatMap(gatesOf);
  if (gates.includes('on')) return [];
  const hidden = gates.find((gate) => typeof gate === 'object');
  if (hidden !== undefined && typeof hidden === 'object') {
    const { code, message, missing } = hidden;
    const said = `Whether ${who} needs its right to create tokens of service accounts is not known: ${message}`;
    const cause = missing.length > 0 ? 'forbidden' : 'undecidable';
    return [notEvaluated(subject, cause, code, said, { missing })];
  }
  const message =
    `${who} may create tokens of service accounts (${describeRights(tokens)}), and its feature gate ${WORKLOAD_IDENTITY_GATE} is off, so it never needs them. ` +
    'Turn the gate on together with the defaults of FLUX-MT-06, or take the rule out of the role.';
  return [
    warn(subject, 'TOKEN_CREATE_UNUSED', message, {
      severity: 'low',
      confidence: 'derived',
      evidence: tokens.slice(0, 1).flatMap((right) => rightEvidence(right, 'no right to create tokens')),
    }),
  ];
}

type Gate = 'on' | 'off' | Extract<ReturnType<typeof readFlag>, { state: 'undecidable' }>;

function gatesOf({ pods, template }: ControllerInstance): readonly Gate[] {
  const live = pods.filter(({ terminating }) => !terminating);
  return (live.length > 0 ? live : template ? [template] : []).map((run): Gate => {
    const reading = readFlag(run.arguments, 'feature-gates', run.env);
    if (reading.state === 'undecidable') return reading;
    if (reading.state !== 'value') return 'off';
    const { value } = reading;
    const gates =
      typeof value === 'object' && !Array.isArray(value) ? (value as Readonly<Record<string, boolean>>) : {};
    return gates[WORKLOAD_IDENTITY_GATE] === true ? 'on' : 'off';
  });
}
