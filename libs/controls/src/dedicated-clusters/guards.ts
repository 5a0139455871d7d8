import type {
  AdmissionPolicy,
  AdmissionPolicyBinding,
  ProbeDenier,
  ProbeResult,
  SelectorObject,
  Webhook,
} from '#libs/core';
import type { TargetArtifacts } from './known-objects.js';

type PolicyDenier = Extract<ProbeDenier, { mechanism: 'validatingAdmissionPolicy' }>;
type Sources = Pick<TargetArtifacts, 'admissionPolicies' | 'webhookConfigurations'>;

/** How far a denial can be relied on. */
export type Reliability =
  | 'closed'
  /** A policy without parameters whose failurePolicy is Ignore: it decides in the API server, and lets pass what it cannot evaluate. */
  | 'ignoresFailures'
  /** Its failurePolicy is Ignore, and something that it needs can be missing. */
  | 'failsOpen'
  /** Every request passes where its parameters are missing, whatever its failurePolicy. */
  | 'opensWithoutParameters'
  /** It is not among what was read. */
  | 'unknown'
  | 'noPolicy';

/** Whether what denied a request would also deny it in trouble. */
export function reliabilityOf(by: ProbeDenier, sources: Sources): Reliability {
  switch (by.mechanism) {
    case 'validatingAdmissionPolicy':
      return reliabilityOfPolicy(by, sources);
    case 'webhook': {
      const webhook = webhookNamed(by.name, sources);
      if (webhook === undefined) return 'unknown';
      return webhook.failurePolicy === 'Ignore' ? 'failsOpen' : 'closed';
    }
    case 'admission':
      return 'closed';
    default:
      return 'noPolicy';
  }
}

/** https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#parameter-resources */
function reliabilityOfPolicy({ name, binding }: PolicyDenier, sources: Sources): Reliability {
  const policy = policyNamed(name, sources);
  if (policy === undefined) return 'unknown';
  if (policy.spec.paramKind !== undefined) {
    const bindings = bindingsOf(policy.metadata.name, sources).filter(
      ({ metadata }) => binding === undefined || metadata.name === binding,
    );
    if (bindings.length === 0) return 'unknown';
    // Deny hands missing parameters to the failurePolicy; all else takes them for a validation that succeeded.
    const passes = bindings.some(({ spec: { paramRef } }) => paramRef && paramRef.parameterNotFoundAction !== 'Deny');
    if (passes) return 'opensWithoutParameters';
  }
  if (policy.spec.failurePolicy !== 'Ignore') return 'closed';
  // Parameters that are missing let every request pass then, whatever the binding says.
  return takesParameters(policy, sources) ? 'failsOpen' : 'ignoresFailures';
}

/** For people. */
export function describeGuard(by: ProbeDenier): string {
  switch (by.mechanism) {
    case 'validatingAdmissionPolicy':
      return `the ValidatingAdmissionPolicy ${by.name}`;
    case 'webhook':
      return `the admission webhook ${by.name}`;
    case 'podSecurity':
      return 'Pod Security Admission';
    case 'quota':
      return 'a quota';
    default:
      return 'an admission plugin of the API server';
  }
}

/** Whether taking labels off an object, or setting some, takes it out of what the guard looks at. */
export function dependsOnLabels(by: ProbeDenier, sources: Sources): boolean {
  if (by.mechanism === 'webhook') {
    const { namespaceSelector, objectSelector } = webhookNamed(by.name, sources) ?? {};
    // What the policies of an engine look at is theirs to know.
    return sources.webhookConfigurations.length > 0 || selects(namespaceSelector) || selects(objectSelector);
  }
  if (by.mechanism !== 'validatingAdmissionPolicy') return false;
  const policy = policyNamed(by.name, sources);
  if (policy === undefined) return true;
  const bindings = bindingsOf(by.name, sources);
  const { matchConstraints, matchConditions = [], variables = [], validations = [] } = policy.spec;
  const expressions = [...matchConditions, ...variables, ...validations].map(({ expression }) => expression);
  const selectors = [matchConstraints, ...bindings.map(({ spec }) => spec.matchResources)];
  return (
    expressions.some((expression) => expression.includes('labels')) ||
    selectors.some((each) => selects(each?.namespaceSelector) || selects(each?.objectSelector))
  );
}

function selects(selector: SelectorObject | undefined): boolean {
  return Object.keys(selector?.matchLabels ?? {}).length > 0 || (selector?.matchExpressions ?? []).length > 0;
}

function policyNamed(name: string, { admissionPolicies }: Sources): AdmissionPolicy | undefined {
  return admissionPolicies.find(
    (each): each is AdmissionPolicy => each.kind === 'ValidatingAdmissionPolicy' && each.metadata.name === name,
  );
}

/** The bindings of a policy. */
export function bindingsOf(name: string, { admissionPolicies }: Sources): readonly AdmissionPolicyBinding[] {
  return admissionPolicies.filter(
    (each): each is AdmissionPolicyBinding =>
      each.kind === 'ValidatingAdmissionPolicyBinding' && 'policyName' in each.spec && each.spec.policyName === name,
  );
}

function takesParameters({ metadata, spec }: AdmissionPolicy, sources: Sources): boolean {
  return spec.paramKind !== undefined || bindingsOf(metadata.name, sources).some(({ spec: { paramRef } }) => paramRef);
}

function webhookNamed(name: string, { webhookConfigurations }: Sources): Webhook | undefined {
  return webhookConfigurations.flatMap(({ webhooks }) => webhooks).find((each) => each.name === name);
}

/** A policy that is enforced says something about changes of Namespaces. */
export function guardsNamespaces(sources: Sources): boolean {
  return sources.admissionPolicies.some((policy) => {
    if (policy.kind !== 'ValidatingAdmissionPolicy' || !('matchConstraints' in policy.spec)) return false;
    const enforced = bindingsOf(policy.metadata.name, sources).some(({ spec }) =>
      spec.validationActions?.includes('Deny'),
    );
    const rules = policy.spec.matchConstraints?.resourceRules ?? [];
    return enforced && rules.some(({ resources }) => resources.includes('namespaces') && !resources.includes('*/*'));
  });
}

/** What denied, in answers that are denials. */
export function denierOf(result: ProbeResult | undefined): ProbeDenier | undefined {
  return result?.verdict.kind === 'denied' ? result.verdict.by : undefined;
}
