import type { GatewayRoute } from '#libs/core';
import { defined, Fields } from './fields.js';
import { namespacedMetadata } from './metadata.js';

type Backend = GatewayRoute['spec']['backends'][number];
export type GatewayRouteKind = GatewayRoute['kind'];

export const GATEWAY_ROUTES: Readonly<Record<GatewayRouteKind, { resource: string; versions: readonly string[] }>> = {
  HTTPRoute: { resource: 'httproutes', versions: ['v1', 'v1beta1', 'v1alpha2'] },
  GRPCRoute: { resource: 'grpcroutes', versions: ['v1', 'v1alpha2'] },
  TLSRoute: { resource: 'tlsroutes', versions: ['v1', 'v1alpha3', 'v1alpha2'] },
  TCPRoute: { resource: 'tcproutes', versions: ['v1alpha2'] },
};

/** A route, reduced to the Services in one of the namespaces that it leads to; undefined where it leads to none there. */
export function projectGatewayRoute(kind: GatewayRouteKind, version: string, namespaces: ReadonlySet<string>) {
  return (item: unknown): GatewayRoute | undefined => {
    const object = Fields.of(item);
    const { namespace = '' } = namespacedMetadata(object);
    const rules = object.child('spec')?.children('rules') ?? [];
    const backends = rules
      .flatMap((rule) => ruleBackends(rule, namespace))
      .filter((to) => namespaces.has(to.namespace));
    return backends.length === 0 ? undefined : route(object, kind, version, backends);
  };
}

/** One of a recorded snapshot, by the kind that it says it has. */
export function projectRecordedGatewayRoute(version: string): (item: unknown) => GatewayRoute {
  return (item) => {
    const object = Fields.of(item);
    const kind = object.choice('kind', ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute']);
    if (!kind) throw object.malformed('kind');
    const backends = (object.needChild('spec').children('backends') ?? []).map((backend) =>
      defined({
        namespace: backend.needText('namespace'),
        service: backend.needText('service'),
        port: backend.count('port'),
        path: backend.text('path'),
      }),
    );
    return route(object, kind, version, backends);
  };
}

function route(object: Fields, kind: GatewayRouteKind, version: string, backends: readonly Backend[]): GatewayRoute {
  const metadata = namespacedMetadata(object);
  return { apiVersion: `gateway.networking.k8s.io/${version}`, kind, metadata, spec: { backends } };
}

/** Where a rule sends requests, copies of them (`requestMirror`) among them. */
function ruleBackends(rule: Fields, home: string): readonly Backend[] {
  const mirrors = (rule.children('filters') ?? []).flatMap((filter) => {
    const to = filter.child('requestMirror')?.child('backendRef');
    return to ? [to] : [];
  });
  const services = [...(rule.children('backendRefs') ?? []), ...mirrors].filter((to) => isService(to));
  // No match at all means every path.
  const matches = (rule.children('matches') ?? []).map((match) => pathOf(match));
  const paths = matches.length === 0 ? [undefined] : [...new Set(matches)];
  return services.flatMap((to) =>
    paths.map((path) =>
      defined({
        namespace: to.text('namespace') || home,
        service: to.needText('name'),
        port: to.count('port'),
        path,
      }),
    ),
  );
}

/** Of an HTTPRoute; a GRPCRoute matches methods, which have no path. */
function pathOf(match: Fields): string | undefined {
  return match.child('path')?.text('value');
}

function isService(to: Fields): boolean {
  return (to.text('kind') ?? 'Service') === 'Service' && (to.text('group') ?? '') === '';
}
