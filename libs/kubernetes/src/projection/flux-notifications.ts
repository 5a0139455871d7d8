import { credentialShapeOf, type Alert, type Provider } from '#libs/core';
import { defined, Fields } from './fields.js';
import { named } from './flux-references.js';
import { namespacedMetadata } from './metadata.js';
import { hasPath, hasUserInfo, originOf, plainEndpoint } from './urls.js';

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
        ...eventMetadata(spec),
      }),
    };
  };
}

/** Names that people give to credentials. */
const CREDENTIAL_NAME = /passw(or)?d|secret|token|credential|api[-_.]?key|private[-_.]?key/i;

/** The keys of `eventMetadata`, and which of them hold what looks like a credential; the values are never kept. */
function eventMetadata(spec: Fields): Pick<Alert['spec'], 'eventMetadataKeys' | 'suspectMetadataKeys'> {
  const values = spec.textMap('eventMetadata');
  if (values === undefined) {
    return {
      eventMetadataKeys: spec.texts('eventMetadataKeys'),
      suspectMetadataKeys: spec.texts('suspectMetadataKeys'),
    };
  }
  const suspect = Object.entries(values).filter(
    ([key, value]) => credentialShapeOf(value) !== undefined || (CREDENTIAL_NAME.test(key) && value.length >= 8),
  );
  return {
    eventMetadataKeys: Object.keys(values),
    suspectMetadataKeys: suspect.length === 0 ? undefined : suspect.map(([key]) => key),
  };
}

export function projectProvider(version: string): (item: unknown) => Provider {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.needChild('spec');
    const [address, proxy] = [spec.text('address'), spec.text('proxy')];
    return {
      apiVersion: `notification.toolkit.fluxcd.io/${version}`,
      kind: 'Provider',
      metadata: namespacedMetadata(object),
      spec: defined({
        type: spec.text('type'),
        suspend: spec.flag('suspend'),
        address: address === undefined ? undefined : originOf(address),
        addressHasPath: (address !== undefined && hasPath(address)) || spec.flag('addressHasPath') || undefined,
        addressHadUserInfo:
          (address !== undefined && hasUserInfo(address)) || spec.flag('addressHadUserInfo') || undefined,
        proxy: proxy === undefined ? undefined : plainEndpoint(proxy),
        serviceAccountName: spec.text('serviceAccountName'),
        channel: spec.text('channel'),
        secretRef: named(spec.child('secretRef')),
        certSecretRef: named(spec.child('certSecretRef')),
        proxySecretRef: named(spec.child('proxySecretRef')),
      }),
    };
  };
}
