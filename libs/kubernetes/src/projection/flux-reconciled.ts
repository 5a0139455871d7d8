import type { HelmRelease, Kustomization } from '#libs/core';
import { defined, Fields, filled } from './fields.js';
import {
  commonStatus,
  crossNamespaceReference,
  dependency,
  inventory,
  kubeConfig,
  named,
  reference,
  valuesReference,
  verification,
} from './flux-references.js';
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
        postBuild: postBuild(spec.child('postBuild')),
        healthChecks: spec.children('healthChecks')?.map(crossNamespaceReference),
        force: spec.flag('force'),
        commonLabels: spec.child('commonMetadata')?.textMap('labels') ?? spec.textMap('commonLabels'),
      }),
      status: status && kustomizationStatus(status),
    });
  };
}

/** What is substituted is never kept; a recorded object says `hasSubstitute` in its place. */
function postBuild(fields: Fields | undefined): Kustomization['spec']['postBuild'] {
  const substitute = fields?.child('substitute')?.keys() ?? [];
  return (
    fields &&
    defined({
      substituteFrom: fields.children('substituteFrom')?.map(valuesReference),
      substituteStrategy: fields.text('substituteStrategy'),
      hasSubstitute: substitute.length > 0 || fields.flag('hasSubstitute') || undefined,
    })
  );
}

function kustomizationStatus(status: Fields): NonNullable<Kustomization['status']> {
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
    inventory: inventory(status),
  });
}

export function projectHelmRelease(version: string): (item: unknown) => HelmRelease {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.needChild('spec');
    const status = object.child('status');
    const template = spec.child('chart');
    const chart = template?.needChild('spec');
    const [install, upgrade] = [spec.child('install'), spec.child('upgrade')];
    const chartLabels = template?.child('metadata')?.textMap('labels');
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
        chart:
          chart &&
          defined({
            spec: defined({
              chart: chart.text('chart'),
              version: chart.text('version'),
              sourceRef: crossNamespaceReference(chart.needChild('sourceRef')),
              verify: verification(chart.child('verify')),
            }),
            metadata: chartLabels && { labels: chartLabels },
          }),
        chartRef: reference(spec.child('chartRef')),
        dependsOn: spec.children('dependsOn')?.map(dependency),
        kubeConfig: kubeConfig(spec.child('kubeConfig')),
        valuesFrom: spec.children('valuesFrom')?.map(valuesReference),
        install: install && filled(chartOptions(install)),
        upgrade: upgrade && filled({ ...chartOptions(upgrade), force: upgrade.flag('force') }),
        driftDetection: filled({ mode: spec.child('driftDetection')?.text('mode') }),
      }),
      status:
        status &&
        defined({
          ...commonStatus(status),
          inventory: inventory(status),
          helmChart: status.text('helmChart'),
          lastAttemptedRevision: status.text('lastAttemptedRevision'),
          lastAttemptedRevisionDigest: status.text('lastAttemptedRevisionDigest'),
          lastHandledReconcileAt: status.text('lastHandledReconcileAt'),
        }),
    });
  };
}

function chartOptions(fields: Fields) {
  return {
    crds: fields.text('crds'),
    disableOpenAPIValidation: fields.flag('disableOpenAPIValidation'),
  };
}
