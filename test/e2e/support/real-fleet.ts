import { parseAllDocuments } from 'yaml';
import type { ServiceRest } from '../../support/service-rest.js';
import type { Manifest } from '../../lab/admin-client.js';
import { attachLab, type AttachedLab, type LabHandle } from '../../lab/attach.js';
import { revokeAccess } from '../../lab/break.js';
import type { LabCluster } from '../../lab/cluster.js';
import {
  configMapYaml,
  connectSpoke,
  readyCondition,
  reconcileNow,
  remoteHelmRelease,
  remoteKustomization,
  type RemoteApplyTarget,
} from '../../lab/fleet.js';
import { startFluxControllers, type RunningFlux } from '../../lab/flux-controllers.js';
import { installFlux, runPodsOf } from '../../lab/flux-install.js';
import { requestToken } from '../../lab/identities.js';
import { eventually } from '../../lab/poll.js';
import { SourceServer } from '../../lab/source-server.js';
import { Workspace } from '../../lab/workspace.js';
import { TcpProxy } from './tcp-proxy.js';

export const FLEET = ['management', 'tenant-a', 'tenant-b'] as const;
export type FleetName = (typeof FLEET)[number];

const HELM_CONTROLLER: Manifest = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'flux-system', name: 'helm-controller' },
};
const EXEC_FLAG = '--insecure-kubeconfig-exec=true';
/** Far longer than the test: objects are reconciled when it asks, never on their own in the middle of an audit. */
const QUIET = { interval: '30m', retryInterval: '30m' };

/**
 * The clusters of the lab as a fleet: real Flux controllers on `management` apply a Kustomization and a HelmRelease to
 * each of two tenants. tenant-a has its lock-down, tenant-b never had one. Each is registered under the address of a
 * proxy.
 */
export class RealFleet {
  private readonly objects = new Map<FleetName, readonly Manifest[]>();
  private readonly targets = new Map<FleetName, RemoteApplyTarget>();

  private constructor(
    readonly clusters: AttachedLab,
    readonly proxies: Readonly<Record<FleetName, TcpProxy>>,
    private readonly workspace: Workspace,
    private readonly flux: RunningFlux,
    private readonly sources: SourceServer,
  ) {}

  static async start(handle: LabHandle): Promise<RealFleet> {
    const clusters = attachLab(handle);
    const { management, 'tenant-a': tenantA, 'tenant-b': tenantB } = clusters;
    await Promise.all([
      // The account of the lock-down would be impersonated on the tenants too, where nothing is granted to it.
      installFlux(management, handle.crdFolder, { lockDown: 'none' }),
      installFlux(tenantA, handle.crdFolder),
      installFlux(tenantB, handle.crdFolder, { lockDown: 'none' }),
    ]);
    const workspace = await Workspace.create();
    try {
      return await RealFleet.open(handle, clusters, workspace);
    } catch (error) {
      await workspace.close();
      throw error;
    }
  }

  private static async open(handle: LabHandle, clusters: AttachedLab, workspace: Workspace): Promise<RealFleet> {
    const { management } = clusters;
    const flux = await startFluxControllers(workspace, management, handle.programs, { fromDeployments: true });
    const [first, second, third] = await Promise.all(FLEET.map((name) => TcpProxy.start(clusters[name].server)));
    if (!first || !second || !third) throw new Error('a proxy is missing');
    const proxies = { management: first, 'tenant-a': second, 'tenant-b': third };
    const fleet = new RealFleet(clusters, proxies, workspace, flux, await SourceServer.start());
    for (const name of ['tenant-a', 'tenant-b'] as const) await fleet.connect(name);
    return fleet;
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.proxies).map((proxy) => proxy.stop()));
    await this.flux.stop();
    await this.sources.stop();
    await this.workspace.close();
    await this.clusters.close();
  }

  /** Applies the service's own manifest to every cluster, and registers them with the token of its account. */
  async register(rest: ServiceRest): Promise<void> {
    const manifest = await rest.get<string>('/install-manifest');
    const objects = parseAllDocuments(manifest).map((document) => document.toJS() as Manifest);
    const account = objects.find(({ kind }) => kind === 'ServiceAccount');
    for (const tenant of ['tenant-a', 'tenant-b']) {
      await rest.call('PUT', `/tenants/${tenant}`, { body: { namespaces: { names: [tenant] } } });
    }
    for (const name of FLEET) {
      const cluster: LabCluster = this.clusters[name];
      await cluster.admin.applyAll(objects);
      const token = await requestToken(cluster.admin, account?.metadata.namespace ?? '', account?.metadata.name ?? '');
      const isHub = name === 'management';
      await rest.call('POST', '/clusters?requireVerified=true', {
        body: {
          name,
          role: isHub ? 'management' : 'tenant',
          ...(!isHub && { tenancy: 'dedicated' }),
          delivery: isHub ? 'inCluster' : 'remoteApply',
          tenants: isHub ? ['tenant-a', 'tenant-b'] : [name],
          labels: { fleet: 'real' },
          credential: {
            kind: 'kubeconfig',
            kubeconfig: await cluster.kubeconfig({ token }, { server: this.proxies[name].url }),
          },
        },
      });
    }
  }

  /** On tenant-a, helm-controller may run programs that kubeconfigs name: the Deployment and its pods say so. */
  async allowExec(): Promise<void> {
    await this.editHelmController((args) => [...args, EXEC_FLAG]);
  }

  async forbidExec(): Promise<void> {
    await this.editHelmController((args) => args.filter((arg) => arg !== EXEC_FLAG));
  }

  /** Takes the management cluster's rights on tenant-b away, and waits until its controllers have noticed. */
  async revokeAccess(): Promise<void> {
    const target = this.targets.get('tenant-b');
    if (!target) throw new Error('tenant-b is not connected');
    await revokeAccess(target);
    await this.reconciled('tenant-b', 'False');
  }

  async restoreAccess(): Promise<void> {
    await connectSpoke(this.clusters.management, this.clusters['tenant-b']);
    await this.reconciled('tenant-b', 'True');
  }

  private async connect(name: 'tenant-a' | 'tenant-b'): Promise<void> {
    const { management } = this.clusters;
    const target = await connectSpoke(management, this.clusters[name]);
    const config = { 'config.yaml': configMapYaml('from-the-hub', 'default') };
    const objects = [
      await remoteKustomization(target, this.sources, 'apps', config),
      await remoteHelmRelease(target, this.sources, 'web', 'default'),
    ];
    this.targets.set(name, target);
    this.objects.set(name, objects);
    for (const object of objects) {
      const { interval, retryInterval } = QUIET;
      const spec = object.kind === 'Kustomization' ? { interval, retryInterval } : { interval };
      await management.admin.patch(object, { spec });
    }
    await this.reconciled(name, 'True');
  }

  private async reconciled(name: FleetName, status: 'True' | 'False'): Promise<void> {
    const { admin } = this.clusters.management;
    for (const object of this.objects.get(name) ?? []) {
      // Asked again until it is so: a changed right takes effect a moment after it was written.
      await eventually(`${object.kind} ${name}/${object.metadata.name} is Ready=${status}`, async () => {
        const requestedAt = await reconcileNow(admin, object);
        await eventually('the request is taken up', async () => {
          const handled = (await admin.get(object)).status as { lastHandledReconcileAt?: string } | undefined;
          return handled?.lastHandledReconcileAt === requestedAt || undefined;
        });
        const ready = async () => (await readyCondition(admin, object))?.status;
        const settled = await eventually('it is settled', async () => {
          const now = await ready();
          return now === 'Unknown' ? undefined : now;
        });
        return settled === status || undefined;
      });
    }
  }

  private async editHelmController(edit: (args: readonly string[]) => readonly string[]): Promise<void> {
    const { admin } = this.clusters['tenant-a'];
    const { spec } = await admin.get(HELM_CONTROLLER);
    const { containers } = (spec as { template: { spec: { containers: { args?: string[] }[] } } }).template.spec;
    const [first, ...others] = containers;
    const edited = [{ ...first, args: edit(first?.args ?? []) }, ...others];
    await admin.patch(HELM_CONTROLLER, { spec: { template: { spec: { containers: edited } } } });
    await runPodsOf(admin, HELM_CONTROLLER);
  }
}
