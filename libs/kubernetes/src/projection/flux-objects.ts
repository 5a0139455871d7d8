import type {
  Alert,
  CrossNamespaceReference,
  DependencyReference,
  HelmRelease,
  KubeConfigReference,
  Kustomization,
  Provider,
  Source,
  SourceKind,
} from '#libs/core';
import { defined, Fields } from './fields.js';
import { conditions, namespacedMetadata } from './metadata.js';
import { originOf, plainUrl } from './urls.js';

/** Flux keeps five. */
const HISTORY = 10;

export function projectKustomization(version: string): (item: unknown) => Kustomization {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.needChild('spec');
    const status = object.child('status');
    const decryption = spec.child('decryption');
    return defined({
      apiVersion: `kustomize.toolkit.fluxcd.io/${version}`,
      kind: 'Kustomization',
      metadata: namespacedMetadata(object, { managedFields: true }),
      spec: defined({
        interval: spec.text('interval'),
        retryInterval: spec.text('retryInterval'),
        timeout: spec.text('timeout'),
        path: spec.text('path'),
        suspend: spec.flag('suspend'),
        prune: spec.flag('prune'),
        wait: spec.flag('wait'),
        serviceAccountName: spec.text('serviceAccountName'),
        targetNamespace: spec.text('targetNamespace'),
        sourceRef: reference(spec.child('sourceRef')),
        dependsOn: spec.children('dependsOn')?.map(dependency),
        kubeConfig: kubeConfig(spec.child('kubeConfig')),
        decryption:
          decryption &&
          defined({
            provider: decryption.text('provider'),
            secretRef: named(decryption.child('secretRef')),
            serviceAccountName: decryption.text('serviceAccountName'),
          }),
      }),
      status: status && kustomizationStatus(status),
    });
  };
}

function kustomizationStatus(status: Fields): NonNullable<Kustomization['status']> {
  const entries = status.child('inventory')?.children('entries');
  return defined({
    ...commonStatus(status),
    lastAppliedRevision: status.text('lastAppliedRevision'),
    lastAttemptedRevision: status.text('lastAttemptedRevision'),
    lastHandledReconcileAt: status.text('lastHandledReconcileAt'),
    history: status
      .children('history')
      ?.slice(0, HISTORY)
      .map((entry) =>
        defined({
          lastReconciled: entry.text('lastReconciled'),
          lastReconciledStatus: entry.text('lastReconciledStatus'),
        }),
      ),
    inventory: entries && { entries: entries.flatMap(inventoryEntry) },
  });
}

/** Inventories hold thousands of ids; those of Deployments tell which Kustomization manages Flux itself. */
function inventoryEntry(fields: Fields): { id: string; v?: string }[] {
  const id = fields.needText('id');
  return id.endsWith('_apps_Deployment') ? [defined({ id, v: fields.text('v') })] : [];
}

export function projectHelmRelease(version: string): (item: unknown) => HelmRelease {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.needChild('spec');
    const status = object.child('status');
    const chart = spec.child('chart')?.needChild('spec');
    return defined({
      apiVersion: `helm.toolkit.fluxcd.io/${version}`,
      kind: 'HelmRelease',
      metadata: namespacedMetadata(object, { managedFields: true }),
      spec: defined({
        interval: spec.text('interval'),
        timeout: spec.text('timeout'),
        suspend: spec.flag('suspend'),
        serviceAccountName: spec.text('serviceAccountName'),
        targetNamespace: spec.text('targetNamespace'),
        storageNamespace: spec.text('storageNamespace'),
        releaseName: spec.text('releaseName'),
        chart: chart && {
          spec: defined({
            chart: chart.text('chart'),
            version: chart.text('version'),
            sourceRef: crossNamespaceReference(chart.needChild('sourceRef')),
          }),
        },
        chartRef: reference(spec.child('chartRef')),
        dependsOn: spec.children('dependsOn')?.map(dependency),
        kubeConfig: kubeConfig(spec.child('kubeConfig')),
      }),
      status:
        status &&
        defined({
          ...commonStatus(status),
          helmChart: status.text('helmChart'),
          lastAttemptedRevision: status.text('lastAttemptedRevision'),
          lastAttemptedRevisionDigest: status.text('lastAttemptedRevisionDigest'),
          lastHandledReconcileAt: status.text('lastHandledReconcileAt'),
        }),
    });
  };
}

export function projectSource(kind: SourceKind, version: string): (item: unknown) => Source {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.child('spec') ?? Fields.of({});
    const status = object.child('status');
    const url = spec.text('url');
    return defined({
      apiVersion: `source.toolkit.fluxcd.io/${version}`,
      kind,
      metadata: namespacedMetadata(object),
      spec: defined({
        interval: spec.text('interval'),
        timeout: spec.text('timeout'),
        suspend: spec.flag('suspend'),
        url: url === undefined ? undefined : plainUrl(url),
        type: spec.text('type'),
        provider: spec.text('provider'),
        serviceAccountName: spec.text('serviceAccountName'),
        ref: spec.textMap('ref'),
        sourceRef: reference(spec.child('sourceRef')),
      }),
      status: status && sourceStatus(status),
    });
  };
}

function sourceStatus(status: Fields): NonNullable<Source['status']> {
  const artifact = status.child('artifact');
  return defined({
    ...commonStatus(status),
    artifact:
      artifact &&
      defined({
        revision: artifact.text('revision'),
        digest: artifact.text('digest'),
        lastUpdateTime: artifact.text('lastUpdateTime'),
      }),
  });
}

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

function commonStatus(status: Fields) {
  return { observedGeneration: status.count('observedGeneration'), conditions: conditions(status) };
}

function named(fields: Fields | undefined): { name: string } | undefined {
  return fields && { name: fields.needText('name') };
}

function kubeConfig(fields: Fields | undefined): KubeConfigReference | undefined {
  const secret = fields?.child('secretRef');
  return (
    fields &&
    defined({
      secretRef: secret && defined({ name: secret.needText('name'), key: secret.text('key') }),
      configMapRef: named(fields.child('configMapRef')),
    })
  );
}

function reference(fields: Fields | undefined): CrossNamespaceReference | undefined {
  return fields && crossNamespaceReference(fields);
}

function crossNamespaceReference(fields: Fields): CrossNamespaceReference {
  return defined({
    apiVersion: fields.text('apiVersion'),
    kind: fields.needText('kind'),
    name: fields.needText('name'),
    namespace: fields.text('namespace'),
  });
}

function dependency(fields: Fields): DependencyReference {
  return defined({
    name: fields.needText('name'),
    namespace: fields.text('namespace'),
    readyExpr: fields.text('readyExpr'),
  });
}
