import {
  type Alert,
  type Collected,
  type Evidence,
  type Observation,
  type Provider,
  type SecretFacts,
  fail,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { type PathAnswer, addressOf, excerpt, isInCluster } from '#libs/flux';
import type { TenantModel } from '../tenants/tenant-model.js';
import { unreadableTenants } from '../tenants/unreadable-tenants.js';

/** What the verdict on one Alert depends on. */
export interface LeakSurroundings {
  readonly model: TenantModel;
  /** notification-controller blocks references to other namespaces, or why that is not known. */
  readonly confined: boolean | PathAnswer | Extract<Collected<unknown>, { state: 'unavailable' }>;
  readonly providerOf: (alert: Alert) => Provider | undefined;
  readonly secretOf: (provider: Provider) => Collected<SecretFacts | null> | undefined;
}

const MAX_EVIDENCE = 10;

/** Whom an Alert tells what. */
export function judgeLeaks(alert: Alert, surroundings: LeakSurroundings): readonly Observation[] {
  const { namespace = '', name } = alert.metadata;
  const label = `Alert ${namespace}/${name}`;
  const found = [
    ...foreignEvents(alert, label, surroundings),
    ...suspectMetadata(alert, label),
    ...infoToOutside(alert, label, surroundings),
  ];
  if (found.length > 0) return found;
  return [
    pass(
      subjectOf(alert),
      'NO_LEAK',
      `${label} tells of its own objects only, adds nothing that looks like a credential, and sends no detail to a webhook outside. There is nothing to do.`,
      { confidence: surroundings.model.confidence },
    ),
  ];
}

function foreignEvents(alert: Alert, label: string, { model, confined }: LeakSurroundings): readonly Observation[] {
  if (alert.spec.suspend === true || confined === true) return [];
  const home = model.tenantOf(alert.metadata.namespace);
  const unreadable = unreadableTenants(model);
  if (unreadable && (alert.spec.eventSources ?? []).some(({ namespace }) => leadsOut(namespace, alert))) {
    const { cause, code, message, missing } = unreadable;
    const what = `It cannot be told whether ${label} receives events of another tenant. ${message}`;
    return [notEvaluated(subjectOf(alert), cause, code, what, { missing })];
  }
  if (!home) return [];
  const evidence: Evidence[] = [];
  const owners = new Set<string>();
  for (const [index, { namespace }] of (alert.spec.eventSources ?? []).entries()) {
    if (!leadsOut(namespace, alert)) continue;
    const owner = model.tenantOf(namespace);
    if (owner === home || (!owner && !model.isPlatform(namespace))) continue;
    owners.add(owner ? `the tenant ${owner.name}` : 'the platform');
    evidence.push({
      object: objectReference(alert),
      pointer: `/spec/eventSources/${index}/namespace`,
      observed: excerpt(namespace, 80),
      expected: `a namespace of the tenant ${home.name}`,
    });
  }
  const [first, ...others] = evidence.slice(0, MAX_EVIDENCE);
  if (!first) return [];
  const subject = subjectOf(alert);
  if (confined !== false) {
    if ('reason' in confined) return [notEvaluatedBecause(subject, confined)];
    const { cause = 'undecidable', code, why, missing = [] } = confined;
    const message = `It cannot be told whether ${label} of the tenant ${home.name} receives events of ${[...owners].join(' and ')}: ${why}. Let the auditor read what is missing.`;
    return [notEvaluated(subject, cause, code, message, { missing })];
  }
  return [
    fail(
      subject,
      'FOREIGN_EVENTS',
      `${label} of the tenant ${home.name} receives events of ${[...owners].toSorted().join(' and ')}. ` +
        'Events tell what is deployed, from where and what fails. Set --no-cross-namespace-refs on notification-controller, or remove these sources.',
      { evidence: [first, ...others], confidence: home.declared ? 'proven' : 'heuristic' },
    ),
  ];
}

function leadsOut(namespace: string | undefined, { metadata }: Alert): namespace is string {
  return namespace !== undefined && namespace !== '' && namespace !== metadata.namespace;
}

function suspectMetadata(alert: Alert, label: string): readonly Observation[] {
  const keys = alert.spec.suspectMetadataKeys ?? [];
  if (keys.length === 0) return [];
  const evidence: Evidence = {
    object: objectReference(alert),
    pointer: '/spec/suspectMetadataKeys',
    observed: keys.slice(0, MAX_EVIDENCE).map((key) => excerpt(key, 60)),
    expected: 'no credential in spec.eventMetadata',
  };
  return [
    fail(
      subjectOf(alert),
      'SECRET_IN_METADATA',
      `${label} adds what looks like a credential to each message, in spec.eventMetadata under ${keys
        .slice(0, 5)
        .map((key) => excerpt(key, 60))
        .join(', ')}. ` +
        'It is sent to the receiver, and stands in an object that many people read. Remove it, and renew the credential; what the receiver needs belongs into the Secret of the Provider.',
      { evidence: [evidence], confidence: 'heuristic' },
    ),
  ];
}

/** Messages of severity info name what was changed; a generic webhook gets the whole event. */
function infoToOutside(
  alert: Alert,
  label: string,
  { providerOf, secretOf }: LeakSurroundings,
): readonly Observation[] {
  if (alert.spec.suspend === true || (alert.spec.eventSeverity ?? 'info') !== 'info') return [];
  const provider = providerOf(alert);
  if (!provider || provider.spec.suspend === true) return [];
  const type = provider.spec.type ?? '';
  if (type !== 'generic' && type !== 'generic-hmac') return [];
  const secret = secretOf(provider);
  if (secret?.state === 'unavailable') return [notEvaluatedBecause(subjectOf(alert), secret)];
  const address = addressOf(provider, secret?.value);
  if (!address || isInCluster(address.origin)) return [];
  const evidence: Evidence = {
    object: objectReference(alert),
    pointer: '/spec/eventSeverity',
    observed: alert.spec.eventSeverity ?? null,
    expected: 'error, or a receiver inside the cluster',
  };
  return [
    warn(
      subjectOf(alert),
      'DETAIL_TO_OUTSIDE',
      `${label} sends every event to ${excerpt(address.origin, 120)}, a webhook outside the cluster. ` +
        'Events of severity info list each object that is changed. Set spec.eventSeverity to error, or send them to a receiver of your own.',
      { severity: 'low', evidence: [evidence] },
    ),
  ];
}
