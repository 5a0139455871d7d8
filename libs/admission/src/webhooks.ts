import { derived, type Webhook, type WebhookConfiguration } from '#libs/core';
import { conditionsHold, policyScope } from './native/cel-rules.js';
import { allOf, type Match, matchesResources } from './native/match-resources.js';
import { type Effect, gap, REFUSES } from './rule.js';
import type { Situation } from './situation.js';
import { FALSE, TRUE, type Value } from './values.js';

/** Whose webhook it is, by its name, which the engines choose themselves. */
const NAMES = { Kyverno: /kyverno/i, Gatekeeper: /gatekeeper/i } as const;

/**
 * Whether the API server hands the request to a policy engine, and refuses it while the engine does not answer. A policy
 * of an engine that is not installed any more stays in the cluster and does nothing.
 */
export function handedTo(
  engine: keyof typeof NAMES,
  configurations: readonly WebhookConfiguration[] | undefined,
  situation: Situation,
): Effect {
  if (!configurations) return gap('notWired', 'the webhooks that would hand requests to its engine were not read');
  const taken = validatingWebhooks(configurations)[engine].map((webhook) => ({
    webhook,
    match: taking(webhook, situation),
  }));
  const sure = taken.filter(({ match }) => match === 'yes').map(({ webhook }) => webhook);
  // `Fail` is the default of admissionregistration.k8s.io/v1.
  if (sure.some(({ failurePolicy }) => failurePolicy !== 'Ignore')) return REFUSES;
  if (sure.length > 0) return gap('failsOpen', `the webhook of ${engine} has failurePolicy Ignore`);
  const open = taken.find(({ match }) => match !== 'no');
  if (open) return gap('notWired', `the webhook ${open.webhook.name} takes such requests under conditions only`);
  return gap('notWired', `no validating webhook hands such requests to ${engine}`);
}

const validatingWebhooks = derived((configurations: readonly WebhookConfiguration[]) => {
  const all = configurations
    .filter(({ kind }) => kind === 'ValidatingWebhookConfiguration')
    .flatMap(({ webhooks }) => webhooks);
  const of = (engine: keyof typeof NAMES): readonly Webhook[] => all.filter(({ name }) => NAMES[engine].test(name));
  return { Kyverno: of('Kyverno'), Gatekeeper: of('Gatekeeper') };
});

function taking(webhook: Webhook, situation: Situation): Match {
  const { rules, namespaceSelector, objectSelector, matchPolicy, matchConditions } = webhook;
  if (rules.length === 0) return 'no';
  const resources = matchesResources(
    {
      resourceRules: rules,
      ...(namespaceSelector && { namespaceSelector }),
      ...(objectSelector && { objectSelector }),
      ...(matchPolicy !== undefined && { matchPolicy }),
    },
    situation.target,
    situation.operation,
    situation.namespace,
  );
  if (!matchConditions?.length || resources === 'no') return resources;
  return allOf([resources, asMatch(conditionsHold(matchConditions, policyScope(situation)))]);
}

function asMatch(value: Value): Match {
  if (value === TRUE) return 'yes';
  if (value === FALSE) return 'no';
  return value.type === 'choice' ? 'maybe' : 'opaque';
}
