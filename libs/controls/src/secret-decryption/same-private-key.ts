import { type Evidence, type Observation, type Subject, fail, pass } from '#libs/core';
import { excerpt } from '#libs/flux';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import { type KeyHolders, MAX_OTHERS, matters } from './key-holders.js';
import { decryptionKeys, secretEvidence } from './named-secret.js';
import { ownKeyFix } from './own-key-fix.js';
import type { TenantKeys } from './tenant-keys.js';

const SHOWN = 3;

export function subjectOfTenant({ name }: Tenant): Subject {
  return { kind: 'Tenant', name };
}

/** `team-a, team-b, team-c and 2 more`; not counted where there are more than anybody looked for. */
export function tenantNames(others: readonly TenantKeys[]): string {
  const names = others.slice(0, SHOWN).map(({ tenant }) => excerpt(tenant.name));
  const more = others.length - names.length;
  return names.join(', ') + (others.length > MAX_OTHERS ? ' and more' : more > 0 ? ` and ${more} more` : '');
}

/** The same private key, or the same Secret, in namespaces of several tenants. */
export function samePrivateKey(
  own: TenantKeys,
  { byKey, all }: KeyHolders,
  model: TenantModel,
): readonly Observation[] {
  const digests = new Set(
    own.secrets.filter((secret) => decryptionKeys(secret).length > 0).map(({ digest }) => digest),
  );
  const others = new Set(
    [...own.told.keys()].flatMap((key) =>
      (byKey.get(key) ?? []).filter((other) => other !== own && other.told.has(key)),
    ),
  );
  if (digests.size > 0) {
    for (const other of all)
      if (other !== own && other.secrets.some(({ digest }) => digests.has(digest))) others.add(other);
  }
  const [first, ...more] = [...others];
  if (!first) return [];
  const { tenant } = own;
  const subject = subjectOfTenant(tenant);
  const what = `The decryption Secret of tenant ${excerpt(tenant.name)} holds the same private key as that of ${tenantNames([first, ...more])}.`;
  if (![first, ...more].some((other) => matters(tenant, other.tenant))) {
    const message = `${what} The registry declares low isolation for all of them, so this is as it was chosen.`;
    return [pass(subject, 'SAME_PRIVATE_KEY', message, { severity: 'info', confidence: model.confidence })];
  }
  const evidence = [own, first].flatMap(({ secrets }) =>
    secrets
      .filter(
        (secret) =>
          digests.has(secret.digest) ||
          secret.decryption?.recipients.some((each) =>
            own.secrets.some((mine) => mine.decryption?.recipients.includes(each)),
          ),
      )
      .slice(0, 2)
      .map((secret) => secretEvidence(secret, '/digest', 'the same key', 'a key of this tenant alone')),
  );
  return [
    fail(
      subject,
      'SAME_PRIVATE_KEY',
      `${what} So each of them opens what is encrypted for the others. ` +
        'Make a key for each tenant, encrypt its files anew, and change the values that others could read.',
      {
        severity: 'high',
        confidence: model.confidence,
        evidence: evidence as [Evidence],
        fixes: [ownKeyFix(own)],
      },
    ),
  ];
}
