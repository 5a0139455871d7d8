import type { Artifacts, Collected, GitFile, Kustomization, SecretFacts, SopsRecipient } from '#libs/core';
import {
  type Build,
  type ReconciledBuilds,
  unknownFiles,
  type UnknownFiles,
} from '../git-sources/reconciled-builds.js';
import { cloudRoleOf } from '../multi-tenancy/cloud-identity.js';
import { isWithin, sameRepository } from '../tenants/ownership.js';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import { decryptionKeys, namedSecret } from './named-secret.js';
import { secretsIn } from './secrets-in-build.js';
import {
  type EncryptedItem,
  encryptedItems,
  isTellable,
  kindOfRecipient,
  recipientKey,
  recipientsOf,
  wrappedKey,
} from './sops-recipients.js';

type Unavailable = Extract<Collected<unknown>, { state: 'unavailable' }>;

/** What a tenant keeps encrypted, and which keys it can use, as far as that is known. */
export interface TenantKeys {
  readonly tenant: Tenant;
  /** In the files that its Kustomizations build, and in its paths of the registry. */
  readonly items: readonly EncryptedItem[];
  readonly files: ReadonlySet<GitFile>;
  /** Secrets of its namespaces that its Kustomizations decrypt with. */
  readonly secrets: readonly SecretFacts[];
  /** Keys whose private half is in one of its Secrets, by recipient. */
  readonly told: ReadonlyMap<string, SecretFacts>;
  /** Keys that it must have, because its own files can be opened with nothing else. */
  readonly inferred: ReadonlySet<string>;
  /** Keys of which it must have one at least. */
  readonly possible: ReadonlySet<string>;
  /** Cloud roles of the accounts that its Kustomizations decrypt as. */
  readonly roles: ReadonlySet<string>;
  /** What could not be read of it. */
  readonly gaps: readonly (Unavailable | UnknownFiles)[];
}

export interface KeyFacts {
  readonly model: TenantModel;
  readonly builds: ReconciledBuilds;
  readonly secretFacts: Collected<Artifacts['secretFacts']>;
  readonly serviceAccounts: Collected<Artifacts['serviceAccounts']>;
  /** Recipients of the registry whose private half is kept for recovery only. */
  readonly recovery: ReadonlySet<string>;
}

/** A key as two files share it: public half, or the key of a key service with its context and role. */
export function keyOf(recipient: SopsRecipient): string {
  const kind = kindOfRecipient(recipient.id);
  return kind === 'age' || kind === 'pgp' ? recipientKey(recipient.id) : wrappedKey(recipient);
}

/** The keys of every tenant, in the order of the tenants. */
export function tenantKeys(facts: KeyFacts): readonly TenantKeys[] {
  const byTenant = new Map<Tenant, { builds: Build[]; unread: ReconciledBuilds['unread'][number][] }>();
  const entryOf = (tenant: Tenant) => {
    const entry = byTenant.get(tenant) ?? { builds: [], unread: [] };
    byTenant.set(tenant, entry);
    return entry;
  };
  const { model, builds } = facts;
  for (const build of builds.builds) {
    const tenant = model.tenantOf(build.kustomization.metadata.namespace);
    if (tenant) entryOf(tenant).builds.push(build);
  }
  for (const each of builds.unread) {
    const tenant = model.tenantOf(each.kustomization.metadata.namespace);
    if (tenant) entryOf(tenant).unread.push(each);
  }
  return model.tenants.map((tenant) => keysOf(tenant, { ...entryOf(tenant), trees: builds.trees }, facts));
}

function keysOf(tenant: Tenant, own: ReconciledBuilds, facts: KeyFacts): TenantKeys {
  const declared = declaredFiles(tenant, own);
  const built = own.builds.flatMap(({ closure }) => secretsIn(closure).items);
  const items = [
    ...new Map([...built, ...declared.files.flatMap(encryptedItems)].map((item) => [item.sops, item])).values(),
  ];
  const missing = unknownFiles(own);
  const gaps: (Unavailable | UnknownFiles)[] = [...(missing ? [missing] : []), ...declared.gaps];
  const told = new Map<string, SecretFacts>();
  const secrets = new Map<string, SecretFacts>();
  const inferred = new Set<string>();
  const possible = new Set<string>();
  const roles = new Set<string>();
  const kustomizations = [...own.builds, ...own.unread].map(({ kustomization }) => kustomization);
  for (const kustomization of kustomizations) {
    const secret = secretOf(kustomization, facts);
    if (secret?.state === 'unavailable') gaps.push(secret);
    if (secret?.state === 'collected' && secret.value) secrets.set(secret.value.metadata.name, secret.value);
    const role = roleOf(kustomization, facts);
    if (typeof role === 'string') roles.add(role);
    else if (role) gaps.push(role);
  }
  for (const secret of secrets.values()) {
    for (const recipient of secret.decryption?.recipients ?? []) told.set(recipientKey(recipient), secret);
  }
  const pairsTold =
    secrets.size > 0 &&
    gaps.length === 0 &&
    [...secrets.values()].every(tellsAll) &&
    kustomizations.every(({ spec }) => !spec.decryption || spec.decryption.secretRef !== undefined);
  const groups = [...own.builds.map(({ closure }) => secretsIn(closure).items), ...declared.files.map(encryptedItems)];
  for (const group of groups) {
    const found = usableKeys(group, facts.recovery, pairsTold);
    for (const key of found.certain) inferred.add(key);
    for (const key of found.possible) possible.add(key);
  }
  const files = new Set(own.builds.flatMap(({ closure }) => [...closure.files]));
  return { tenant, items, files, secrets: [...secrets.values()], told, inferred, possible, roles, gaps };
}

/** Files of the paths that the registry gives a tenant, and which of its repositories were not read. */
function declaredFiles({ registration }: Tenant, { trees }: ReconciledBuilds) {
  const files: GitFile[] = [];
  const gaps: UnknownFiles[] = [];
  for (const { repo, paths } of registration?.gitPaths ?? []) {
    const found = trees.filter(({ tree }) => sameRepository(tree.url, repo));
    if (found.length === 0)
      gaps.push({
        cause: 'notCollected',
        reason: 'SOURCE_UNREADABLE',
        why: 'a repository that the registry names was not read',
      });
    for (const { tree } of found)
      files.push(...tree.files.filter(({ path }) => paths.some((folder) => isWithin(path, folder))));
  }
  return { files, gaps };
}

function secretOf({ metadata, spec }: Kustomization, { secretFacts }: KeyFacts) {
  const name = spec.decryption?.secretRef?.name;
  return name === undefined ? undefined : namedSecret(secretFacts, metadata.namespace ?? '', name);
}

function roleOf({ metadata, spec }: Kustomization, { serviceAccounts }: KeyFacts): string | Unavailable | undefined {
  const name = spec.decryption?.serviceAccountName;
  if (!name) return undefined;
  if (serviceAccounts.state === 'unavailable') return serviceAccounts;
  const account = serviceAccounts.value.find(
    (each) => each.metadata.name === name && each.metadata.namespace === metadata.namespace,
  );
  return account && cloudRoleOf(account);
}

/**
 * Which keys whoever builds some files must have: where a file can be opened with one key only, that; where all files
 * have one key in common, that; else one of several. `pairsTold`: which key pairs it has is known from its Secrets.
 */
export function usableKeys(items: readonly EncryptedItem[], recovery: ReadonlySet<string>, pairsTold: boolean) {
  const certain = new Set<string>();
  const possible = new Set<string>();
  const choices = items.map((item) => {
    const usable = recipientsOf(item).filter(
      ({ id }) => !recovery.has(recipientKey(id)) && !(pairsTold && isTellable(id)),
    );
    return new Set(usable.map(keyOf));
  });
  const [first, ...others] = choices;
  const common = [...(first ?? [])].filter((key) => others.every((choice) => choice.has(key)));
  if (common.length === 1) for (const key of common) certain.add(key);
  for (const [index, choice] of choices.entries()) {
    const { groups = [], threshold = 0 } = items[index]?.sops ?? {};
    const needsAll = threshold === 0 || threshold >= groups.length;
    if (choice.size === 1) for (const key of choice) certain.add(key);
    else if (needsAll && groups.length > 1) {
      for (const [only, ...more] of groups)
        if (only && more.length === 0 && choice.has(keyOf(only))) certain.add(keyOf(only));
    }
    for (const key of common.length > 0 ? common : choice) possible.add(key);
  }
  return { certain, possible };
}

/** Each file of age identities told of one at least. */
function tellsAll(secret: SecretFacts): boolean {
  const told = secret.decryption?.recipients.filter(isTellable) ?? [];
  return told.length >= decryptionKeys(secret).filter((key) => key.endsWith('.agekey')).length;
}
