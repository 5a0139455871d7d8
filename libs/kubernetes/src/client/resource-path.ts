import { ClusterError } from '../cluster-error.js';

/** A kind of object at one version of its API. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  /** Plural, lower case. */
  readonly resource: string;
}

const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** The path of a resource (list) or of one object. Throws `malformed` for a name that Kubernetes would not allow. */
export function resourcePath(
  { group, version, resource }: ResourceType,
  where: { readonly namespace?: string; readonly name?: string } = {},
): string {
  const parts = [group === '' ? 'api' : `apis/${group}`, version];
  if (where.namespace !== undefined) parts.push('namespaces', where.namespace);
  parts.push(resource);
  if (where.name !== undefined) parts.push(where.name);
  for (const name of [where.namespace, where.name]) {
    if (name !== undefined && !NAME.test(name)) throw new ClusterError('malformed', { detail: 'name' });
  }
  return `/${parts.join('/')}`;
}
