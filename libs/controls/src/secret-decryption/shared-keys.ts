import { type Evidence, type Observation, count, fail, pass, warn } from '#libs/core';
import { excerpt } from '#libs/flux';
import type { TenantModel } from '../tenants/tenant-model.js';
import { type KeyHolders, MAX_OTHERS, type Opened, isService, matters, openedBy } from './key-holders.js';
import { secretEvidence } from './named-secret.js';
import { ownKeyFix } from './own-key-fix.js';
import { samePrivateKey, subjectOfTenant, tenantNames } from './same-private-key.js';
import { fileNames, gitFileReference } from './secrets-in-build.js';
import { type EncryptedItem, recipientsOf, wrappedKey } from './sops-recipients.js';
import { type TenantKeys, keyOf } from './tenant-keys.js';

/** Whether the files of a tenant can be opened by itself alone. `complete`: everything that this rests on was read. */
export function judgeTenant(
  own: TenantKeys,
  holders: KeyHolders,
  model: TenantModel,
  complete: boolean,
): readonly Observation[] {
  if (own.items.length === 0 && own.secrets.length === 0) return [];
  const opened = openedBy(own, holders);
  const judged = [
    ...shared(
      own,
      opened.filter(({ answer }) => answer === 'yes'),
      model,
    ),
    ...samePrivateKey(own, holders, model),
    ...uncertain(own, opened, model),
    ...byContext(own, holders, model),
  ];
  if (judged.length > 0 || !complete) return judged;
  const { tenant } = own;
  const message = `What tenant ${excerpt(tenant.name)} keeps encrypted (${count(own.items.length, 'document')}) is opened by no key of another tenant.`;
  return [
    pass(subjectOfTenant(tenant), 'OWN_KEY', message, {
      confidence: model.confidence === 'heuristic' ? 'heuristic' : 'derived',
    }),
  ];
}

function itemEvidence(item: EncryptedItem, expected: string): Evidence {
  return {
    object: gitFileReference(item.file),
    pointer: `${item.pointer}/groups`,
    observed: recipientsOf(item).map((recipient) => excerpt(wrappedKey(recipient))),
    expected,
  };
}

function shared(own: TenantKeys, opened: readonly Opened[], model: TenantModel): readonly Observation[] {
  const [first] = opened;
  if (!first) return [];
  const { tenant } = own;
  const subject = subjectOfTenant(tenant);
  const others = opened.map(({ other }) => other);
  const proven = opened.some(({ other, item }) =>
    recipientsOf(item).some((recipient) => other.told.has(keyOf(recipient))),
  );
  const what = `Files of tenant ${excerpt(tenant.name)} (${fileNames(opened.map(({ item }) => item))}) can be opened with keys of ${count(others.length, 'other tenant')}: ${tenantNames(others)}.`;
  if (!others.some((other) => matters(tenant, other.tenant))) {
    return [
      pass(
        subject,
        'SHARED_KEK',
        `${what} The registry declares low isolation for all of them, so this is as it was chosen.`,
        {
          severity: 'info',
          confidence: model.confidence,
        },
      ),
    ];
  }
  const secrets = opened.flatMap(({ other, item }) =>
    recipientsOf(item).flatMap((recipient) => {
      const secret = other.told.get(keyOf(recipient));
      return secret
        ? [
            secretEvidence(
              secret,
              '/decryption/recipients',
              secret.decryption?.recipients ?? [],
              'keys of this tenant alone',
            ),
          ]
        : [];
    }),
  );
  return [
    fail(
      subject,
      'SHARED_KEK',
      `${what} Whoever holds such a key reads these secrets wherever their ciphertext can be read. ` +
        'Give each tenant a key of its own, encrypt its files anew, and change the values; a key that is kept for recovery belongs into the registry.',
      {
        severity: 'high',
        confidence: model.confidence === 'heuristic' ? 'heuristic' : proven ? model.confidence : 'derived',
        evidence: [itemEvidence(first.item, 'recipients of this tenant alone'), ...secrets.slice(0, MAX_OTHERS)],
        fixes: [ownKeyFix(own)],
      },
    ),
  ];
}

function uncertain(own: TenantKeys, opened: readonly Opened[], model: TenantModel): readonly Observation[] {
  const { tenant } = own;
  const unknown = opened.filter(({ other, answer }) => answer === 'unknown' && matters(tenant, other.tenant));
  const [first] = unknown;
  if (!first || opened.some(({ answer }) => answer === 'yes')) return [];
  return [
    warn(
      subjectOfTenant(tenant),
      'SHARED_RECIPIENT',
      `Files of tenant ${excerpt(tenant.name)} (${fileNames(unknown.map(({ item }) => item))}) are encrypted for recipients that files of ${tenantNames(unknown.map(({ other }) => other))} are encrypted for, too. ` +
        'Which of its keys each tenant holds is not known, so the shared one may be theirs. ' +
        'Declare it as a recovery recipient where its private half is kept away from tenants, or let decryption Secrets be read.',
      {
        severity: 'medium',
        confidence: model.confidence === 'heuristic' ? 'heuristic' : 'derived',
        evidence: [itemEvidence(first.item, 'recipients of this tenant, and declared ones for recovery')],
      },
    ),
  ];
}

function byContext(own: TenantKeys, { byService }: KeyHolders, model: TenantModel): readonly Observation[] {
  const { tenant } = own;
  for (const item of own.items) {
    for (const recipient of recipientsOf(item).filter(isService)) {
      const key = keyOf(recipient);
      const others = (byService.get(recipient.id) ?? []).filter(
        (other) =>
          other !== own &&
          matters(tenant, other.tenant) &&
          !other.items.some((each) => recipientsOf(each).some((theirs) => keyOf(theirs) === key)),
      );
      if (others.length === 0) continue;
      return [
        warn(
          subjectOfTenant(tenant),
          'SHARED_SERVICE_KEY',
          `Tenant ${excerpt(tenant.name)} uses the same key of a key service as ${tenantNames(others)}, with another encryption context or role: ${excerpt(recipient.id)}. ` +
            'What keeps them apart is then the policy of the key alone, which cannot be seen from here. ' +
            'See that the policy asks for the context, or give each tenant a key of its own.',
          {
            severity: 'medium',
            confidence: model.confidence,
            evidence: [itemEvidence(item, 'a key of this tenant alone')],
          },
        ),
      ];
    }
  }
  return [];
}
