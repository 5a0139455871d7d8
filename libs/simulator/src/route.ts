import type { ResourceRequest } from './statuses.js';

/** What a path asks for. */
export type Route =
  | { readonly kind: 'version' | 'health' | 'api' | 'apis' | 'unknown' }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'groupVersion'; readonly group: string; readonly version: string }
  | { readonly kind: 'resource'; readonly request: ResourceRequest };

export interface SimulatedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** Common name and organisations of a client certificate that the cluster's authority signed. */
  readonly certificate?: { readonly user: string; readonly groups: readonly string[] };
}

export function routeOf(request: Pick<SimulatedRequest, 'method' | 'path' | 'query'>): Route {
  const parts = request.path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const [root, ...rest] = parts;
  if (request.path === '/version' || request.path === '/version/') return { kind: 'version' };
  if (['/healthz', '/livez', '/readyz'].includes(request.path)) return { kind: 'health' };
  if (root === 'api') {
    const [version, ...resource] = rest;
    if (version === undefined) return { kind: 'api' };
    if (resource.length === 0) return { kind: 'groupVersion', group: '', version };
    return resourceRoute(request, '', version, resource);
  }
  if (root === 'apis') {
    const [group, version, ...resource] = rest;
    if (group === undefined) return { kind: 'apis' };
    if (version === undefined) return { kind: 'group', group };
    if (resource.length === 0) return { kind: 'groupVersion', group, version };
    return resourceRoute(request, group, version, resource);
  }
  return { kind: 'unknown' };
}

function resourceRoute(
  request: Pick<SimulatedRequest, 'method' | 'query'>,
  group: string,
  version: string,
  parts: readonly string[],
): Route {
  // `/namespaces/x` names a namespace; `/namespaces/x/pods` is about pods in it. Requests on one namespace carry it.
  const isNamespace =
    parts[0] === 'namespaces' && (parts.length <= 2 || ['status', 'finalize'].includes(parts[2] ?? ''));
  const namespace = parts[0] === 'namespaces' && parts.length > 1 ? parts[1] : undefined;
  const [plural = '', name, subresource] = isNamespace || namespace === undefined ? parts : parts.slice(2);
  return {
    kind: 'resource',
    request: {
      verb: verbOf(request, name),
      group,
      version,
      plural,
      ...(namespace !== undefined && { namespace }),
      ...(name !== undefined && { name }),
      ...(subresource !== undefined && { subresource }),
    },
  };
}

function verbOf({ method, query }: Pick<SimulatedRequest, 'method' | 'query'>, name: string | undefined): string {
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (name !== undefined) return 'get';
      return ['1', 'true'].includes(query.get('watch') ?? '') ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete';
    default:
      return method.toLowerCase();
  }
}
