import type { Alert, Provider } from '#libs/core';
import { defined, Fields } from './fields.js';
import { named } from './flux-references.js';
import { namespacedMetadata } from './metadata.js';
import { originOf } from './urls.js';

export function projectAlert(version: string): (item: unknown) => Alert {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.needChild('spec');
    return {
      apiVersion: `notification.toolkit.fluxcd.io/${version}`,
      kind: 'Alert',
      metadata: namespacedMetadata(object),
      spec: defined({
        suspend: spec.flag('suspend'),
        providerRef: named(spec.child('providerRef')),
        eventSeverity: spec.text('eventSeverity'),
        eventSources: spec.children('eventSources')?.map((source) =>
          defined({
            kind: source.needText('kind'),
            name: source.needText('name'),
            namespace: source.text('namespace'),
            // An empty map matches everything, so it must not turn into an absent one.
            matchLabels: source.has('matchLabels') ? (source.textMap('matchLabels') ?? {}) : undefined,
          }),
        ),
        inclusionList: spec.texts('inclusionList'),
        exclusionList: spec.texts('exclusionList'),
      }),
    };
  };
}

export function projectProvider(version: string): (item: unknown) => Provider {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.needChild('spec');
    const address = spec.text('address');
    return {
      apiVersion: `notification.toolkit.fluxcd.io/${version}`,
      kind: 'Provider',
      metadata: namespacedMetadata(object),
      spec: defined({
        type: spec.text('type'),
        suspend: spec.flag('suspend'),
        address: address === undefined ? undefined : originOf(address),
        channel: spec.text('channel'),
        secretRef: named(spec.child('secretRef')),
        certSecretRef: named(spec.child('certSecretRef')),
        proxySecretRef: named(spec.child('proxySecretRef')),
      }),
    };
  };
}
