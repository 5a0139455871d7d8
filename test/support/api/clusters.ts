import { kubeconfigText, SimulatedCluster, SimulatedServer, FLUX_RESOURCES } from '#libs/simulator';
import { CANARY, type TestApi } from './harness.js';

/** Simulated clusters behind one HTTPS listener, whose tokens are canaries: no answer of the API may hold them. */
export class TestClusters {
  private constructor(
    readonly server: SimulatedServer,
    private readonly clusters: readonly SimulatedCluster[],
  ) {}

  static async start(names: readonly string[]): Promise<TestClusters> {
    const clusters = names.map(
      (name) => new SimulatedCluster({ name, resources: FLUX_RESOURCES, user: { token: `${CANARY}-${name}` } }),
    );
    return new TestClusters(await SimulatedServer.start({ clusters }), clusters);
  }

  get(name: string): SimulatedCluster {
    const found = this.clusters.find((cluster) => cluster.name === name);
    if (!found) throw new Error(`There is no simulated cluster ${name}.`);
    return found;
  }

  connection(name: string): { readonly server: string; readonly caData: string } {
    return { server: this.server.urlOf(this.get(name)), caData: this.server.caPem };
  }

  credential(name: string): { readonly kind: 'token'; readonly token: string } {
    return { kind: 'token', token: this.get(name).user.token };
  }

  /** What registers it, with the name of the simulated cluster unless another is given. */
  registration(of: string, name = of) {
    return { name, connection: this.connection(of), credential: this.credential(of) };
  }

  kubeconfig(name: string): string {
    const { server, caData: caPem } = this.connection(name);
    return kubeconfigText({ clusterName: name, server, caPem, credential: { token: this.get(name).user.token } });
  }

  /** Ends all faults and gives all rights back. */
  heal(): void {
    for (const cluster of this.clusters) {
      cluster.clearFaults();
      cluster.allowAgain();
    }
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

/** Deletes every registered cluster. */
export async function removeClusters(api: TestApi): Promise<void> {
  for (const cluster of (await api.get('/clusters?limit=1000')).body.items) {
    await api.delete(`/clusters/${cluster.id}?purge=true`, { ifMatch: '*' });
  }
}

/** Type → status of a cluster's conditions. */
export function conditionsIn(cluster: {
  readonly conditions: readonly { readonly type: string; readonly status: string }[];
}): Readonly<Record<string, string>> {
  return Object.fromEntries(cluster.conditions.map(({ type, status }) => [type, status]));
}
