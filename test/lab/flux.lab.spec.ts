import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Manifest } from './admin-client.js';
import {
  alertTo,
  configMapYaml,
  connectSpoke,
  readyCondition,
  reconcileNow,
  remoteHelmRelease,
  remoteKustomization,
  untilHandled,
  type AlertPath,
  type RemoteApplyTarget,
} from './fleet.js';
import {
  deadenProvider,
  deleteAlert,
  deleteKubeconfigSecret,
  emptyKubeconfigSecret,
  expireCredential,
  failSource,
  hangCluster,
  killCluster,
  narrowInclusionList,
  renameKubeconfigKey,
  revokeAccess,
  signCredentialWithForeignAuthority,
  spoilProviderSecret,
  suspend,
} from './break.js';
import { startFluxControllers, type RunningFlux } from './flux-controllers.js';
import { installFlux } from './flux-install.js';
import { HttpReceiver } from './http-receiver.js';
import { startLab, type Lab, type RunningCluster } from './lab.js';
import { eventually } from './poll.js';
import { SourceServer } from './source-server.js';

const shared = inject('lab');

/** Own clusters: what happens here would disturb others. */
describe.skipIf(!shared?.flux)('remote apply by the real Flux controllers [needs lab]', () => {
  let lab: Lab;
  let hub: RunningCluster;
  let spoke: RunningCluster;
  let flux: RunningFlux;
  let sources: SourceServer;
  let receiver: HttpReceiver;
  let target: RemoteApplyTarget;

  beforeAll(async () => {
    if (shared === null) return;
    lab = await startLab({
      programs: shared.programs,
      clusters: [{ name: 'hub' }, { name: 'spoke', controllerManager: false }],
    });
    [hub, spoke] = [lab.cluster('hub'), lab.cluster('spoke')];
    // No default account: the hub would impersonate it on the spoke.
    await installFlux(hub, shared.crdFolder, { lockDown: 'none' });
    [flux, sources, receiver] = await Promise.all([
      startFluxControllers(lab.workspace, hub, shared.programs, { fromDeployments: true }),
      SourceServer.start(),
      HttpReceiver.start(),
    ]);
    target = await connectSpoke(hub, spoke);
    await alertTo(hub.admin, target.namespace, 'all', `${receiver.url}/all`);
  });
  afterAll(async () => {
    await flux?.stop();
    await lab?.stop();
    await Promise.all([sources?.stop(), receiver?.stop()]);
  });

  const configMap = (name: string, namespace = 'default'): Manifest => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
  });
  const untilReady = (object: Manifest, status: 'True' | 'False', reason?: RegExp) =>
    eventually(`${object.metadata.name} is Ready=${status} ${reason ?? ''}`, async () => {
      const ready = await readyCondition(hub.admin, object);
      return ready?.status === status && (reason?.test(ready.reason) ?? true) ? ready : undefined;
    });

  it('applies a Kustomization from the hub to the spoke', async () => {
    const kustomization = await remoteKustomization(target, sources, 'apps', {
      'config.yaml': configMapYaml('from-hub', 'default'),
    });
    await untilReady(kustomization, 'True');
    const applied = await spoke.admin.get(configMap('from-hub'));
    expect(applied.metadata.labels).toMatchObject({
      'kustomize.toolkit.fluxcd.io/name': 'apps',
      'kustomize.toolkit.fluxcd.io/namespace': target.namespace,
    });
    expect(await hub.admin.find(configMap('from-hub'))).toBeUndefined();
  });

  it('applies the next commit', async () => {
    const kustomization = await remoteKustomization(target, sources, 'apps', {
      'config.yaml': configMapYaml('from-hub', 'default', { a: '2' }),
    });
    await reconcileNow(hub.admin, kustomization);
    const changed = await eventually('the ConfigMap has changed', async () => {
      const { data } = await spoke.admin.get(configMap('from-hub'));
      return (data as { a: string }).a === '1' ? undefined : data;
    });
    expect(changed).toEqual({ a: '2' });
  });

  it('installs a HelmRelease from the hub on the spoke', async () => {
    const release = await remoteHelmRelease(target, sources, 'web', 'default');
    expect(await untilReady(release, 'True')).toMatchObject({ reason: 'InstallSucceeded' });
    expect(await spoke.admin.find(configMap('web-from-chart'))).toBeDefined();
  });

  it('keeps a Kustomization ready while its source fails, because the old artifact is still there', async () => {
    const kustomization = await remoteKustomization(target, sources, 'source-fails', {
      'config.yaml': configMapYaml('source-fails', 'default'),
    });
    await untilReady(kustomization, 'True');
    await failSource(hub, {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: kustomization.metadata,
    });
    await untilHandled(hub.admin, kustomization, await reconcileNow(hub.admin, kustomization));
    expect(await readyCondition(hub.admin, kustomization)).toMatchObject({ status: 'True' });
  });

  it('reports a revoked access, and the alert reaches its receiver', async () => {
    const kustomization = await remoteKustomization(target, sources, 'revoked', {
      'config.yaml': configMapYaml('revoked', 'default'),
    });
    await untilReady(kustomization, 'True');
    const binding = await spoke.admin.get(target.spokeBinding);
    await revokeAccess(target);
    await reconcileNow(hub.admin, kustomization);
    const ready = await untilReady(kustomization, 'False', /ReconciliationFailed/);
    expect(ready.message).toMatch(/\(Forbidden\)/);
    const { json } = await receiver.waitFor('an alert about the revoked access', ({ body }) =>
      body.includes('revoked'),
    );
    expect(json).toMatchObject({ severity: 'error', involvedObject: { kind: 'Kustomization', name: 'revoked' } });
    const { resourceVersion: _, uid: __, ...metadata } = binding.metadata;
    await spoke.admin.create({ ...binding, metadata: { name: metadata.name } });
    await reconcileNow(hub.admin, kustomization);
    await untilReady(kustomization, 'True');
  });

  /** A Kustomization that has been applied once, so that it fails only by what comes next. */
  const healthyKustomization = async (name: string) => {
    const kustomization = await remoteKustomization(target, sources, name, {
      'c.yaml': configMapYaml(name, 'default'),
    });
    await untilReady(kustomization, 'True');
    return kustomization;
  };
  const repair = async (kustomization: Manifest) => {
    await hub.admin.delete(target.kubeconfigSecret);
    await hub.admin.apply(target.kubeconfigSecret);
    await untilHandled(hub.admin, kustomization, await reconcileNow(hub.admin, kustomization));
    await untilReady(kustomization, 'True');
  };
  const alertsAbout = (name: string, path: string) =>
    receiver.received.filter((request) => request.path === path && request.body.includes(`"name":"${name}"`));

  it.each([
    [
      'deleted',
      deleteKubeconfigSecret,
      /unable to read KubeConfig secret 'spoke\/spoke-kubeconfig' error: .* not found/,
    ],
    ['empty', emptyKubeconfigSecret, /no configuration has been provided/],
    ['renamed-key', renameKubeconfigKey, /does not contain a 'value' .*key/],
    ['expired', expireCredential, /the server has asked for the client to provide credentials/],
    [
      'foreign-authority',
      signCredentialWithForeignAuthority,
      /the server has asked for the client to provide credentials/,
    ],
  ] as const)(
    'reports a kubeconfig Secret that is spoilt: %s, and the alert reaches its receiver',
    async (name, spoil, message) => {
      const kustomization = await healthyKustomization(name);
      await spoil(target);
      await reconcileNow(hub.admin, kustomization);
      expect((await untilReady(kustomization, 'False', /ReconciliationFailed/)).message).toMatch(message);
      await eventually('the alert arrives', () => alertsAbout(name, '/all')[0]);
      await repair(kustomization);
    },
  );

  it.each([
    ['no-alert', ({ alert }: AlertPath) => deleteAlert(hub, alert)],
    ['narrow-list', ({ alert }: AlertPath) => narrowInclusionList(hub, alert, '.*something else.*')],
    ['alert-suspended', ({ alert }: AlertPath) => suspend(hub, alert)],
    ['dead-provider', ({ provider }: AlertPath) => deadenProvider(hub, provider)],
    ['spoilt-provider', ({ provider }: AlertPath) => spoilProviderSecret(hub, provider)],
  ] as const)('an alert path that is broken delivers nothing: %s', async (name, breakPath) => {
    const kustomization = await healthyKustomization(name);
    await breakPath(await alertTo(hub.admin, target.namespace, name, `${receiver.url}/${name}`));
    await emptyKubeconfigSecret(target);
    await reconcileNow(hub.admin, kustomization);
    await eventually('the alert arrives by the other path', () => alertsAbout(name, '/all')[0]);
    // The repair takes another round through the controllers: time enough for an alert that should not come.
    await repair(kustomization);
    expect(alertsAbout(name, `/${name}`)).toEqual([]);
  });

  it('freezes, kills and restarts the spoke', async () => {
    hangCluster(spoke);
    const answer = spoke.admin.request('GET', '/version').then(() => 'answered');
    const first = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 500, 'silent'))]);
    expect(first).toBe('silent');
    spoke.resume();
    expect(await answer).toBe('answered');
    await killCluster(spoke);
    await expect(spoke.admin.request('GET', '/version')).rejects.toThrow(/ECONNREFUSED|other side|socket/);
    await spoke.restart();
    expect(await spoke.admin.find(configMap('from-hub'))).toBeDefined();
  });
});
