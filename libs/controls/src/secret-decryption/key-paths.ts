import type { Kustomization, SecretFacts, SopsRecipient } from '#libs/core';
import type { Surroundings } from './decryption-subject.js';
import type { Setting } from './kustomize-settings.js';
import { decryptionKeys, namedSecret } from './named-secret.js';
import { type Answer, isTellable, kindOfRecipient, recipientKey } from './sops-recipients.js';

/** Which recipients a Kustomization can open with what `spec.decryption` and the controller give it. */
export interface KeyPaths {
  canOpen(recipient: SopsRecipient): Answer;
  /** Why an answer was `unknown`. */
  readonly gaps: readonly Extract<Setting, { state: 'unknown' }>[];
}

const CLOUD_KEYS: Readonly<Record<string, string>> = {
  aws: 'sops.aws-kms',
  azkv: 'sops.azure-kv',
  gcp: 'sops.gcp-kms',
};

/**
 * The paths that kustomize-controller tries: the keys of the Secret; without a `secretRef` its own age key; for key
 * services the service account, the default account, or its own identity; for Vault a token.
 * https://fluxcd.io/flux/components/kustomize/kustomizations/#decryption
 */
export function keyPaths(kustomization: Kustomization, { settings, secretFacts }: Surroundings): KeyPaths {
  const { decryption } = kustomization.spec;
  const { namespace = '' } = kustomization.metadata;
  const found = decryption?.secretRef && namedSecret(secretFacts, namespace, decryption.secretRef.name);
  const secret = found?.state === 'collected' ? found.value : undefined;
  const gaps: Extract<Setting, { state: 'unknown' }>[] = [];
  const answer = (...alternatives: readonly Setting[]): Answer => {
    if (alternatives.some(({ state }) => state === 'yes')) return 'yes';
    const unknown = alternatives.filter((each) => each.state === 'unknown');
    gaps.push(...unknown);
    return unknown.length > 0 ? 'unknown' : 'no';
  };
  const account: Setting = { state: decryption?.serviceAccountName ? 'yes' : 'no' };
  return {
    gaps,
    canOpen: ({ id }) => {
      const held = secret ? heldIn(secret, id) : 'no';
      if (held !== 'no') return 'yes';
      const kind = kindOfRecipient(id);
      if (kind === 'cloud') return answer(account, settings.defaultAccount, settings.cloudIdentity);
      if (kind === 'vault') return answer(settings.vaultToken, whichVault(settings.vaultConfigMap));
      // The controller has no PGP key of its own, and its age key stands in for a Secret that is not named.
      return kind === 'pgp' || decryption?.secretRef ? 'no' : answer(settings.ageSecret);
    },
  };
}

/** The ConfigMap lists the addresses that are allowed; it is not read. */
function whichVault(setting: Setting): Setting {
  if (setting.state !== 'yes') return setting;
  return {
    state: 'unknown',
    why: 'the ConfigMap of --sops-vault-configmap, which lists the addresses of Vault, is not read',
  };
}

/**
 * Whether a Secret holds the key of a recipient. Public halves of age keys are compared where each could be told; a
 * fingerprint may be that of a subkey, so that any PGP key may be the right one.
 */
function heldIn(secret: SecretFacts, id: string): Answer {
  const keys = decryptionKeys(secret);
  const told = (secret.decryption?.recipients ?? []).map(recipientKey);
  if (told.includes(recipientKey(id))) return 'yes';
  const kind = kindOfRecipient(id);
  if (kind === 'pgp') return keys.some((key) => key.endsWith('.asc')) ? 'unknown' : 'no';
  if (kind === 'vault') return keys.includes('sops.vault-token') ? 'unknown' : 'no';
  if (kind === 'cloud') return keys.includes(CLOUD_KEYS[id.slice(0, id.indexOf(':'))] ?? '') ? 'unknown' : 'no';
  const ageKeys = keys.filter((key) => key.endsWith('.agekey')).length;
  if (ageKeys === 0) return 'no';
  if (!isTellable(id)) return 'unknown';
  return told.filter((key) => key.startsWith('age:')).length < ageKeys ? 'unknown' : 'no';
}
