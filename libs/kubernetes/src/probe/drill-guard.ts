import { RBAC_GROUP } from '#libs/core';
import { assertDryRunBytes, ProbeRefused, type ProbeRequest } from './dry-run-guard.js';

/** What a drill may ask about: the bindings that a restore is made of. */
const KINDS: Readonly<Record<string, string>> = {
  clusterrolebindings: 'ClusterRoleBinding',
  rolebindings: 'RoleBinding',
};
const ACCEPT = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

/**
 * The gate of what a drill sends besides reads and reviews. A drill acts as itself, so nobody is impersonated and no
 * policy of the cluster would stop a mistake: it may only create a binding or delete one, in a dry-run that is held to
 * the same bytes as a probe, and with no header that could make it anything else. Throws `ProbeRefused`.
 *
 * @param server the cluster's `ClusterAccess.server`
 */
export function assertDrillDryRun(request: ProbeRequest, server: string): void {
  const { method, headers, body } = request;
  // Its group is served by the API server itself, always: it registers that APIService anew when somebody changes it.
  const { group, resource, name, subresource } = assertDryRunBytes(request, { server, foreignGroups: new Set() });
  const kind = group === RBAC_GROUP && Object.hasOwn(KINDS, resource) ? KINDS[resource] : undefined;
  if (kind === undefined) throw new ProbeRefused('a drill is about bindings only');
  if (subresource !== undefined) throw new ProbeRefused('a binding has no parts');
  if (method !== 'POST' && method !== 'DELETE') throw new ProbeRefused('a drill creates and deletes, and nothing else');
  const { accept, 'content-type': type, ...rest } = headers;
  if (Object.keys(rest).length > 0) throw new ProbeRefused('an unexpected header');
  if (accept !== ACCEPT || type !== 'application/json') throw new ProbeRefused('the headers are not those of a drill');
  if (method === 'POST') assertBinding(JSON.parse(body ?? 'null'), kind);
  else if (name === undefined) throw new ProbeRefused('a deletion names no single object');
}

function assertBinding(object: unknown, kind: string): void {
  const { apiVersion, kind: found } = (object ?? {}) as Readonly<Record<string, unknown>>;
  if (apiVersion !== `${RBAC_GROUP}/v1` || found !== kind) throw new ProbeRefused('the body is not the binding');
}
