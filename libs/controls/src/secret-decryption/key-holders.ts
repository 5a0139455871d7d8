import type { Tenant } from '../tenants/tenant-model.js';
import { type Answer, type EncryptedItem, kindOfRecipient, opens, recipientsOf } from './sops-recipients.js';
import { type TenantKeys, keyOf } from './tenant-keys.js';

/** Enough to name; the rest is not looked for. */
export const MAX_OTHERS = 10;

/** Who holds what, for questions about single tenants. */
export interface KeyHolders {
  readonly all: readonly TenantKeys[];
  readonly byKey: ReadonlyMap<string, readonly TenantKeys[]>;
  readonly byRole: ReadonlyMap<string, readonly TenantKeys[]>;
  /** Tenants with files for a key of a key service, by the key without its context and role. */
  readonly byService: ReadonlyMap<string, readonly TenantKeys[]>;
  /** Keys that kustomize-controller uses for whoever names none. */
  readonly global: ReadonlySet<string>;
}

export function keyHolders(all: readonly TenantKeys[], global: ReadonlySet<string>): KeyHolders {
  return {
    all,
    global,
    byKey: indexed(all, ({ told, inferred, possible }) => new Set([...told.keys(), ...inferred, ...possible])),
    byRole: indexed(all, ({ roles }) => roles),
    byService: indexed(
      all,
      ({ items }) =>
        new Set(
          items
            .flatMap(recipientsOf)
            .filter(isService)
            .map(({ id }) => id),
        ),
    ),
  };
}

/** The recipient is a key of a key service, not a key pair. */
export const isService = ({ id }: { readonly id: string }): boolean => !['age', 'pgp'].includes(kindOfRecipient(id));

function indexed(
  all: readonly TenantKeys[],
  keysOf: (keys: TenantKeys) => ReadonlySet<string>,
): ReadonlyMap<string, readonly TenantKeys[]> {
  const found = new Map<string, TenantKeys[]>();
  for (const keys of all) {
    for (const key of keysOf(keys)) {
      const entry = found.get(key);
      if (entry) entry.push(keys);
      else found.set(key, [keys]);
    }
  }
  return found;
}

/** Somebody else who can open a file, or may be able to. */
export interface Opened {
  readonly other: TenantKeys;
  readonly item: EncryptedItem;
  readonly answer: Exclude<Answer, 'no'>;
}

/** Which other tenants can open files of one, or may be able to. */
export function openedBy(own: TenantKeys, holders: KeyHolders): readonly Opened[] {
  const found = new Map<TenantKeys, Opened>();
  const kinds = new Map(own.items.map((item) => [JSON.stringify([item.sops.groups, item.sops.threshold ?? 0]), item]));
  for (const item of kinds.values()) {
    const candidates = new Set([
      ...recipientsOf(item).flatMap((recipient) => holders.byKey.get(keyOf(recipient)) ?? []),
      ...(recipientsOf(item).some(isService) ? [...own.roles].flatMap((role) => holders.byRole.get(role) ?? []) : []),
      ...(recipientsOf(item).some((recipient) => holders.global.has(keyOf(recipient)))
        ? holders.all.slice(0, MAX_OTHERS + 2)
        : []),
    ]);
    for (const other of candidates) {
      if (other === own || other.files.has(item.file) || found.get(other)?.answer === 'yes') continue;
      const answer = opens(item.sops, (recipient) => {
        const key = keyOf(recipient);
        if (other.told.has(key) || other.inferred.has(key) || holders.global.has(key)) return 'yes';
        if (isService(recipient) && [...own.roles].some((role) => other.roles.has(role))) return 'yes';
        return other.possible.has(key) ? 'unknown' : 'no';
      });
      if (answer !== 'no') found.set(other, { other, item, answer });
      if ([...found.values()].filter((each) => each.answer === 'yes').length > MAX_OTHERS) return [...found.values()];
    }
  }
  return [...found.values()];
}

/** Whether a key that two tenants share is a fault: both would have to be low for it to be what was chosen. */
export function matters(a: Tenant, b: Tenant): boolean {
  return a.isolation === 'high' || b.isolation === 'high';
}
