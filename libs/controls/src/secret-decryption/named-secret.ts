import type { Artifacts, Collected, Evidence, SecretFacts } from '#libs/core';

/** A Secret that was looked for by name: `value: null` = it does not exist. */
export type NamedSecret = Collected<SecretFacts | null>;

/** The facts of one Secret; a name that nobody asked for counts as not collected. */
export function namedSecret(facts: Collected<Artifacts['secretFacts']>, namespace: string, name: string): NamedSecret {
  if (facts.state === 'unavailable') return facts;
  return (
    facts.value[`${namespace}/${name}`] ?? {
      state: 'unavailable',
      reason: 'notCollected',
      message: `The Secret ${namespace}/${name} was not read.`,
      missing: [{ verb: 'get', group: '', resource: 'secrets', namespace, name }],
    }
  );
}

/** Evidence in the facts of a Secret. */
export function secretEvidence(
  { metadata }: SecretFacts,
  pointer: string,
  observed: Evidence['observed'],
  expected: string,
): Evidence {
  const { namespace, name, uid, resourceVersion } = metadata;
  return {
    object: {
      apiVersion: 'v1',
      kind: 'Secret',
      name,
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
    },
    pointer,
    observed,
    expected,
  };
}

/** Keys that kustomize-controller takes from a decryption Secret: https://fluxcd.io/flux/components/kustomize/kustomizations/#decryption */
const STATIC_CREDENTIALS: ReadonlySet<string> = new Set([
  'sops.vault-token',
  'sops.aws-kms',
  'sops.azure-kv',
  'sops.gcp-kms',
]);

/** The keys of a Secret that kustomize-controller decrypts with; one without a value is none. */
export function decryptionKeys({ keys, lengths }: SecretFacts): readonly string[] {
  return keys.filter((key) => (/\.(?:agekey|asc)$/.test(key) || STATIC_CREDENTIALS.has(key)) && lengths[key] !== 0);
}

/** Those that are credentials of a cloud or of Vault. */
export function staticCredentials(secret: SecretFacts): readonly string[] {
  return decryptionKeys(secret).filter((key) => STATIC_CREDENTIALS.has(key));
}
