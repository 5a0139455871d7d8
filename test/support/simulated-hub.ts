import {
  EVERYTHING,
  FLUX_RESOURCES,
  INVENTORY_RESOURCES,
  kubeconfigText,
  SimulatedCluster,
  SimulatedServer,
  type SimulatedObject,
} from '#libs/simulator';

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A management cluster and others that it knows, simulated behind one HTTPS listener. Nothing is registered. */
export class SimulatedHub {
  private constructor(
    readonly server: SimulatedServer,
    readonly hub: SimulatedCluster,
    private readonly spokes: readonly SimulatedCluster[],
  ) {}

  /** @param secret stands in every token, so that a test can look for it */
  static async start(names: readonly string[], secret: string): Promise<SimulatedHub> {
    const hub = new SimulatedCluster({
      name: 'hub',
      resources: [...FLUX_RESOURCES, ...INVENTORY_RESOURCES],
      user: { token: `${secret}-hub`, allowed: EVERYTHING, denied: [] },
    });
    const spokes = names.map((name) => new SimulatedCluster({ name, user: { token: `${secret}-${name}` } }));
    return new SimulatedHub(await SimulatedServer.start({ clusters: [hub, ...spokes] }), hub, spokes);
  }

  spoke(name: string): SimulatedCluster {
    const found = this.spokes.find((cluster) => cluster.name === name);
    if (!found) throw new Error(`There is no simulated cluster ${name}.`);
    return found;
  }

  connection(of: SimulatedCluster): { readonly server: string; readonly caData: string } {
    return { server: this.server.urlOf(of), caData: this.server.caPem };
  }

  kubeconfig(name: string): string {
    const cluster = this.spoke(name);
    const { server, caData: caPem } = this.connection(cluster);
    return kubeconfigText({ clusterName: name, server, caPem, credential: { token: cluster.user.token } });
  }

  /** A Secret with the kubeconfig of a spoke, and a Kustomization that applies to it. */
  applyTo(name: string, { namespace = 'team-a', secret = `${name}-kubeconfig`, labels = {} as object } = {}): void {
    this.hub.put(
      secretObject(namespace, secret, { value: this.kubeconfig(name) }),
      kustomizationObject(namespace, secret, labels),
    );
  }

  /** The opposite of `applyTo`. */
  stopApplyingTo(name: string, { namespace = 'team-a', secret = `${name}-kubeconfig` } = {}): void {
    this.hub.remove(kustomizationObject(namespace, secret, {}));
  }

  /** Ends all faults of the management cluster, and gives all rights back. */
  heal(): void {
    this.hub.clearFaults();
    this.hub.user = { ...this.hub.user, allowed: EVERYTHING, denied: [] };
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

export function secretObject(
  namespace: string,
  name: string,
  data: Readonly<Record<string, string>>,
  labels: object = {},
): SimulatedObject {
  const encoded = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)]));
  return { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name, labels }, data: encoded } as SimulatedObject;
}

export function kustomizationObject(namespace: string, secret: string, labels: object): SimulatedObject {
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { namespace, name: `to-${secret}`, labels },
    spec: {
      interval: '10m',
      prune: true,
      sourceRef: { kind: 'GitRepository', name: 'fleet' },
      kubeConfig: { secretRef: { name: secret } },
    },
  } as SimulatedObject;
}
