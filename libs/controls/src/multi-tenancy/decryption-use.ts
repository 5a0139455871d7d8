import { type Artifacts, type Collected, type Kustomization, type SopsFacts, unavailable } from '#libs/core';
import { type ReconciledBuilds } from '../git-sources/reconciled-builds.js';
import { type CloudUse, DECRYPTION_FLAG, type UnreadUse, namedAt } from './cloud-uses.js';

type Unread = UnreadUse['unread'];

/** Keys of a decryption Secret that hold a credential for a key service, by how its recipients are written. */
const CREDENTIALS: Readonly<Record<string, string>> = {
  aws: 'sops.aws-kms',
  azkv: 'sops.azure-kv',
  gcp: 'sops.gcp-kms',
};

/** What tells with which keys the files of a Kustomization are encrypted. */
export interface DecryptionFacts {
  readonly builds: ReconciledBuilds;
  readonly secretFacts: Collected<Artifacts['secretFacts']>;
}

/**
 * For each Kustomization that decrypts: as whom it asks the key services of clouds, if its files need one and its Secret
 * holds no credential for it. https://fluxcd.io/flux/components/kustomize/kustomizations/#decryption
 */
export function decryptionUses(
  kustomizations: readonly Kustomization[],
  { builds, secretFacts }: DecryptionFacts,
): readonly (CloudUse | UnreadUse)[] {
  const read = new Map(builds.builds.map((build) => [build.kustomization, build]));
  const unread = new Map(builds.unread.map(({ kustomization, source }) => [kustomization, source.why]));
  return kustomizations.flatMap((object): readonly (CloudUse | UnreadUse)[] => {
    const { decryption } = object.spec;
    if (decryption?.provider !== 'sops') return [];
    const named = namedAt(object, '/spec/decryption/serviceAccountName', decryption.serviceAccountName);
    const use = {
      object,
      field: 'spec.decryption',
      named,
      place: 'spec.decryption.serviceAccountName',
      flag: DECRYPTION_FLAG,
    };
    const build = read.get(object);
    if (!build) {
      const why = unread.get(object) ?? unavailable('notCollected', 'The files of its source were not read.');
      return why.state === 'unavailable' ? [{ ...use, what: 'the keys of its files', unread: why }] : [];
    }
    const services = [...new Set([...build.closure.files].flatMap((file) => servicesOf(file.sops, file.documents)))];
    const credentials = keysOf(object, secretFacts);
    const needed = services.filter((service) => {
      const key = CREDENTIALS[service];
      return key !== undefined && !(Array.isArray(credentials) && credentials.includes(key));
    });
    if (needed.length === 0) return [];
    const what = `the key service of ${needed.map((service) => NAMES[service] ?? service).join(', ')}`;
    return [Array.isArray(credentials) ? { ...use, what } : { ...use, what, unread: credentials as Unread }];
  });
}

const NAMES: Readonly<Record<string, string>> = { aws: 'AWS', azkv: 'Azure', gcp: 'Google Cloud' };

function servicesOf(
  file: SopsFacts | undefined,
  documents: readonly { readonly sops?: SopsFacts }[] = [],
): readonly string[] {
  return [file, ...documents.map(({ sops }) => sops)].flatMap(
    (sops) => sops?.groups.flatMap((group) => group.map(({ id }) => id.split(':')[0] ?? '')) ?? [],
  );
}

/** The keys of the Secret that holds its decryption keys: none where it names none, or there is none. */
function keysOf(
  { metadata, spec }: Kustomization,
  secretFacts: DecryptionFacts['secretFacts'],
): readonly string[] | Unread {
  const name = spec.decryption?.secretRef?.name;
  if (name === undefined) return [];
  if (secretFacts.state === 'unavailable') return secretFacts;
  const key = `${metadata.namespace ?? 'default'}/${name}`;
  const entry = Object.hasOwn(secretFacts.value, key) ? secretFacts.value[key] : undefined;
  if (entry?.state === 'collected') return entry.value?.keys ?? [];
  return (
    entry ?? { state: 'unavailable', reason: 'notCollected', message: `Nobody read the Secret ${key}.`, missing: [] }
  );
}
