import { type Evidence, type Observation, fail, notEvaluated, objectReference, warn } from '#libs/core';
import type { NativeEffect } from '#libs/netpol';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';
import type { FluxEndpoint } from './flux-endpoints.js';

export const SERVES = {
  artifacts: 'serves the artifacts of all tenants',
  events: 'takes events',
  receivers: 'takes webhooks',
  metrics: 'serves metrics and profiles',
} as const;
export const WHY = {
  artifacts: 'It does not ask who fetches them, so whoever can connect can read what other tenants deploy.',
  events: 'It does not ask who sends them, so alerts and commit statuses can no longer be trusted.',
} as const;
/** A port that only pods of its own namespace should reach. */
export type Guarded = FluxEndpoint & { readonly use: 'artifacts' | 'events' };
export const isGuarded = (endpoint: FluxEndpoint): endpoint is Guarded =>
  endpoint.use === 'artifacts' || endpoint.use === 'events';

export const titleOf = ({ instance: { component, namespace, owner }, port, use }: FluxEndpoint): string =>
  `Port ${port} of ${component} ${namespace}/${owner.name}, which ${SERVES[use]},`;

export const subjectOf = ({ instance, use }: FluxEndpoint) => subjectOfInstance(instance, use);

function effectEvidence({ policy, pointer, observed }: NativeEffect): Evidence {
  return { object: objectReference(policy), pointer, observed, expected: 'nothing that opens this port to others' };
}

const policyOf = ({ policy: { kind, metadata } }: NativeEffect): string =>
  `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;

export function openedBy(endpoint: Guarded, effect: NativeEffect): Observation {
  const message = `${titleOf(endpoint)} can be reached from outside its namespace: ${policyOf(effect)} lets others in, beside the network policies. ${WHY[endpoint.use]} Limit the rule to other ports or to pods of the namespace.`;
  return fail(subjectOf(endpoint), 'NATIVE_POLICY_OPENS', message, {
    evidence: [effectEvidence(effect)],
    confidence: 'derived',
  });
}

export function overridden(endpoint: Guarded, effect: NativeEffect): Observation {
  const message = `${titleOf(endpoint)} is closed by network policies, but ${policyOf(effect)} allows traffic before they are asked. Whether the port is open cannot be told from the objects alone. Limit the rule, or test the port from another namespace.`;
  return warn(subjectOf(endpoint), 'ADMIN_POLICY_ALLOWS', message, {
    severity: 'medium',
    confidence: 'derived',
    evidence: [effectEvidence(effect)],
  });
}

export function doubtful(endpoint: Guarded, effect: NativeEffect): Observation {
  const message = `Whether ${titleOf(endpoint).replace(/^P/, 'p')} is closed cannot be told: ${policyOf(effect)} may concern it and says something that Plimsoll does not read. Test the port from another namespace, or write the rule as a NetworkPolicy.`;
  return notEvaluated(subjectOf(endpoint), 'undecidable', 'NATIVE_POLICY_UNCLEAR', message, {
    confidence: 'derived',
    evidence: [effectEvidence(effect)],
  });
}
