import { type AnyBinding, type JsonObject, type ProbeVerdict, RBAC_GROUP, type RestoredBindings } from '#libs/core';
import type { ClusterClient, ProbeReply } from '../client/cluster-client.js';
import { resourcePath } from '../client/resource-path.js';
import type { ProbeWireRequest } from '../client/transport.js';
import { ClusterError } from '../cluster-error.js';
import { classifyAnswer } from '../probe/classify-answer.js';
import { deleteOptions } from '../probe/dry-run-guard.js';
import { projectRbac, RBAC_KINDS } from '../projection/rbac-objects.js';
import { type DrillFinding, failed, passed, unknown } from './drill-finding.js';

const ACCEPT = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
export const DRILL_HEADERS = { accept: ACCEPT, 'content-type': 'application/json' };
/** A platform has a handful of bindings; more than these are not tried one by one. */
const MAX_BINDINGS = 20;
/** A cluster of thousands of bindings may have one of many subjects; the guard takes no larger body. */
const MAX_BODY = 60 * 1024;

/** The bindings that the platform's access rests on, as they are now. */
export async function bindingsToRestore(
  client: ClusterClient,
  bindingsOf: RestoredBindings,
): Promise<readonly AnyBinding[]> {
  const lists = [];
  for (const kind of RBAC_KINDS) {
    const type = { group: RBAC_GROUP, version: 'v1', resource: `${kind.toLowerCase()}s` };
    lists.push(await client.list(type, { project: projectRbac(kind, 'v1') }));
  }
  return bindingsOf(lists.flatMap(({ items }) => items)).slice(0, MAX_BINDINGS);
}

/**
 * Whether what would give the platform its access back could be created: the restore object itself, and each binding
 * that its access rests on. One that exists already got past authorization and admission.
 */
export async function tryCreations(
  client: ClusterClient,
  restore: JsonObject,
  bindings: readonly AnyBinding[],
  user: string,
): Promise<DrillFinding> {
  const objects = [restore, ...bindings.map(recreated)].filter((object) => JSON.stringify(object).length <= MAX_BODY);
  for (const object of objects) {
    const answer = await client.drill(creationOf(object));
    const verdict = verdictOf(answer, user);
    if (verdict.kind !== 'accepted') return refused(verdict, `create ${nameOf(object)}`);
  }
  return passed(
    `The platform’s access could be restored: the creation of ${objects.length} ${objects.length === 1 ? 'binding' : 'bindings'} would be allowed.`,
  );
}

/**
 * Whether the principal could delete the bindings that the platform's access rests on, which a policy may protect: what
 * cannot be deleted cannot be repaired either, for `roleRef` never changes.
 */
export async function tryDeletions(
  client: ClusterClient,
  bindings: readonly AnyBinding[],
  user: string,
): Promise<DrillFinding> {
  const known = bindings.filter(({ metadata }) => metadata.uid !== undefined);
  if (known.length === 0) {
    return unknown(
      'NO_ACCESS_OBJECTS',
      'It is not known which bindings the platform’s access rests on, so that the deletion of none could be tried. Declare platformPrincipals.',
    );
  }
  for (const binding of known) {
    const answer = await client.drill(deletionOf(binding));
    const verdict = verdictOf(answer, user);
    if (verdict.kind !== 'accepted') return refused(verdict, `delete ${nameOf(binding)}`);
    await assertThere(client, binding);
  }
  return passed(
    `No policy stands in the way: the deletion of ${known.length} protected ${known.length === 1 ? 'binding' : 'bindings'} would be allowed.`,
  );
}

/** A binding as it would be created anew. */
function recreated({ apiVersion, kind, metadata, roleRef, subjects }: AnyBinding): JsonObject {
  const { name, namespace, labels } = metadata;
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace !== undefined && { namespace }), ...(labels && { labels }) },
    roleRef: { apiGroup: RBAC_GROUP, kind: roleRef.kind, name: roleRef.name },
    subjects: (subjects ?? []).map((subject) => ({
      kind: subject.kind,
      name: subject.name,
      ...(subject.kind === 'ServiceAccount' ? {} : { apiGroup: RBAC_GROUP }),
      ...(subject.namespace !== undefined && { namespace: subject.namespace }),
    })),
  };
}

interface Named {
  readonly kind?: unknown;
  readonly metadata?: { readonly name?: unknown; readonly namespace?: unknown } | undefined;
}

function pathOf(object: Named, withName: boolean): string {
  const { name, namespace } = object.metadata ?? {};
  const type = { group: RBAC_GROUP, version: 'v1', resource: `${String(object.kind).toLowerCase()}s` };
  const collection = resourcePath(type, typeof namespace === 'string' ? { namespace } : {});
  if (!withName) return collection;
  // Names of RBAC objects may hold colons, which `resourcePath` does not take; the guard checks the path as a whole.
  if (typeof name !== 'string' || !/^[a-z0-9]([-a-z0-9.:]{0,251}[a-z0-9])?$/.test(name)) {
    throw new ClusterError('malformed', { detail: 'name' });
  }
  return `${collection}/${name}`;
}

function creationOf(object: JsonObject): ProbeWireRequest {
  const path = `${pathOf(object as Named, false)}?dryRun=All`;
  return { method: 'POST', path, headers: DRILL_HEADERS, body: JSON.stringify(object) };
}

function deletionOf(binding: AnyBinding): ProbeWireRequest {
  const path = `${pathOf(binding, true)}?dryRun=All`;
  return { method: 'DELETE', path, headers: DRILL_HEADERS, body: deleteOptions(binding.metadata.uid ?? '') };
}

/** Throws `probeChangedObject` where the binding is not what it was before its deletion was asked about. */
async function assertThere(client: ClusterClient, binding: AnyBinding): Promise<void> {
  const { namespace, name, uid } = binding.metadata;
  const type = { group: RBAC_GROUP, version: 'v1', resource: `${binding.kind.toLowerCase()}s` };
  // What has a colon in its name cannot be read one by one.
  if (name.includes(':')) return;
  const where = { name, ...(namespace !== undefined && { namespace }) };
  const found = await client.getObject(type, where, { accept: ACCEPT });
  const metadata = found?.body['metadata'] as Readonly<Record<string, unknown>> | undefined;
  if (metadata?.['uid'] !== uid || metadata?.['deletionTimestamp'] !== undefined) {
    throw new ClusterError('probeChangedObject');
  }
}

export function verdictOf({ status, body }: ProbeReply, user: string): ProbeVerdict {
  const { reason, message } = body ?? {};
  return classifyAnswer(
    { status, ...(typeof reason === 'string' && { reason }), ...(typeof message === 'string' && { message }) },
    { impersonated: user, auditor: user },
  );
}

/** What an answer other than "yes" means for the recovery. */
export function refused(verdict: ProbeVerdict, what: string): DrillFinding {
  switch (verdict.kind) {
    case 'unauthorized':
      return failed('RIGHT_MISSING', `The principal may not ${what}: authorization refuses it.`);
    case 'denied': {
      const { by } = verdict;
      const who = 'name' in by ? ` (${by.mechanism} ${plain(by.name)})` : '';
      return failed(
        'ADMISSION_DENIES',
        `Admission${who} does not let the principal ${what}. Exempt the break-glass principals there, or the recovery has to remove that first.`,
      );
    }
    case 'brokenPolicy':
      return failed(
        'POLICY_BROKEN',
        `The policy ${plain(verdict.name)} fails for everybody, so that nobody could ${what}. Repair it, or remove its binding first in an emergency.`,
      );
    case 'webhookDown':
      return failed(
        'WEBHOOK_DOWN',
        `The admission webhook${verdict.name === undefined ? '' : ` ${plain(verdict.name)}`} does not answer and fails closed, so that nobody could ${what}. In an emergency its configuration has to be removed first.`,
      );
    case 'dryRunUnsupported':
      return unknown(
        'DRY_RUN_UNSUPPORTED',
        `An admission webhook takes no dry-runs, so that it cannot be told whether the principal could ${what}.`,
      );
    default:
      return unknown('UNCLEAR', `The answer does not tell whether the principal could ${what}.`);
  }
}

function nameOf(object: Named): string {
  const { name, namespace } = object.metadata ?? {};
  const text = plain(String(name));
  return `the ${plain(String(object.kind))} ${typeof namespace === 'string' ? `${plain(namespace)}/` : ''}${text}`;
}

function plain(text: string): string {
  return text.replaceAll(/\p{C}/gu, '').slice(0, 100);
}
