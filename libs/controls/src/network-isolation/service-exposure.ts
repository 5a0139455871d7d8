import {
  type Artifacts,
  type Evidence,
  type GatewayRoute,
  type Ingress,
  type Service,
  objectReference,
} from '#libs/core';
import type { FluxEndpoint } from './flux-endpoints.js';

/** A port of a pod that Services may lead to. */
export type ExposedPort = Pick<FluxEndpoint, 'pod' | 'port'>;

/** A way from outside the cluster to a port of a controller. */
export interface Exposure<E extends ExposedPort = FluxEndpoint> {
  readonly object: Service | Ingress | GatewayRoute;
  /** The Service that it goes through. */
  readonly service: Service;
  readonly endpoint: E;
  /** `unknown`: a Gateway decides, which was not read. */
  readonly tls: 'yes' | 'no' | 'unknown';
  /** Of an HTTP request; absent where every path goes through. */
  readonly path?: string;
  readonly evidence: Evidence;
}

export type ExposingArtifacts = Pick<Artifacts, 'services' | 'ingresses' | 'gatewayRoutes'>;

type ServicePort = NonNullable<Service['spec']['ports']>[number];

/** Every Service port that leads to one of the endpoints, from wherever in the cluster. */
function servicePortsOf<E extends ExposedPort>(
  service: Service,
  endpoints: readonly E[],
): readonly { readonly port: ServicePort; readonly index: number; readonly endpoint: E }[] {
  const selector = Object.entries(service.spec.selector ?? {});
  if (selector.length === 0) return [];
  const selected = endpoints.filter(
    ({ pod }) =>
      pod.metadata.namespace === service.metadata.namespace &&
      selector.every(([key, value]) => pod.metadata.labels?.[key] === value),
  );
  return (service.spec.ports ?? []).flatMap((port, index) => {
    const endpoint = selected.find((each) => leadsTo(port, each));
    return endpoint ? [{ port, index, endpoint }] : [];
  });
}

/** A name is looked up among the ports that the pod declares. */
function leadsTo(
  { port, targetPort = port, protocol = 'TCP' }: ServicePort,
  { pod, port: listening }: ExposedPort,
): boolean {
  if (protocol !== 'TCP') return false;
  if (typeof targetPort === 'number') return targetPort === listening;
  return pod.spec.containers.some(({ ports = [] }) =>
    ports.some(({ name, containerPort }) => name === targetPort && containerPort === listening),
  );
}

/** Every way to the endpoints from outside: Services that nodes or load balancers take, Ingresses and routes of Gateways. */
export function exposuresOf<E extends ExposedPort>(
  { services, ingresses, gatewayRoutes }: ExposingArtifacts,
  endpoints: readonly E[],
): readonly Exposure<E>[] {
  const found: Exposure<E>[] = [];
  const byName = new Map<string, Service>();
  for (const service of services) {
    byName.set(`${service.metadata.namespace}/${service.metadata.name}`, service);
    for (const { endpoint } of servicePortsOf(service, endpoints)) {
      const evidence = openService(service);
      if (evidence) found.push({ object: service, service, endpoint, tls: 'no', evidence });
    }
  }
  const through = (namespace: string, name: string, port: number | string | undefined) => {
    const service = byName.get(`${namespace}/${name}`);
    if (!service) return [];
    return servicePortsOf(service, endpoints).flatMap(({ port: own, endpoint }) =>
      port === undefined || port === own.port || port === own.name ? [{ service, endpoint }] : [],
    );
  };
  for (const ingress of ingresses) {
    for (const [index, backend] of ingress.spec.backends.entries()) {
      for (const { service, endpoint } of through(ingress.metadata.namespace ?? '', backend.service, backend.port)) {
        found.push({
          object: ingress,
          service,
          endpoint,
          tls: ingress.spec.tls ? 'yes' : 'no',
          ...(backend.path !== undefined && { path: backend.path }),
          evidence: {
            object: objectReference(ingress),
            pointer: `/spec/backends/${index}/service`,
            observed: backend.service,
            expected: 'no way from outside to this port',
          },
        });
      }
    }
  }
  for (const route of gatewayRoutes) {
    for (const [index, backend] of route.spec.backends.entries()) {
      for (const { service, endpoint } of through(backend.namespace, backend.service, backend.port)) {
        found.push({
          object: route,
          service,
          endpoint,
          tls: route.kind === 'TLSRoute' ? 'yes' : 'unknown',
          ...(backend.path !== undefined && { path: backend.path }),
          evidence: {
            object: objectReference(route),
            pointer: `/spec/backends/${index}/service`,
            observed: backend.service,
            expected: 'no way from outside to this port',
          },
        });
      }
    }
  }
  return found;
}

/** What opens a Service to the outside; undefined where nothing does. */
function openService(service: Service): Evidence | undefined {
  const { type = 'ClusterIP', externalIPs = [] } = service.spec;
  const object = objectReference(service);
  if (type === 'LoadBalancer' || type === 'NodePort') {
    return { object, pointer: '/spec/type', observed: type, expected: 'ClusterIP' };
  }
  if (externalIPs.length === 0) return undefined;
  return { object, pointer: '/spec/externalIPs', observed: externalIPs, expected: 'no external addresses' };
}

/** `Ingress flux-system/webhooks`, for people. */
export function nameOfExposure({ object: { kind, metadata } }: Pick<Exposure, 'object'>): string {
  return `${kind} ${metadata.namespace ?? 'default'}/${metadata.name}`;
}
