import {
  type Artifacts,
  type Collected,
  type Confidence,
  type Evidence,
  type Fix,
  type Observation,
  type Subject,
  fail,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { shellText } from '../git-sources/shell-text.js';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import { type ForeignReference, isGoverned, labelOf } from './foreign-references.js';
import { imageAccess } from './image-access.js';
import type { Guard } from './reference-guard.js';

/** What verdicts on references depend on besides the object. */
export interface ReferenceSurroundings {
  readonly model: TenantModel;
  readonly guardOf: (object: ForeignReference['object']) => Guard;
  readonly isPlatformManaged: (object: ForeignReference['object']) => boolean;
  readonly imageRepositories: Collected<Artifacts['imageRepositories']>;
  readonly namespaces: Collected<Artifacts['namespaces']>;
}

/** A reference with what messages about it say. */
interface Case {
  readonly reference: ForeignReference;
  readonly subject: Subject;
  readonly said: string;
  readonly evidence: Evidence;
  readonly confidence: Confidence;
  readonly guard: Guard;
}

/** One verdict on one reference that leads out of the namespace of its object. */
export function judgeReference(reference: ForeignReference, surroundings: ReferenceSurroundings): Observation {
  const { model, guardOf, isPlatformManaged } = surroundings;
  const { object, namespace, field, use } = reference;
  const owner = model.tenantOf(object.metadata.namespace);
  const target = model.tenantOf(namespace);
  const each: Case = {
    reference,
    subject: subjectOf(object, { field: excerpt(field) }),
    said: `${labelOf(object)}${owner ? ` of ${excerpt(owner.name, 80)}` : ''} refers in ${excerpt(field)} to ${describeTarget(reference, target)}`,
    evidence: evidenceOf(reference),
    confidence: model.confidence,
    guard: isGoverned(reference) ? guardOf(object) : { state: 'unknown', why: '' },
  };
  if (use === 'chart' && each.guard.state === 'closed' && each.guard.byFlag) return frozen(each);
  if (!owner) {
    return harmless(each, 'PLATFORM_REFERENCE', 'The object is one of the platform, which may refer to any namespace.');
  }
  if (target?.name === owner.name) {
    return harmless(each, 'SAME_TENANT', `Both namespaces are of ${excerpt(owner.name, 80)}.`);
  }
  if (isPlatformManaged(object)) {
    return harmless(
      each,
      'PLATFORM_MANAGED',
      'No principal of the tenant can write Flux objects there, and its source is one of the platform.',
    );
  }
  if (use === 'rbac') {
    return pass(
      each.subject,
      'GOVERNED_BY_RBAC',
      `${each.said}. The rights of the account that it is applied with decide about this, which FLUX-MT-03 judges.`,
      { confidence: each.confidence, evidence: [each.evidence] },
    );
  }
  if (use === 'dependency') return dependency(each);
  if (each.guard.state === 'unknown') return undecided(each, each.guard.why);
  if (each.guard.state === 'closed') return blocked(each);
  return use === 'image' ? image(each, surroundings) : effective(each, []);
}

/** It may break with the flag; nobody crosses a boundary. */
function harmless(
  { subject, said, evidence, confidence, reference, guard }: Case,
  reason: string,
  why: string,
): Observation {
  const next =
    !isGoverned(reference) || guard.state === 'unknown'
      ? ''
      : guard.state === 'open'
        ? ' It will stop working once --no-cross-namespace-refs is set on the controller.'
        : ' The controller refuses it, so that it does not work now.';
  return pass(subject, reason, `${said}. ${why}${next}`, { confidence, evidence: [evidence] });
}

function frozen({ subject, said, evidence, guard, confidence, reference }: Case): Observation {
  return fail(
    subject,
    'FROZEN',
    `${said}, which helm-controller refuses without a condition or an event. An installed release keeps Ready=True and is not reconciled any more, a new one gets no status, and a deleted one hangs on its finalizer, so nobody notices. ` +
      'Take the chart from a source in the namespace of the release, or use spec.chartRef.',
    { severity: 'high', confidence, evidence: [evidence, ...guardEvidence(guard)], fixes: fixesOf(reference) },
  );
}

function effective(
  { subject, said, evidence, guard, confidence, reference }: Case,
  more: readonly Evidence[],
): Observation {
  return fail(
    subject,
    'EFFECTIVE',
    `${said}, and its controller follows such references. ${MEANING[reference.use]} ` +
      'Give the tenant a copy in its own namespace, or let the platform provide it there, then set --no-cross-namespace-refs on the controller.',
    { severity: 'high', confidence, evidence: [evidence, ...guardEvidence(guard), ...more], fixes: fixesOf(reference) },
  );
}

function blocked({ subject, said, evidence, guard, confidence, reference }: Case): Observation {
  return warn(
    subject,
    'ATTEMPT_BLOCKED',
    `${said}, which its controller refuses. ${BLOCKED[reference.use]} Ask the tenant what it needs, and remove the reference.`,
    { severity: 'medium', confidence, evidence: [evidence, ...guardEvidence(guard)], fixes: fixesOf(reference) },
  );
}

function image(each: Case, { imageRepositories, namespaces }: ReferenceSurroundings): Observation {
  const { reference, subject, said, evidence, confidence } = each;
  const { namespace, name, object } = reference;
  const access = imageAccess(`${namespace}/${name}`, object.metadata.namespace ?? '', imageRepositories, namespaces);
  if (access.state === 'granted') return effective(each, [access.evidence]);
  if (access.state === 'unread') {
    const answer = notEvaluatedBecause(subject, access.artifact);
    return { ...answer, message: `${said}. Whether spec.accessFrom allows it is not known: ${answer.message}` };
  }
  return warn(
    subject,
    'DENIED_BY_ACL',
    `${said}, which spec.accessFrom of that repository does not allow, so it has no effect. The flag --no-cross-namespace-refs would refuse it whatever accessFrom says. Remove the reference, and set the flag.`,
    { severity: 'medium', confidence, evidence: [evidence] },
  );
}

function dependency({ subject, said, evidence, confidence, reference }: Case): Observation {
  const reads = reference.readyExpr !== undefined;
  return warn(
    subject,
    reads ? 'DEPENDENCY_READS_OBJECT' : 'DEPENDENCY_NOT_GOVERNED',
    `${said}. No flag governs dependsOn, so it is followed whatever the controllers are told${reads ? '; its readyExpr is evaluated over the whole other object' : ''}. ` +
      'So the readiness of one tenant is visible to another, and the object waits for something that its owner cannot repair. Depend on objects of the own namespace, and refuse others by an admission policy.',
    { severity: reads ? 'medium' : 'low', confidence, evidence: [evidence] },
  );
}

function undecided({ subject, said, evidence, confidence }: Case, why: string): Observation {
  return notEvaluated(
    subject,
    'undecidable',
    'CONTROLLER_UNKNOWN',
    `${said}. Whether that has an effect is not known: ${why}. Remove the reference, or let the controller be recognised by its labels.`,
    { evidence: [evidence], confidence },
  );
}

function describeTarget({ kind, name, namespace }: ForeignReference, target: Tenant | undefined): string {
  const what = name === undefined ? 'the namespace ' : kind === undefined ? '' : `${excerpt(kind, 80)} `;
  const path = excerpt(name === undefined ? namespace : `${namespace}/${name}`);
  return `${what}${path}${target ? ` of ${excerpt(target.name, 80)}` : ''}`;
}

function evidenceOf({ object, pointer, namespace, use }: ForeignReference): Evidence {
  return {
    object: objectReference(object),
    pointer,
    observed: excerpt(
      pointer === '/status/helmChart' && object.kind === 'HelmRelease' ? (object.status?.helmChart ?? '') : namespace,
    ),
    expected: use === 'rbac' ? 'a namespace of the own tenant' : `${object.metadata.namespace}, or absent`,
  };
}

function guardEvidence(guard: Guard): readonly Evidence[] {
  return guard.state === 'unknown' ? [] : [guard.evidence];
}

const MEANING: Readonly<Record<ForeignReference['use'], string>> = {
  source: 'Flux recommends that objects of tenants take their sources from their own namespaces.',
  chart: 'Flux recommends that releases of tenants take their charts from their own namespaces.',
  image: 'Flux recommends that tenants read images through repositories of their own namespaces.',
  events: 'Flux recommends that a tenant hears of the events of its own namespaces only.',
  webhook: 'Flux recommends that webhooks of a tenant reach objects of its own namespaces only.',
  dependency: '',
  rbac: '',
};

/** What a refused reference looks like to whoever wrote it. */
const BLOCKED: Readonly<Record<ForeignReference['use'], string>> = {
  source: 'The object is stalled (AccessDenied) after a single error event, and will not be reconciled.',
  chart: 'The release is not reconciled.',
  image: 'The object is not ready (AccessDenied), and its policy is not evaluated.',
  events:
    'Every such event is dropped with a warning event (cross-namespace references have been blocked), and the Alert itself stays as it is.',
  webhook:
    'Every call of the webhook is answered with an error although the Receiver stays ready; resources of its own namespace are still notified.',
  dependency: '',
  rbac: '',
};

/** How the tenant gets a source of its own, with the names of this one. */
function fixesOf({ object, use, kind, name, namespace, field }: ForeignReference): readonly Fix[] {
  const home = object.metadata.namespace ?? '';
  if (use === 'events' || use === 'webhook' || name === undefined || name === '*') return [];
  const source = `${kind ?? 'the source'} ${excerpt(`${namespace}/${name}`)}`;
  return [
    {
      form: 'steps',
      title: `Use a source of ${excerpt(home)}`,
      content: [
        `# 1. Give the tenant a copy of ${source}, with a credential of its own:`,
        `kubectl get ${shellText((kind ?? 'source').toLowerCase())} ${shellText(name)} -n ${shellText(namespace)} -o yaml`,
        `# 2. Create it in the namespace ${excerpt(home)} from the source that creates the namespace.`,
        `# 3. Remove ${excerpt(field)}.namespace from ${excerpt(labelOf(object))} where it is written.`,
      ].join('\n'),
    },
  ];
}
