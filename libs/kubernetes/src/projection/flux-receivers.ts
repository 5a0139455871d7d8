import type { Condition, JsonObject, Receiver } from '#libs/core';
import { defined, Fields } from './fields.js';
import { commonStatus, crossNamespaceReference, named } from './flux-references.js';
import { namespacedMetadata } from './metadata.js';

/** A Receiver. Its webhook path is what authenticates many senders, so it is never kept, not even in messages. */
export function projectReceiver(version: string): (item: unknown) => Receiver {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.needChild('spec');
    const status = object.child('status');
    return defined({
      apiVersion: `notification.toolkit.fluxcd.io/${version}`,
      kind: 'Receiver',
      metadata: namespacedMetadata(object),
      spec: defined({
        type: spec.text('type'),
        suspend: spec.flag('suspend'),
        events: spec.texts('events'),
        secretRef: named(spec.child('secretRef')),
        resources: spec.children('resources')?.map((resource) =>
          defined({
            ...crossNamespaceReference(resource),
            // An empty map matches everything, so it must not turn into an absent one.
            matchLabels: resource.has('matchLabels') ? (resource.textMap('matchLabels') ?? {}) : undefined,
          }),
        ),
        oidc: oidc(spec),
      }),
      status: status && receiverStatus(status),
    });
  };
}

function oidc(spec: Fields): JsonObject | undefined {
  const oidcProviders = spec.jsonList('oidcProviders');
  // Projected JSON holds nothing that JSON does not.
  if (oidcProviders) return { oidcProviders } as JsonObject;
  return spec.json('oidc') as JsonObject | undefined;
}

function receiverStatus(status: Fields): NonNullable<Receiver['status']> {
  const path = status.text('webhookPath') ?? status.text('url') ?? '';
  const { observedGeneration, conditions } = commonStatus(status);
  return defined({
    observedGeneration,
    conditions: conditions?.map(withoutWebhookPath),
    hasWebhookPath: path !== '' || status.flag('hasWebhookPath') || undefined,
  });
}

/** The Ready message of a Receiver repeats its webhook path: `/hook/` and a SHA-256. */
function withoutWebhookPath(condition: Condition): Condition {
  if (condition.message === undefined) return condition;
  return { ...condition, message: condition.message.replaceAll(/\/hook\/[^\s"']*/g, '/hook/…') };
}
