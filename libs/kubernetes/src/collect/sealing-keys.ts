import { unavailable, type AccessRule, type Collected, type OperatorPod, type SecretMetadata } from '#libs/core';
import { SEALING_KEYS } from '../client/secrets-as-metadata.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { resourcePath } from '../client/resource-path.js';
import { ClusterError } from '../cluster-error.js';
import { projectSecretMetadata } from '../projection/core-objects.js';
import { combined } from './combined.js';
import { unreadable } from './unavailable.js';

const SECRETS = { group: '', version: 'v1', resource: 'secrets' };

/** Nobody runs so many; whoever lets pods look like it shall not make us ask for ever. */
const MAX_NAMESPACES = 20;

/**
 * The keys of the Sealed Secrets controller, from each namespace where it runs: age and state, as metadata. The request
 * guard lets no other list of Secrets pass.
 */
export async function collectSealingKeys(
  client: ClusterClient,
  operatorPods: Collected<readonly OperatorPod[]>,
): Promise<Collected<readonly SecretMetadata[]>> {
  if (operatorPods.state !== 'collected') {
    const { reason, message, missing } = operatorPods;
    return unavailable(reason, `Whether the Sealed Secrets controller runs is not known. ${message}`, missing);
  }
  const controllers = operatorPods.value.filter(({ program }) => program === 'sealed-secrets-controller');
  const namespaces = [...new Set(controllers.map(({ metadata }) => metadata.namespace ?? ''))].sort();
  if (namespaces.length > MAX_NAMESPACES) {
    const count = `The Sealed Secrets controller seems to run in ${namespaces.length} namespaces`;
    return unavailable('budgetExceeded', `${count}, and its keys are read in at most ${MAX_NAMESPACES}.`);
  }
  return combined(await Promise.all(namespaces.map((namespace) => keysIn(client, namespace))));
}

async function keysIn(client: ClusterClient, namespace: string): Promise<Collected<readonly SecretMetadata[]>> {
  try {
    const project = projectSecretMetadata;
    const { items, record } = await client.list(SECRETS, { project, namespace, labelSelector: SEALING_KEYS });
    return { state: 'collected', value: items, requests: [record] };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const rule: AccessRule = { verb: 'list', group: '', resource: 'secrets', namespace };
    // The path is that of a list that was allowed to be sent, so the namespace has the form of one.
    const path = error.status === undefined ? undefined : resourcePath(SECRETS, { namespace });
    return unreadable(error, `The keys of the Sealed Secrets controller in ${namespace}`, [rule], path);
  }
}
