import { RBAC_GROUP, type RbacObject, type Registration } from '#libs/core';
import { indexRbac, isAllowed } from '#libs/rbac';
import { CertificateAuthority } from './certificates.js';
import { demoClusters, type DemoClusterPlan } from './demo-clusters.js';
import { kubeconfigText } from './kubeconfig.js';
import { fluxObjects } from './manifests/flux-installation.js';
import { helmRelease } from './manifests/helm-releases.js';
import { kustomization } from './manifests/kustomizations.js';
import type { AccessAnswers } from './reviews.js';
import { SimulatedServer } from './server.js';
import { SimulatedCluster } from './simulated-cluster.js';
import { uuidOf, type SimulatedObject } from './simulated-object.js';

/** One cluster of the demo, ready to be registered. */
export interface DemoCluster {
  readonly name: string;
  readonly registration: Registration;
  /** Of a read-only account; inline data only. */
  readonly kubeconfig: string;
  /** What is the matter with it, for people. */
  readonly story: string;
  readonly cluster: SimulatedCluster;
  readonly reachable: boolean;
}

export interface DemoFleetOptions {
  /** Fleets of one seed have the same identities, names and faults. Default `demo`. */
  readonly seed?: string;
  /** Milliseconds since the epoch; default the real time. */
  readonly now?: () => number;
}

/**
 * One management cluster and twelve tenant clusters that together show every verdict: clean ones, missing lock-down
 * flags, an unsafe shard, an old Flux, failing and stale remote applies, one that cannot be reached and two that
 * forbid reads.
 */
export class DemoFleet {
  private broken = false;

  private constructor(
    readonly clusters: readonly DemoCluster[],
    private readonly server: SimulatedServer,
  ) {}

  static async start(options: DemoFleetOptions = {}): Promise<DemoFleet> {
    const { seed = 'demo', now = Date.now } = options;
    const authority = await CertificateAuthority.create('plimsoll-demo-ca');
    const plans = demoClusters(now());
    const simulated = plans.map((plan) => simulate(plan, seed, now));
    const server = await SimulatedServer.start({ clusters: simulated, authority });
    const clusters = plans.map((plan, index): DemoCluster => {
      const cluster = simulated[index] as SimulatedCluster;
      const reachable = plan.reachable ?? true;
      const { name, story, registration } = plan;
      // Nothing listens on port 1: connections are refused.
      const url = reachable ? server.urlOf(cluster) : 'https://127.0.0.1:1';
      const credential = { token: cluster.user.token };
      const kubeconfig = kubeconfigText({ clusterName: name, server: url, caPem: server.caPem, credential });
      return { name, story, registration: { name, ...registration }, kubeconfig, cluster, reachable };
    });
    const [management] = clusters;
    for (const { name, kubeconfig } of clusters.slice(1)) management?.cluster.put(kubeconfigSecret(name, kubeconfig));
    return new DemoFleet(clusters, server);
  }

  /** @throws Error where the fleet has no cluster of that name. */
  cluster(name: string): DemoCluster {
    const found = this.clusters.find((cluster) => cluster.name === name);
    if (found === undefined) throw new Error(`The demo fleet has no cluster ${name}.`);
    return found;
  }

  /** Breaks a cluster that is in order, and says what to look for in the next audit. */
  breakSomething(): string {
    if (!this.broken) this.applyBreakage(true);
    return 'On checkout, somebody let helm-controller run commands from kubeconfigs (FLUX-HC-01), and the management cluster lost its access to checkout (FLUX-RA-03).';
  }

  /** Undoes `breakSomething`. */
  fix(): string {
    if (this.broken) this.applyBreakage(false);
    return 'checkout is in order again: the next audit sees it, and the findings are resolved after two clean runs.';
  }

  /** No request has tried to change anything. */
  get wasOnlyRead(): boolean {
    return this.clusters.every(({ cluster }) => cluster.requests.mutating.length === 0);
  }

  async stop(): Promise<void> {
    await this.server.close();
  }

  private applyBreakage(broken: boolean): void {
    const { cluster } = this.cluster('checkout');
    for (const object of fluxObjects(broken ? {} : BROKEN_FLUX)) cluster.remove(object);
    cluster.put(...fluxObjects(broken ? BROKEN_FLUX : {}));
    const remote = {
      namespace: 'checkout',
      kubeconfigSecret: 'kubeconfig',
      state: broken ? ('accessRevoked' as const) : ('healthy' as const),
      sinceMinutes: 20,
    };
    this.cluster('management').cluster.put(
      kustomization({ ...remote, name: 'apps' }),
      helmRelease({ ...remote, name: 'ingress' }),
    );
    this.broken = broken;
  }
}

/** The credential with which the management cluster applies to a tenant cluster. */
function kubeconfigSecret(namespace: string, kubeconfig: string): SimulatedObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'kubeconfig', namespace },
    type: 'Opaque',
    data: { value: Buffer.from(kubeconfig).toString('base64') },
  };
}

const BROKEN_FLUX: Parameters<typeof fluxObjects>[0] = {
  editArguments: (component, args) =>
    component === 'helm-controller' ? [...args, '--insecure-kubeconfig-exec=true'] : args,
};

/** What Kubernetes' own authorizer would say with the roles among these objects. */
function rbacAnswers(objects: DemoClusterPlan['objects']): AccessAnswers {
  const roles = objects.filter((object) => typeof object !== 'function' && object.apiVersion.startsWith(RBAC_GROUP));
  const index = indexRbac(roles as unknown as readonly RbacObject[]);
  return ({ user, groups, ...request }) => isAllowed(index, { user, groups }, request).allowed;
}

function simulate(plan: DemoClusterPlan, seed: string, now: () => number): SimulatedCluster {
  const { name, serverVersion, resources, objects, denied = [], userDenied } = plan;
  const cluster = new SimulatedCluster({
    name,
    uid: uuidOf(`${seed}/${name}`),
    now,
    resources,
    objects,
    ...(serverVersion !== undefined && { serverVersion }),
    user: { token: `demo-${uuidOf(`${seed}/token/${name}`)}`, ...(userDenied && { denied: userDenied }) },
    accessAnswers: rbacAnswers(objects),
  });
  cluster.deny(...denied);
  return cluster;
}
