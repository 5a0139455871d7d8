import { RBAC_GROUP } from '#libs/core';
import type { ClusterClient, ProbeReply } from '../client/cluster-client.js';
import { ClusterError, type ClusterErrorCode } from '../cluster-error.js';
import { liveBinding, liveDeletion, type LiveRestore } from '../probe/live-restore-guard.js';
import { type DrillFinding, failed, passed } from './drill-finding.js';
import { DRILL_HEADERS, refused, verdictOf } from './restore.js';

const PATH = `/apis/${RBAC_GROUP}/v1/clusterrolebindings`;
const TYPE = { group: RBAC_GROUP, version: 'v1', resource: 'clusterrolebindings' };
/** After these nobody knows whether the API server carried the request out. */
const ANSWER_LOST: ReadonlySet<ClusterErrorCode> = new Set([
  'timeout',
  'transient',
  'connectionLost',
  'malformed',
  'budgetExceeded',
  'cancelled',
]);
const DELETION_TRIES = 2;

/**
 * The one real write of a live drill: a ClusterRoleBinding for the break-glass principal itself, created and deleted at
 * once. It gives nobody anything, for the principal has every right already. Where it cannot be told that the binding is
 * gone, the step fails, and the message says what may be left and how to remove it.
 */
export async function restoreForReal(client: ClusterClient, restore: LiveRestore): Promise<DrillFinding> {
  const created = await create(client, restore);
  if (created === undefined) return afterLostAnswer(client, restore);
  if (created.status !== 201) {
    return refused(verdictOf(created, restore.user), `create the ClusterRoleBinding ${restore.name}`);
  }
  const uid = uidOf(created.body);
  if (uid === undefined) return afterLostAnswer(client, restore);
  const problem = await remove(client, { ...restore, uid });
  if (problem === undefined) return passed(`The ClusterRoleBinding ${restore.name} was created and deleted again.`);
  return failed(
    'NOT_REMOVED',
    `The ClusterRoleBinding ${restore.name} was created and ${problem}. Remove it by hand: kubectl delete clusterrolebinding ${restore.name}`,
  );
}

/** @returns undefined where it is not known whether the binding was created */
async function create(client: ClusterClient, restore: LiveRestore): Promise<ProbeReply | undefined> {
  const body = JSON.stringify(liveBinding(restore));
  try {
    const reply = await client.drill({ method: 'POST', path: PATH, headers: DRILL_HEADERS, body }, restore);
    const isOther2xx = reply.status < 300 && reply.status !== 201;
    // A gateway, or an API server that ran out of time, answers so for what may have been stored. Admission that fails
    // answers 500 too, but says so.
    const isUnclear = reply.status >= 500 && refused(verdictOf(reply, restore.user), '').state !== 'failed';
    return isOther2xx || isUnclear ? undefined : reply;
  } catch (error) {
    if (isLost(error)) return undefined;
    throw error;
  }
}

/** Nobody but this drill uses the name, so that what has it is deleted; but one more look by a person is needed. */
async function afterLostAnswer(client: ClusterClient, restore: LiveRestore): Promise<DrillFinding> {
  const { name } = restore;
  const uid = await readUid(client, name);
  const problem = uid === undefined ? 'it could not be read back' : await remove(client, { ...restore, uid });
  const told =
    problem === undefined ? 'It was found and deleted; make sure that it is gone' : `It may be there, for ${problem}`;
  return failed(
    'MAYBE_LEFT',
    `The creation of the ClusterRoleBinding ${name} got no clear answer. ${told}: kubectl get clusterrolebinding ${name} --ignore-not-found; and where it is there: kubectl delete clusterrolebinding ${name}`,
  );
}

async function readUid(client: ClusterClient, name: string): Promise<string | undefined> {
  try {
    const found = await client.getObject(TYPE, { name }, { accept: DRILL_HEADERS.accept, reserved: true });
    return uidOf(found?.body, name);
  } catch (error) {
    if (error instanceof ClusterError) return undefined;
    throw error;
  }
}

/** Deletes the very object, in two tries. @returns why it may be left; undefined where it is gone */
async function remove(
  client: ClusterClient,
  binding: LiveRestore & { readonly uid: string },
): Promise<string | undefined> {
  const path = `${PATH}/${binding.name}`;
  const request = { method: 'DELETE', path, headers: DRILL_HEADERS, body: liveDeletion(binding.uid) } as const;
  let problem: string | undefined;
  for (let tried = 1; tried <= DELETION_TRIES; tried += 1) {
    try {
      const { status } = await client.drill(request, binding);
      // That it is not there any more is good news only where the first try may have done it.
      if (status === 200 || (status === 404 && tried > 1)) return undefined;
      problem = `its deletion was answered with ${status}`;
      if (status < 500 && status !== 429) return problem;
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      problem = 'its deletion got no answer';
    }
  }
  return problem;
}

function isLost(error: unknown): boolean {
  return error instanceof ClusterError && ANSWER_LOST.has(error.code);
}

/** @param name the name that the object must have; absent = any */
function uidOf(body: Readonly<Record<string, unknown>> | undefined, name?: string): string | undefined {
  const metadata = body?.['metadata'] as Readonly<Record<string, unknown>> | null | undefined;
  const uid = metadata?.['uid'];
  if (name !== undefined && metadata?.['name'] !== name) return undefined;
  return typeof uid === 'string' && uid !== '' ? uid : undefined;
}
