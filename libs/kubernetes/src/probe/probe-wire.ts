import { MARKER_HEADER } from './dry-run-guard.js';
import type { Probe } from '#libs/core';
import { resourcePath } from '../client/resource-path.js';
import type { ProbeWireRequest } from '../client/transport.js';
import { deleteOptions } from './dry-run-guard.js';

const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

/** A probe as it goes on the wire. `marker` is the id of the run. Throws `malformed` for names that are none. */
export function wireRequest(probe: Probe, marker: string): ProbeWireRequest {
  const { method, target, body } = probe;
  const { namespace, name, subresource } = target;
  const where = { ...(namespace !== undefined && { namespace }), ...(name !== undefined && { name }) };
  const path = `${probePath(target, where)}${subresource === undefined ? '' : `/${subresource}`}?dryRun=All`;
  // What is not asked for is not answered; the answer to a question about a Secret would be its data.
  const shows = (probe.show?.length ?? 0) > 0 && !(target.group === '' && target.resource === 'secrets');
  const headers = {
    accept: shows ? 'application/json' : METADATA_ONLY,
    'content-type': contentType(method, body),
    'impersonate-user': probe.as.user,
    ...(probe.as.groups.length > 0 && { 'impersonate-group': probe.as.groups }),
    [MARKER_HEADER]: marker,
  };
  const text = method === 'DELETE' ? deleteOptions(probe.uid ?? '') : JSON.stringify(body ?? {});
  return { method, path, headers, body: text };
}

/** Names of RBAC objects may hold colons and capitals, which `resourcePath` does not take. */
function probePath(target: Probe['target'], where: { readonly namespace?: string; readonly name?: string }): string {
  const { name } = where;
  const isRbac = target.group === 'rbac.authorization.k8s.io';
  if (!isRbac || name === undefined || !/^[a-z0-9]([-a-z0-9.:]{0,251}[a-z0-9])?$/.test(name)) {
    return resourcePath(target, where);
  }
  const { namespace } = where;
  return `${resourcePath(target, namespace === undefined ? {} : { namespace })}/${name}`;
}

function contentType(method: Probe['method'], body: Probe['body']): string {
  if (method !== 'PATCH') return 'application/json';
  return Array.isArray(body) ? 'application/json-patch+json' : 'application/merge-patch+json';
}
