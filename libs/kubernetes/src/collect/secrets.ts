import { createHmac, randomBytes } from 'node:crypto';
import { unavailable, type Artifacts, type Collected, type SecretFacts } from '#libs/core';
import type { SecretReference } from '#libs/flux';
import type { ClusterClient } from '../client/cluster-client.js';
import type { Digest } from '../facts/kubeconfig-facts.js';
import { secretFacts, type SecretUse } from '../facts/secret-facts.js';
import { readNamed, type ObjectName } from './read-named.js';

/** More than that many Secrets of one cluster are not read in one run. */
const MAX_SECRETS = 500;

interface WantedSecret extends ObjectName {
  readonly references: readonly SecretReference[];
}

/**
 * The Secrets that Flux objects refer to, each read by name and reduced to facts at once. Two references to one Secret are
 * one request. The key of the digests is made here and forgotten here.
 */
export async function collectSecretFacts(
  client: ClusterClient,
  references: readonly SecretReference[],
): Promise<Artifacts['secretFacts']> {
  const digest = keyedDigest(randomBytes(32));
  const entries = await Promise.all(
    wantedSecrets(references).map(async (wanted, i): Promise<[string, Collected<SecretFacts | null>]> => [
      `${wanted.namespace}/${wanted.name}`,
      i < MAX_SECRETS
        ? await readNamed(client, { resource: 'secrets', title: 'Secret' }, wanted, (body) =>
            secretFacts(body, useOf(wanted.references), digest),
          )
        : tooMany(wanted),
    ]),
  );
  return Object.fromEntries(entries);
}

/** Each Secret once, with everything that it is used for, in order of the keys. */
function wantedSecrets(references: readonly SecretReference[]): readonly WantedSecret[] {
  const wanted = new Map<string, ObjectName & { readonly references: SecretReference[] }>();
  for (const reference of references) {
    const { namespace, name } = reference;
    const key = `${namespace}/${name}`;
    const entry = wanted.get(key) ?? { namespace, name, references: [] };
    entry.references.push(reference);
    wanted.set(key, entry);
  }
  return [...wanted.keys()].toSorted().flatMap((key) => wanted.get(key) ?? []);
}

function useOf(references: readonly SecretReference[]): SecretUse {
  const kubeConfigs = references.filter(({ role }) => role === 'kubeConfig');
  return {
    kubeConfigKeys: [...new Set(kubeConfigs.map(({ key }) => key ?? ''))],
    isDecryption: references.some(({ role }) => role === 'decryption'),
    // Both name where to connect to in `address`.
    isProvider: references.some(({ role }) => role === 'provider' || role === 'proxy'),
  };
}

function tooMany({ namespace, name }: ObjectName): Collected<never> {
  return unavailable(
    'incompleteList',
    `The Secret ${namespace}/${name} was not read: Flux objects of this cluster refer to more than ${MAX_SECRETS} Secrets.`,
  );
}

function keyedDigest(key: Buffer): Digest {
  return (parts) => createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex');
}
