import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { planProbes } from '#libs/controls';
import type { Probe } from '#libs/core';
import { SHARED, controller, namespace } from '../support/flux-installation.js';
import { DEMANDS_ACCOUNT, clusterPolicy, kyvernoWebhook, nativePolicy } from '../support/admission-policies.js';
import { fluxOn, node, runtimeClass } from '../support/node-objects.js';
import { bindEverywhere, clusterRole, group, rule } from '../support/rbac-objects.js';
import { snapshotOf } from '../support/snapshot-of.js';
import type { Manifest } from './admin-client.js';
import { installCrds } from './crds.js';
import { type Lab, type RunningCluster, startLab } from './lab.js';

const shared = inject('lab');
const TAINT = { key: 'role', value: 'flux', effect: 'NoSchedule' };
const AT_HOME = (source: string) =>
  `!has(${source}.namespace) || ${source}.namespace == '' || ${source}.namespace == request.namespace`;

/** Everything that is tried with objects of tenants, as planned for a cluster with policies about all of it. */
function planned(): readonly Probe[] {
  const tenants = SHARED.tenants.map((tenant) => ({ ...tenant, principals: { groups: ['tenants'] } }));
  const objects = [
    namespace('team-a'),
    namespace('team-b'),
    clusterRole('all', [rule('*', '*', '*')]),
    bindEverywhere('all', group('tenants')),
    node('flux', { taints: [TAINT] }),
    fluxOn('flux'),
    runtimeClass('gvisor', 'runsc'),
    ...controller('helm-controller', []),
    clusterPolicy(['Kustomization', 'HelmRelease'], DEMANDS_ACCOUNT),
    kyvernoWebhook(),
    ...nativePolicy(AT_HOME('object.spec.sourceRef'), ['kustomizations'], { name: 'sources' }),
    ...nativePolicy(
      `(!has(object.spec.chart) || ${AT_HOME('object.spec.chart.spec.sourceRef')}) && (!has(object.spec.chartRef) || ${AT_HOME('object.spec.chartRef')})`,
      ['helmreleases'],
      { name: 'charts' },
    ),
    ...nativePolicy('!has(object.spec.decryption) || has(object.spec.decryption.secretRef)', ['kustomizations'], {
      name: 'keys',
    }),
  ];
  return planProbes(snapshotOf(objects, { registration: { ...SHARED, tenants } }).artifacts).filter(
    ({ target }) => target.namespace === 'team-a',
  );
}

describe.skipIf(!shared?.crdFolder)('what is tried in the name of tenants [needs lab]', () => {
  let lab: Lab;
  let cluster: RunningCluster;

  beforeAll(async () => {
    if (!shared?.crdFolder) return;
    lab = await startLab({ programs: shared.programs, clusters: [{ name: 'plain', controllerManager: false }] });
    cluster = lab.cluster('plain');
    await installCrds(cluster.admin, shared.crdFolder);
    const objects: readonly Manifest[] = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'team-a' } },
      { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'gvisor' }, handler: 'runsc' },
    ];
    for (const object of objects) await cluster.admin.apply(object);
  });
  afterAll(() => lab?.stop());

  it('is well-formed, so that nothing but admission refuses it', async () => {
    const probes = planned();
    expect(new Set(probes.map(({ control }) => control))).toEqual(
      new Set(['FLUX-KEK-02', 'FLUX-MT-01', 'FLUX-MT-02', 'FLUX-NODE-02', 'FLUX-NODE-03', 'FLUX-NODE-04', 'FLUX-X-21']),
    );
    const refused: unknown[] = [];
    for (const { key, target, body } of probes) {
      const { group: of, version, namespace: place = '', resource } = target;
      const root = of === '' ? '/api/v1' : `/apis/${of}/${version}`;
      const path = `${root}/namespaces/${place}/${resource}?dryRun=All&fieldValidation=Strict`;
      const { status, text } = await cluster.admin.request('POST', path, body);
      if (status !== 201) refused.push([key, status, text]);
    }
    expect(refused).toEqual([]);
    expect(probes.length).toBeGreaterThan(20);
  });
});
