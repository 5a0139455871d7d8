import { stringify } from 'yaml';
import type { Fix, FluxInstance, Kustomization } from '#libs/core';
import { excerpt } from '#libs/flux';
import { shellText } from '../git-sources/shell-text.js';
import { type EncryptedItem, kindOfRecipient, recipientsOf } from './sops-recipients.js';
import type { Surroundings } from './decryption-subject.js';

type Decryption = NonNullable<Kustomization['spec']['decryption']>;

/** How to give a Kustomization `spec.decryption`, where it is written. */
export function decryptionFixes(
  kustomization: Kustomization,
  items: readonly EncryptedItem[],
  { fluxInstances }: Surroundings,
): readonly Fix[] {
  const decryption = suggested(items);
  const instance = fluxInstances.state === 'collected' && rootInstance(kustomization, fluxInstances.value);
  const change = instance ? instanceFix(instance, decryption) : objectFix(kustomization, decryption);
  const { secretRef } = decryption;
  return secretRef ? [change, keyFix(kustomization.metadata.namespace ?? '', secretRef.name, items)] : [change];
}

/** What fits the recipients: a Secret with the private key, or an account of the cloud. */
function suggested(items: readonly EncryptedItem[]): Decryption {
  const kinds = new Set(items.flatMap(recipientsOf).map(({ id }) => kindOfRecipient(id)));
  if (kinds.has('age') || kinds.size === 0) return { provider: 'sops', secretRef: { name: 'sops-age' } };
  if (kinds.has('pgp')) return { provider: 'sops', secretRef: { name: 'sops-gpg' } };
  if (kinds.has('cloud')) return { provider: 'sops', serviceAccountName: 'sops' };
  return { provider: 'sops', secretRef: { name: 'sops-vault' } };
}

/** The FluxInstance whose sync this Kustomization is; it takes the name of the namespace. */
function rootInstance({ metadata }: Kustomization, instances: readonly FluxInstance[]): FluxInstance | undefined {
  return instances.find(
    (instance) =>
      instance.spec?.sync !== undefined &&
      instance.metadata.namespace === metadata.namespace &&
      metadata.name === metadata.namespace,
  );
}

function instanceFix({ metadata, apiVersion }: FluxInstance, decryption: Decryption): Fix {
  const patch = yaml([{ op: 'add', path: '/spec/decryption', value: decryption }]);
  return {
    form: 'fluxOperatorPatch',
    title: 'Set in the FluxInstance: decryption of the root sync',
    content: yaml({
      apiVersion,
      kind: 'FluxInstance',
      metadata: { name: metadata.name, namespace: metadata.namespace },
      spec: { kustomize: { patches: [{ target: { kind: 'Kustomization' }, patch }] } },
    }),
  };
}

function objectFix(kustomization: Kustomization, decryption: Decryption): Fix {
  const { name, namespace, labels = {} } = kustomization.metadata;
  const applier = labels['kustomize.toolkit.fluxcd.io/name'];
  // The root of `flux bootstrap` applies itself, and its own manifest is generated: a patch lasts.
  const isRoot = applier === name && labels['kustomize.toolkit.fluxcd.io/namespace'] === namespace;
  if (isRoot) {
    const patch = yaml([{ op: 'add', path: '/spec/decryption', value: decryption }]);
    return {
      form: 'kustomizePatch',
      title: `Patch the root Kustomization ${name}`,
      content:
        `# ${(kustomization.spec.path ?? '.').replace(/\/$/, '')}/${namespace}/kustomization.yaml\n` +
        yaml({ patches: [{ target: { kind: 'Kustomization', name }, patch }] }),
    };
  }
  return {
    form: 'manifest',
    title: `Set spec.decryption in the manifest of the Kustomization ${namespace}/${name}`,
    content: yaml({
      apiVersion: kustomization.apiVersion,
      kind: 'Kustomization',
      metadata: { name, namespace },
      spec: { decryption },
    }),
  };
}

function keyFix(namespace: string, name: string, items: readonly EncryptedItem[]): Fix {
  return {
    form: 'steps',
    title: `Create the Secret ${namespace}/${excerpt(name)} with the private key`,
    content: createSecret(namespace, name, items),
  };
}

/** `kubectl create secret` for the kind of key that the recipients ask for. */
export function createSecret(namespace: string, name: string, items: readonly EncryptedItem[]): string {
  const kinds = new Set(items.flatMap(recipientsOf).map(({ id }) => kindOfRecipient(id)));
  const head = `kubectl --namespace ${shellText(namespace)} create secret generic ${shellText(name)}`;
  if (kinds.has('pgp') && !kinds.has('age')) {
    return `gpg --export-secret-keys --armor <fingerprint> | ${head} --from-file=sops.asc=/dev/stdin\n`;
  }
  if (kinds.has('vault') && !kinds.has('age')) return `${head} --from-file=sops.vault-token=<file>\n`;
  return `${head} --from-file=age.agekey=<file>\n`;
}

function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}
