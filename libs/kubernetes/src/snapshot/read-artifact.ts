import {
  unavailable,
  type AccessRule,
  type ArtifactName,
  type Artifacts,
  type Collected,
  type RequestRecord,
  type UnavailableReason,
} from '#libs/core';
import { defined, Fields } from '../projection/fields.js';
import { SnapshotRejected } from './snapshot-rejected.js';

/** How the value of each artifact is read from the object that holds it under `value`. */
export type ArtifactReaders = { readonly [N in ArtifactName]?: (holder: Fields) => Artifacts[N] };

/** An artifact, or a part with a state of its own. `value` reads what the object holds under `value`. */
export function collectedOf<T>(fields: Fields, value: (holder: Fields) => T): Collected<T> {
  const requests = fields.children('requests')?.map(requestOf);
  if (fields.choice('state', ['collected', 'unavailable']) === 'collected') {
    return defined({
      state: 'collected' as const,
      value: value(fields),
      provenAbsent: fields.choice('provenAbsent', ['apiNotServed']),
      requests,
    });
  }
  const reason = fields.choice('reason', REASONS);
  if (reason === undefined) throw new SnapshotRejected('malformed', 'reason');
  return unavailable(reason, fields.needText('message'), (fields.children('missing') ?? []).map(ruleOf), requests);
}

export function listOf<T>(holder: Fields, project: (item: unknown) => T | undefined): readonly T[] {
  const value = holder.raw('value');
  if (!Array.isArray(value)) throw new SnapshotRejected('malformed', 'value');
  return (value as readonly unknown[]).flatMap((item) => project(item) ?? []);
}

/** Projects an object at the version that it says it has. */
export function versioned<T>(project: (version: string) => (item: unknown) => T): (item: unknown) => T {
  return (item) => {
    const version = /^[a-z0-9.-]+\/(v[a-z0-9]+)$/.exec(Fields.of(item).needText('apiVersion'))?.[1];
    if (version === undefined) throw new SnapshotRejected('malformed', 'apiVersion');
    return project(version)(item);
  };
}

/** Parts by name, each with its own state. */
export function recordOf<T>(holder: Fields, value: (holder: Fields) => T): Readonly<Record<string, Collected<T>>> {
  const parts = holder.needChild('value');
  return Object.fromEntries(parts.keys().map((key) => [key, collectedOf(parts.needChild(key), value)]));
}

function requestOf(fields: Fields): RequestRecord {
  return defined({
    method: fields.choice('method', METHODS) ?? ('GET' as const),
    path: fields.needText('path'),
    status: fields.count('status') ?? 0,
    dryRun: fields.flag('dryRun') === true ? (true as const) : undefined,
    as: fields.text('as'),
    auditId: fields.text('auditId'),
    resourceVersion: fields.text('resourceVersion'),
  });
}

function ruleOf(fields: Fields): AccessRule {
  return defined({
    verb: fields.needText('verb'),
    group: fields.text('group') ?? '',
    resource: fields.needText('resource'),
    namespace: fields.text('namespace'),
    name: fields.text('name'),
  });
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const satisfies readonly RequestRecord['method'][];

const REASONS = [
  'forbidden',
  'unauthenticated',
  'unreachable',
  'timeout',
  'transient',
  'incompleteList',
  'budgetExceeded',
  'malformed',
  'identityMismatch',
  'notCollected',
] as const satisfies readonly UnavailableReason[];
