import type { FleetCluster } from '#libs/core';

/** Where a kubeconfig leads, as far as clusters are told apart by it. */
export interface ClusterTarget {
  /** ARN, ARM id or resource name. */
  readonly cloudId?: string;
  readonly address?: string;
  readonly caSpkiSha256?: string;
}

export type ClusterMatch =
  | {
      readonly state: 'one';
      readonly cluster: FleetCluster;
      readonly by: 'cloudId' | 'caAndAddress' | 'address' | 'ca';
    }
  | { readonly state: 'several'; readonly clusters: readonly FleetCluster[] }
  | { readonly state: 'none' };

/** Names by which every pod reaches the API server of its own cluster. */
const IN_CLUSTER = /^kubernetes(?:\.default(?:\.svc(?:\.[a-z0-9.-]+)?)?)?\.?:/;

/**
 * `host:port` in lower case, as Flux reads addresses of clusters: https and port 443 where they are left out; what
 * follows is left out. Undefined for what names no host.
 */
export function hostAndPort(address: string | undefined): string | undefined {
  const match = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\[[^\]]+\]|[^/:?#]+)(?::(\d+))?(?:[/?#].*)?$/i.exec(
    address?.trim() ?? '',
  );
  if (!match?.[2]) return undefined;
  const port = match[3] ?? (match[1]?.toLowerCase() === 'http' ? '80' : '443');
  return `${match[2].toLowerCase().replace(/\.$/, '')}:${Number(port)}`;
}

/** What follows host and port, without a slash at the end; the empty text where nothing does. */
function pathOf(address: string | undefined): string {
  const rest = /^(?:[a-z][a-z0-9+.-]*:\/\/)?[^/?#]*([^?#]*)/i.exec(address?.trim() ?? '')?.[1] ?? '';
  return rest.replace(/\/+$/, '');
}

/** `host:port/path`; undefined for what names no host. */
function placeOf(address: string): string | undefined {
  const host = hostAndPort(address);
  return host === undefined ? undefined : `${host}${pathOf(address)}`;
}

/** Two clusters behind one proxy: its certificate says nothing about which. */
function isOtherPath(server: string, address: string | undefined): boolean {
  const [one, other] = [pathOf(server), pathOf(address)];
  return one !== '' && other !== '' && one !== other && hostAndPort(server) === hostAndPort(address);
}

/** Clusters of the registry by what they are recognised by; made once. */
export class ClusterDirectory {
  private readonly byCloudId: ReadonlyMap<string, readonly FleetCluster[]>;
  private readonly byAddress: ReadonlyMap<string, readonly FleetCluster[]>;
  /** By address and path: a proxy serves many clusters at one address. */
  private readonly byPlace: ReadonlyMap<string, readonly FleetCluster[]>;
  private readonly byCa: ReadonlyMap<string, readonly FleetCluster[]>;

  constructor(readonly clusters: readonly FleetCluster[]) {
    this.byCloudId = index(clusters, ({ cloudId }) => cloudId);
    this.byAddress = index(clusters, ({ server }) => hostAndPort(server));
    this.byPlace = index(clusters, ({ server }) => placeOf(server));
    this.byCa = index(clusters, ({ caSpkiSha256 }) => caSpkiSha256?.toLowerCase());
  }

  /** By the id of the cloud, else by CA and address, else by address, else by CA alone. */
  match(target: ClusterTarget): ClusterMatch {
    const byCloudId = found(this.byCloudId, target.cloudId);
    if (byCloudId.length > 0) return choice(byCloudId, 'cloudId');
    const address = hostAndPort(target.address);
    if (address !== undefined && IN_CLUSTER.test(address)) {
      const self = this.clusters.filter((cluster) => cluster.self === true);
      if (self.length > 0) return choice(self, 'address');
    }
    const byAddress = this.at(address, pathOf(target.address));
    const ca = target.caSpkiSha256?.toLowerCase();
    const byBoth = ca ? byAddress.filter((cluster) => cluster.caSpkiSha256?.toLowerCase() === ca) : [];
    if (byBoth.length > 0) return choice(byBoth, 'caAndAddress');
    if (byAddress.length > 0) return choice(byAddress, 'address');
    const byCa = found(this.byCa, ca).filter(({ server }) => !isOtherPath(server, target.address));
    return byCa.length > 0 ? choice(byCa, 'ca') : { state: 'none' };
  }

  /** Flux drops the path of an address in a ConfigMap, so an address without one may mean each cluster behind a proxy. */
  private at(address: string | undefined, path: string): readonly FleetCluster[] {
    if (address === undefined || path === '') return found(this.byAddress, address);
    const exact = found(this.byPlace, `${address}${path}`);
    return exact.length > 0 ? exact : found(this.byPlace, address);
  }

  /** The audited cluster itself, where the registry says which it is. */
  get self(): FleetCluster | undefined {
    return this.clusters.find(({ self }) => self === true);
  }
}

function found<T>(map: ReadonlyMap<string, readonly T[]>, key: string | undefined): readonly T[] {
  return key === undefined || key === '' ? [] : (map.get(key) ?? []);
}

function choice(clusters: readonly FleetCluster[], by: Extract<ClusterMatch, { state: 'one' }>['by']): ClusterMatch {
  const [cluster, ...others] = clusters;
  return cluster && others.length === 0 ? { state: 'one', cluster, by } : { state: 'several', clusters };
}

function index(
  clusters: readonly FleetCluster[],
  keyOf: (cluster: FleetCluster) => string | undefined,
): ReadonlyMap<string, readonly FleetCluster[]> {
  const map = new Map<string, FleetCluster[]>();
  for (const cluster of clusters) {
    const key = keyOf(cluster);
    if (key === undefined || key === '') continue;
    const list = map.get(key) ?? [];
    map.set(key, list);
    list.push(cluster);
  }
  return map;
}
