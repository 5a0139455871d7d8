import { describe, expect, it } from 'vitest';
import { type Artifacts, type Collected, unavailable } from '#libs/core';
import { type ControllerOptions, controller, fluxObject } from '../../../../test/support/flux-installation.js';
import { snapshotOf } from '../../../../test/support/snapshot-of.js';
import { type ControllerInstance, discoverControllers } from './discover-controllers.js';
import { type InstallArtifacts, installMethodOf } from './install-method.js';

function valueOf<T>(artifact: Collected<T>): T {
  if (artifact.state !== 'collected') throw new Error('not collected');
  return artifact.value;
}

function installed(objects: readonly object[], options: ControllerOptions = {}, more: Partial<InstallArtifacts> = {}) {
  const { artifacts } = snapshotOf([...controller('kustomize-controller', [], options), ...objects]);
  const [instance] = discoverControllers({
    deployments: valueOf(artifacts.deployments),
    pods: valueOf(artifacts.pods),
  });
  return installMethodOf(instance as ControllerInstance, { ...artifacts, ...more });
}

const fluxInstance = (namespace: string): object => ({
  apiVersion: 'fluxcd.controlplane.io/v1',
  kind: 'FluxInstance',
  metadata: { name: 'flux', namespace },
});
const inventory = (id: string) => ({ status: { inventory: { entries: [{ id, v: 'v1' }] } } });
const root = fluxObject(
  'Kustomization',
  'flux-system/flux-system',
  { path: './clusters/prod/', sourceRef: { kind: 'GitRepository', name: 'flux-system' } },
  inventory('flux-system_kustomize-controller_apps_Deployment'),
);

describe('how Flux was installed', () => {
  it.each<[string, readonly object[], ControllerOptions, object]>([
    [
      'a FluxInstance in its namespace',
      [fluxInstance('flux-system')],
      {},
      { method: 'fluxOperator', instance: { name: 'flux', namespace: 'flux-system' } },
    ],
    ['a FluxInstance elsewhere', [fluxInstance('other')], {}, { method: 'unknown' }],
    [
      'the label of the operator',
      [],
      { labels: { 'app.kubernetes.io/managed-by': 'flux-operator' } },
      { method: 'fluxOperator' },
    ],
    [
      'the chart',
      [],
      { labels: { 'helm.sh/chart': 'flux2-2.18.3' }, annotations: { 'meta.helm.sh/release-name': 'flux' } },
      { method: 'helmChart', release: 'flux' },
    ],
    ['another chart', [], { labels: { 'helm.sh/chart': 'flux-1.0.0' } }, { method: 'unknown' }],
    [
      'images of Microsoft',
      [],
      { image: 'mcr.microsoft.com/oss/fluxcd/kustomize-controller:v1.9.4' },
      { method: 'azureExtension' },
    ],
    ['the Operator Lifecycle Manager', [], { labels: { 'olm.owner': 'flux.v2' } }, { method: 'olm' }],
    [
      'a Kustomization that applies it',
      [root],
      {},
      {
        method: 'bootstrap',
        kustomization: { name: 'flux-system', namespace: 'flux-system' },
        source: { kind: 'GitRepository', name: 'flux-system', namespace: 'flux-system' },
        path: './clusters/prod/',
      },
    ],
    ['nothing', [], {}, { method: 'unknown' }],
  ])('%s', (_title, objects, options, expected) => {
    expect(installed(objects, options)).toEqual(expected);
  });

  it('takes an API of Azure for its extension', () => {
    const discovery: Collected<Artifacts['discovery']> = {
      state: 'collected',
      value: { serverVersion: 'v1.33.0', resources: ['clusterconfig.azure.com/v1/fluxconfigs'], stale: [] },
    };
    expect(installed([root], {}, { discovery })).toEqual({ method: 'azureExtension' });
  });

  it('makes do with what is readable', () => {
    const nothing = unavailable('forbidden', 'forbidden');
    expect(installed([root], {}, { kustomizations: nothing, fluxInstances: nothing, discovery: nothing })).toEqual({
      method: 'unknown',
    });
  });
});
