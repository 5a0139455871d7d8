import type { HelmRelease, Kustomization } from '#libs/core';
import { defined, Fields } from './fields.js';
import { commonStatus, crossNamespaceReference, dependency, kubeConfig, named, reference } from './flux-references.js';
import { namespacedMetadata } from './metadata.js';

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
