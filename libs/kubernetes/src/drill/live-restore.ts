import { RBAC_GROUP } from '#libs/core';
import type { ClusterClient } from '../client/cluster-client.js';
import { liveBinding, liveDeletion, type LiveRestore } from '../probe/live-restore-guard.js';
import { type DrillFinding, failed, passed } from './drill-finding.js';
import { DRILL_HEADERS, refused, verdictOf } from './restore.js';

const PATH = `/apis/${RBAC_GROUP}/v1/clusterrolebindings`;

/**
 * The one real write of a live drill: a ClusterRoleBinding for the break-glass principal itself, created and deleted at
 * once. It gives nobody anything, for the principal has every right already. Where the deletion fails, the message says
 * what is left and how to remove it.
 */
export async function restoreForReal(client: ClusterClient, restore: LiveRestore): Promise<DrillFinding> {
  const body = JSON.stringify(liveBinding(restore));
  const created = await client.drill({ method: 'POST', path: PATH, headers: DRILL_HEADERS, body }, restore);
  const what = `create the ClusterRoleBinding ${restore.name}`;
  if (created.status !== 201) return refused(verdictOf(created, restore.user), what);
  const uid = (created.body?.['metadata'] as Readonly<Record<string, unknown>> | undefined)?.['uid'];
  const left = (why: string) =>
    failed(
      'NOT_REMOVED',
      `The ClusterRoleBinding ${restore.name} was created and ${why}. Remove it by hand: kubectl delete clusterrolebinding ${restore.name}`,
    );
  if (typeof uid !== 'string' || uid === '') return left('the answer did not tell which object it is');
  const request = {
    method: 'DELETE',
    path: `${PATH}/${restore.name}`,
    headers: DRILL_HEADERS,
    body: liveDeletion(uid),
  } as const;
  try {
    const { status } = await client.drill(request, { ...restore, uid });
    if (status !== 200) return left(`its deletion was answered with ${status}`);
  } catch {
    return left('its deletion got no answer');
  }
  return passed(`The ClusterRoleBinding ${restore.name} was created and deleted again.`);
}
