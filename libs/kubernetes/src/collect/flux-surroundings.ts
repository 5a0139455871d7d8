import {
  collected,
  unavailable,
  type ApiDiscovery,
  type ArtifactName,
  type Artifacts,
  type Collected,
  type Deployment,
  type GatewayRoute,
  type Ingress,
  type Pod,
  type Service,
} from '#libs/core';
import { COMPONENTS, discoverControllers, fluxNamespacesOf } from '#libs/flux';
import type { ClusterClient } from '../client/cluster-client.js';
import { GATEWAY_ROUTES, projectGatewayRoute, type GatewayRouteKind } from '../projection/gateway-routes.js';
import { projectIngress } from '../projection/ingresses.js';
import { projectDisruptionBudget, projectResourceQuota, projectService } from '../projection/namespace-objects.js';
import { combined } from './combined.js';
import { listServed, type ListedKind } from './list-served.js';

/** What is read around the controllers of Flux, once it is known where they run. */
const SURROUNDINGS = [
  'services',
  'ingresses',
  'gatewayRoutes',
  'resourceQuotas',
  'disruptionBudgets',
] as const satisfies readonly ArtifactName[];
type Surrounding = (typeof SURROUNDINGS)[number];
type Found = { readonly [N in Surrounding]?: Collected<Artifacts[N]> };

/** From this many namespaces on, one list of all of them is less work; nobody has so many installations of Flux. */
const MAX_NAMESPACES = 10;

/**
 * Services, quotas and disruption budgets of the namespaces where Flux runs, and the ingresses and routes that may lead
 * there. Without the pods and Deployments it is not known which namespaces these are, and nothing of it is available.
 *
 * @param declared namespaces that the registry names as those of Flux
 */
export async function collectSurroundings(
  client: ClusterClient,
  discovery: Collected<ApiDiscovery>,
  workloads: { readonly pods: Collected<readonly Pod[]>; readonly deployments: Collected<readonly Deployment[]> },
  declared: readonly string[],
  wanted: ReadonlySet<ArtifactName>,
): Promise<Found> {
  const namespaces = fluxNamespaces(workloads, declared);
  const entries = await Promise.all(
    SURROUNDINGS.filter((name) => wanted.has(name)).map(async (name) => {
      if (namespaces.state !== 'collected') return [name, namespaces] as const;
      return [name, await READ[name](new Reader(client, discovery, namespaces.value))] as const;
    }),
  );
  return Object.fromEntries(entries) as Found;
}

function fluxNamespaces(
  { pods, deployments }: Parameters<typeof collectSurroundings>[2],
  declared: readonly string[],
): Collected<ReadonlySet<string>> {
  if (pods.state !== 'collected') return unknown(pods);
  if (deployments.state !== 'collected') return unknown(deployments);
  const instances = discoverControllers({ pods: pods.value, deployments: deployments.value });
  return collected(new Set([...fluxNamespacesOf(instances), ...declared]));
}

function unknown({
  reason,
  message,
  missing,
}: Extract<Collected<unknown>, { state: 'unavailable' }>): Collected<never> {
  return unavailable(reason, `In which namespaces Flux runs is not known. ${message}`, missing);
}

const READ: { readonly [N in Surrounding]: (reader: Reader) => Promise<Collected<Artifacts[N]>> } = {
  services: (reader) => reader.within({ ...SERVICES, project: () => projectService }),
  resourceQuotas: (reader) => reader.within({ ...RESOURCE_QUOTAS, project: () => projectResourceQuota }),
  disruptionBudgets: (reader) => reader.within({ ...DISRUPTION_BUDGETS, project: projectDisruptionBudget }),
  ingresses: (reader) =>
    reader.anywhere({ ...INGRESSES, project: (version) => ingressesTo(version, reader.namespaces) }),
  gatewayRoutes: async (reader) =>
    combined(
      await Promise.all(
        Object.entries(GATEWAY_ROUTES).map(([kind, { resource, versions }]) =>
          reader.anywhere<GatewayRoute>({
            group: 'gateway.networking.k8s.io',
            resource,
            versions,
            project: (version) => projectGatewayRoute(kind as GatewayRouteKind, version, reader.namespaces),
          }),
        ),
      ),
    ),
};

const SERVICES = { group: '', resource: 'services', versions: ['v1'] };
const RESOURCE_QUOTAS = { group: '', resource: 'resourcequotas', versions: ['v1'] };
const DISRUPTION_BUDGETS = { group: 'policy', resource: 'poddisruptionbudgets', versions: ['v1', 'v1beta1'] };
const INGRESSES = { group: 'networking.k8s.io', resource: 'ingresses', versions: ['v1', 'v1beta1'] };

class Reader {
  constructor(
    private readonly client: ClusterClient,
    private readonly discovery: Collected<ApiDiscovery>,
    readonly namespaces: ReadonlySet<string>,
  ) {}

  anywhere<T>(kind: ListedKind<T>): Promise<Collected<readonly T[]>> {
    return listServed(this.client, this.discovery, kind);
  }

  /** Objects in the namespaces of Flux: a list of each, or one list of which the rest is dropped. */
  async within<T extends Service | { readonly metadata: { readonly namespace?: string } }>(
    kind: ListedKind<T>,
  ): Promise<Collected<readonly T[]>> {
    const names = [...this.namespaces].sort();
    if (names.length <= MAX_NAMESPACES && names.length > 0)
      return combined(await Promise.all(names.map((namespace) => this.anywhere({ ...kind, namespace }))));
    return this.anywhere({
      ...kind,
      project: (version) => (item) => {
        const object = kind.project(version)(item);
        return object && this.namespaces.has(object.metadata.namespace ?? '') ? object : undefined;
      },
    });
  }
}

/** Names of Flux's Services; an ingress elsewhere can reach one through a Service of type ExternalName. */
const FLUX_SERVICES: ReadonlySet<string> = new Set([...COMPONENTS, 'webhook-receiver']);

function ingressesTo(version: string, namespaces: ReadonlySet<string>) {
  const project = projectIngress(version);
  return (item: unknown): Ingress | undefined => {
    const ingress = project(item);
    const isNear =
      namespaces.has(ingress.metadata.namespace ?? '') ||
      ingress.spec.backends.some(({ service }) => FLUX_SERVICES.has(service));
    return isNear ? ingress : undefined;
  };
}
