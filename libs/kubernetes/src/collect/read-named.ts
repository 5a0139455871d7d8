import { collected, type Collected, type ObjectMeta } from '#libs/core';
import { ClusterError } from '../cluster-error.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { unreadable } from './unavailable.js';

/** A kind of object of the core group that is read by name. */
interface NamedKind {
  /** Plural, lower case. */
  readonly resource: 'secrets' | 'configmaps';
  /** For people. */
  readonly title: 'Secret' | 'ConfigMap';
}

export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * One object as it is kept; `null` where the API server says that it does not exist. Never throws for anything that the
 * cluster does, and what the object holds besides is gone when this returns.
 */
export async function readNamed<T extends { readonly metadata: ObjectMeta }>(
  client: ClusterClient,
  { resource, title }: NamedKind,
  { namespace, name }: ObjectName,
  project: (body: unknown) => T,
): Promise<Collected<T | null>> {
  try {
    const answer = await client.getObject({ group: '', version: 'v1', resource }, { namespace, name });
    if (!answer) return collected(null);
    const found = project(answer.body);
    const isTheOne = found.metadata.name === name && found.metadata.namespace === namespace;
    if (!isTheOne) throw new ClusterError('malformed', { detail: 'metadata' });
    return collected(found, [answer.record]);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const rule = { verb: 'get', group: '', resource, namespace, name };
    return unreadable(error, `The ${title} ${namespace}/${name}`, [rule]);
  }
}
