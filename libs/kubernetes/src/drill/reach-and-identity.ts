import type { DrillIdentity, DrillPlan } from '#libs/core';
import { withPort } from '../access/server-url.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { readIdentity, readVersion } from '../client/identity.js';
import { type ClusterUser, whoAmI } from '../client/reviews.js';
import { ClusterError } from '../cluster-error.js';
import { type DrillFinding, failed, passed, unknown } from './drill-finding.js';

/** Groups that everybody is in, and no registry writes down. */
const EVERYBODY = 'system:authenticated';

const OF_NO_UID = failed(
  'CLUSTER_UNPROVEN',
  'The registry does not say which UID the namespace kube-system has, so that nothing proves that this is the cluster that the live drill was approved for. Enter clusterUid.',
);
const OF_OTHER_UID = failed(
  'CLUSTER_UNPROVEN',
  'The namespace kube-system has another UID than the registered one: this is not the cluster that the live drill was approved for. Use the credential of that cluster.',
);

/**
 * Whether the API server that the entry documents answers, on the path that this access takes. Who is told apart in the
 * next step: one that does not accept the credential was reached.
 *
 * @param server where the access leads
 */
export async function reach(client: ClusterClient, { apiServer }: DrillPlan, server: string): Promise<DrillFinding> {
  if (apiServer !== undefined && withPort(apiServer) !== withPort(server)) {
    return failed(
      'OTHER_SERVER',
      'The credential leads to another address than the one that the break-glass entry documents. Correct the entry, or use the documented address.',
    );
  }
  let told = '';
  try {
    const { gitVersion, latencyMs } = await readVersion(client);
    told = `Kubernetes ${gitVersion} answered within ${latencyMs} ms.`;
  } catch (error) {
    const refused = error instanceof ClusterError && (error.code === 'unauthenticated' || error.code === 'forbidden');
    if (!refused) throw error;
    told = 'The API server answered; it does not tell this credential its version.';
  }
  if (apiServer !== undefined) return passed(told);
  return unknown('NOT_DOCUMENTED', `${told} Which address is used in an emergency is not documented: enter apiServer.`);
}

/** Whether the way from here to the registered API server works, and the cluster is the registered one. */
export async function reachRegistered(client: ClusterClient, { clusterUid }: DrillPlan): Promise<DrillFinding> {
  const { gitVersion, latencyMs } = await readVersion(client);
  await readIdentity(client, clusterUid);
  return passed(`Kubernetes ${gitVersion} answered within ${latencyMs} ms, with the identity that is registered.`);
}

/**
 * Whether the credential is who the registry says, and the cluster the registered one. A live drill needs a registered
 * UID that this cluster has: what it writes was approved for that cluster alone. Answers the user name too.
 */
export async function identify(
  client: ClusterClient,
  { mode, identities, clusterUid }: DrillPlan,
): Promise<{ readonly finding: DrillFinding; readonly user: string }> {
  const self = await whoAmI(client);
  if (self === undefined) {
    const text =
      'The API server does not say who the credential is; before Kubernetes 1.27 it cannot. Compare it by hand.';
    return { finding: unknown('NO_SELF_REVIEW', text), user: '' };
  }
  const { name: user } = self;
  const finding = comparedWith(self, identities);
  if (finding.state !== 'passed') return { finding, user };
  if (clusterUid === undefined) return { finding: mode === 'live' ? OF_NO_UID : finding, user };
  try {
    await readIdentity(client, clusterUid);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    if (mode === 'live' && error.code === 'identityMismatch') return { finding: OF_OTHER_UID, user };
    if (error.code !== 'forbidden') throw error;
    const text =
      'The credential is who the registry says, and may not even read the namespace kube-system, so that it cannot be told whether this is the registered cluster.';
    return { finding: unknown('CLUSTER_UNPROVEN', text), user };
  }
  return { finding, user };
}

function comparedWith(self: ClusterUser, identities: readonly DrillIdentity[]): DrillFinding {
  if (identities.length === 0) {
    const text = 'The break-glass entry does not say who its credential is. Fill in principals.';
    return unknown('NO_PRINCIPAL', text);
  }
  const groups = new Set(self.groups.filter((group) => group !== EVERYBODY));
  const named = identities.filter(({ user }) => user === '' || user === self.name);
  if (named.length === 0) {
    return failed(
      'OTHER_USER',
      `The credential signs in as the user ${shown(self.name)}, whom the break-glass entry does not name. Correct the entry, or issue a credential for the right user.`,
    );
  }
  if (named.some((identity) => sameGroups(identity.groups, groups))) {
    return passed(`The credential signs in as ${shown(self.name)}, as the registry says.`);
  }
  const [first] = named;
  const missing = (first?.groups ?? []).filter((group) => !groups.has(group));
  const more = [...groups].filter((group) => !first?.groups.includes(group));
  const parts = [
    ...(missing.length > 0 ? [`is not in ${missing.map(shown).join(', ')}`] : []),
    ...(more.length > 0 ? [`is in ${more.slice(0, 5).map(shown).join(', ')}, which the entry does not say`] : []),
  ];
  return failed(
    'OTHER_GROUPS',
    `The user ${shown(self.name)} ${parts.join(' and ')}. Correct the entry, or issue a credential with the right groups.`,
  );
}

function sameGroups(expected: readonly string[], found: ReadonlySet<string>): boolean {
  const wanted = new Set(expected.filter((group) => group !== EVERYBODY));
  return wanted.size === found.size && [...wanted].every((group) => found.has(group));
}

/** A name of the cluster, cut and without characters that do things to a terminal. */
function shown(name: string): string {
  const text = name.replaceAll(/\p{C}/gu, '');
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
