import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ArtifactName } from '#libs/core';
import { discoverControllers } from '#libs/flux';
import { ClusterClient, collectSnapshot, parseKubeconfig } from '#libs/kubernetes';
import { EgressPolicy } from '#libs/platform';
import {
  FLUX_OPERATOR_RESOURCES,
  FLUX_RESOURCES,
  fluxObjects,
  SimulatedCluster,
  SimulatedServer,
  kubeconfigText,
  type FluxInstallationOptions,
} from '#libs/simulator';
import { KUSTOMIZATION, configMapYaml, readyCondition, reconcileNow } from './fleet.js';
import { startFluxControllers } from './flux-controllers.js';
import { installFlux, runPodsOf } from './flux-install.js';
import { createAuditor } from './identities.js';
import { startLab, type Lab } from './lab.js';
import { eventually } from './poll.js';
import { SourceServer } from './source-server.js';

const shared = inject('lab');
const egress = new EgressPolicy({ allowCidrs: ['127.0.0.0/8'], allowPorts: [] });
const needs: readonly ArtifactName[] = ['discovery', 'deployments', 'pods', 'fluxInstances'];

const LAYOUTS: readonly (readonly [string, FluxInstallationOptions])[] = [
  ['as flux install leaves it', { namespace: 'layout-default' }],
  ['without lock-down', { namespace: 'layout-open', lockDown: 'none' }],
  ['sharded', { namespace: 'layout-sharded', shards: ['shard1', 'shard2'] }],
  ['all controllers in one pod', { namespace: 'layout-one-pod', allInOne: true }],
  ['from another registry', { namespace: 'layout-mirror', registry: 'registry.example.com:5000/mirror/fluxcd' }],
  ['an older release', { namespace: 'layout-old', release: 'v2.6.4', lockDown: 'multiTenancy' }],
  ['by the Flux Operator', { namespace: 'layout-operator', fluxOperator: true }],
];

/** What an audit finds of Flux in the namespace. */
async function foundControllers(kubeconfig: string, namespace: string) {
  const client = await ClusterClient.open(parseKubeconfig(kubeconfig), {
    egress,
    userAgent: 'plimsoll/test',
    budget: { qps: 1000, burst: 1000 },
  });
  try {
    const options = { name: 'c', registration: { name: 'c' }, sightings: { firstSeen: {} }, needs };
    const { deployments, pods, fluxInstances } = (await collectSnapshot(client, options)).artifacts;
    if (deployments.state !== 'collected' || pods.state !== 'collected' || fluxInstances.state !== 'collected')
      throw new Error('The workloads could not be read.');
    const instances = discoverControllers({ deployments: deployments.value, pods: pods.value });
    return {
      instances: instances
        .filter((instance) => instance.namespace === namespace)
        .map(({ component, owner, container, pods, rollingOut, deployment }) => ({
          component,
          owner,
          container,
          pods: pods.length,
          rollingOut,
          labels: deployment?.metadata.labels,
          containers: deployment?.spec.template.spec.containers.map(({ image, args }) => ({ image, args })),
        })),
      fluxInstances: fluxInstances.value.filter(({ metadata }) => metadata.namespace === namespace).length,
    };
  } finally {
    await client.close();
  }
}

describe.skipIf(!shared?.flux)('installing Flux [needs lab]', () => {
  let lab: Lab;
  const kubeconfigs = new Map<string, string>();

  beforeAll(async () => {
    if (shared === null) return;
    const { programs, crdFolder } = shared;
    lab = await startLab({ programs, clusters: [{ name: 'managed' }, { name: 'bare', controllerManager: false }] });
    for (const cluster of lab.clusters) {
      const token = await createAuditor(cluster.admin);
      kubeconfigs.set(cluster.name, await cluster.kubeconfig({ token }));
      for (const [index, [, options]] of LAYOUTS.entries())
        await installFlux(cluster, index === 0 ? crdFolder : null, options);
    }
  });
  afterAll(() => lab?.stop());

  describe.each(['managed', 'bare'])('on a cluster that is %s by a controller manager', (name) => {
    it.each(LAYOUTS)('%s: an audit finds what it finds in the simulated cluster', async (_, options) => {
      const simulated = new SimulatedCluster({
        name: 'simulated',
        resources: [...FLUX_RESOURCES, ...FLUX_OPERATOR_RESOURCES],
        objects: fluxObjects(options),
      });
      const server = await SimulatedServer.start({ clusters: simulated });
      const { token } = simulated.user;
      const text = kubeconfigText({
        clusterName: 's',
        server: server.urlOf(simulated),
        caPem: server.caPem,
        credential: { token },
      });
      const namespace = options.namespace ?? '';
      const [real, expected] = await Promise.all([
        foundControllers(kubeconfigs.get(name) ?? '', namespace),
        foundControllers(text, namespace),
      ]);
      await server.close();
      expect(real).toEqual(expected);
      expect(real.instances.length).toBe(options.shards === undefined ? 4 : 8);
      expect(real.instances.every(({ pods, rollingOut }) => pods === 1 && !rollingOut)).toBe(true);
    });
  });

  it('the flags in the Deployment are what runs', async () => {
    if (shared === null) throw new Error('There is no lab.');
    const { programs } = shared;
    const cluster = lab.cluster('managed');
    const { admin } = cluster;
    await installFlux(cluster, null, { lockDown: 'multiTenancy' });
    const sources = await SourceServer.start();
    for (const namespace of ['platform', 'team-a'])
      await admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await sources.publishGit(
      admin,
      { namespace: 'platform', name: 'apps' },
      { 'c.yaml': configMapYaml('across', 'team-a') },
    );
    const object = {
      apiVersion: KUSTOMIZATION,
      kind: 'Kustomization',
      metadata: { namespace: 'team-a', name: 'across' },
      spec: {
        interval: '1m',
        path: './',
        prune: true,
        serviceAccountName: 'kustomize-controller',
        sourceRef: { kind: 'GitRepository', name: 'apps', namespace: 'platform' },
      },
    };
    await admin.apply(object);
    const untilReason = (pattern: RegExp) =>
      eventually(`the Kustomization says ${pattern}`, async () => {
        const ready = await readyCondition(admin, object);
        return pattern.test(ready?.reason ?? '') ? ready : undefined;
      });
    const start = () =>
      startFluxControllers(lab.workspace, cluster, programs, {
        components: ['kustomize-controller', 'notification-controller'],
        fromDeployments: true,
      });

    let flux = await start();
    expect((await untilReason(/AccessDenied/)).message).toContain('cross-namespace references have been blocked');
    await flux.stop();

    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace: 'flux-system', name: 'kustomize-controller' },
    };
    const { spec } = await admin.get(deployment);
    const [container] = (spec as { template: { spec: { containers: { args: string[] }[] } } }).template.spec.containers;
    const args = container?.args.filter((arg) => !arg.startsWith('--no-cross-namespace-refs'));
    await admin.patch(deployment, { spec: { template: { spec: { containers: [{ ...container, args }] } } } });
    await runPodsOf(admin, deployment);
    flux = await start();
    await reconcileNow(admin, object);
    // The account has no rights in the tenant's namespace, but the reference is followed now.
    expect((await untilReason(/ReconciliationFailed/)).message).toContain(
      'system:serviceaccount:team-a:kustomize-controller',
    );
    await flux.stop();
    await sources.stop();
  });
});
