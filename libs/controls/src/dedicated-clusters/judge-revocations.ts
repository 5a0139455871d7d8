import { type Evidence, type Observation, fail, nameList, warn, leastSure } from '#libs/core';
import { excerpt } from '#libs/flux';
import type { Identity, RbacIndex } from '#libs/rbac';
import { type TenantModel, describePrincipal } from '../tenants/tenant-model.js';
import type { AccessClass } from './access-object.js';
import { describePath, evidencePlace, grantEvidence, pathEvidence, principalEvidence } from './escalation-text.js';
import type { PlatformPrincipal } from './platform-principals.js';
import { protectingPolicy } from './protecting-policy.js';
import type { ReachedRevocation, TenantReach } from './tenant-reach.js';

const CLASS_TEXT: Readonly<Record<AccessClass, string>> = {
  A1: 'the bindings of the platform',
  A2: 'the roles of the platform',
  A3: 'the service accounts of the platform, with their namespaces and tokens',
  A4: 'the accounts that the platform impersonates',
  A5: 'who counts as the platform',
  A6: 'the admission of the cluster, which can refuse every request of the platform or let every change pass',
  A7: 'the API itself',
  A8: 'Flux in the cluster',
};

/** More evidence than this repeats itself. */
const MAX_EVIDENCE = 10;

interface Item extends ReachedRevocation {
  readonly principal: Identity;
  readonly identities: readonly Identity[];
}

interface Outcome {
  readonly verdict: 'nonRbac' | 'beyond' | 'admission';
  readonly items: Item[];
}

/** What a tenant may take away, told once for each kind of object. */
export function judgeRevocations(
  { tenant, groups }: TenantReach,
  model: TenantModel,
  index: RbacIndex,
  platform: readonly PlatformPrincipal[],
): readonly Observation[] {
  const outcomes = new Map<string, Outcome>();
  for (const { group, revocations } of groups) {
    for (const each of revocations) {
      const verdict = each.answer.nonRbac ? 'nonRbac' : each.object.beyondAdmission ? 'beyond' : 'admission';
      const key = `${each.object.class} ${each.object.kind}${verdict === 'nonRbac' ? ' (other authorizer)' : ''}`;
      const known = outcomes.get(key) ?? { verdict, items: [] };
      outcomes.set(key, known);
      known.items.push({ ...each, principal: group.representative, identities: group.identities });
    }
  }
  return [...outcomes].map(([field, { verdict, items }]) => {
    const subject = { kind: 'Tenant', name: tenant.name, field };
    const proven = items.every(({ answer }) => answer.confidence === 'proven');
    const confidence = leastSure(proven ? 'proven' : 'derived', tenant.declared ? 'proven' : 'heuristic');
    const evidence = evidenceOf(items, tenant.name, model, index);
    const [first, ...others] = evidence;
    const text = whatIsSo(tenant.name, items);
    if (verdict === 'admission') {
      return warn(subject, 'NOT_PROVEN', `${text} ${NOT_PROVEN_ADVICE} ${whatToProtect(items)}`, {
        confidence,
        evidence,
        fixes: protectingPolicy(model.registration, platform, [...new Set(items.map(({ object }) => object))]),
      });
    }
    return fail(
      subject,
      verdict === 'nonRbac' ? 'NON_RBAC_AUTHORIZER' : 'ACCESS_REVOCABLE',
      `${text} ${ADVICE[verdict]}`,
      {
        confidence,
        evidence: [
          first ?? { pointer: '/name', observed: model.registration.name, expected: 'no such right of a tenant' },
          ...others,
        ],
      },
    );
  });
}

const NOT_PROVEN_ADVICE =
  'RBAC does not protect the platform’s access here. An admission policy may, which only a trial request as the tenant can prove.';
const ADVICE = {
  beyond:
    'No admission policy can be relied on to refuse this, so RBAC alone must. Take the right away from the tenant.',
  nonRbac:
    'The API server allows it although no RBAC object does: another authorizer, such as access entries or roles of the cloud, decides too. Take the right away there.',
} as const;

function whatIsSo(tenant: string, items: readonly Item[]): string {
  const { object, path } = items[0] ?? {};
  const verbs = nameList(
    items.map(({ request }) => request.verb + (request.subresource ? ` ${request.subresource} of` : '')),
  );
  const names = items.flatMap((item) => (item.object.name === undefined ? [] : [excerpt(item.object.name, 120)]));
  const who = nameList(
    items.flatMap((item) => item.identities.map((identity) => excerpt(describePrincipal(identity), 100))),
  );
  const what = `${object?.kind ?? ''}${names.length > 0 ? ` ${nameList(names)}` : ' objects'}`;
  const way = path !== undefined && path.length > 0 ? ` ${describePath(path)}` : '';
  return (
    `Tenant ${tenant} may ${verbs} ${what} (${who}).${way} ` +
    `This is part of what the platform’s access rests on: ${CLASS_TEXT[object?.class ?? 'A1']}.`
  );
}

function whatToProtect(items: readonly Item[]): string {
  const names = items.flatMap(({ object }) =>
    object.name === undefined ? [] : [`${object.kind} ${excerpt(object.name, 120)}`],
  );
  const kinds = nameList(items.map(({ object }) => object.kind));
  return (
    `Take the right away, or let a policy with failurePolicy Fail refuse UPDATE and DELETE of ${names.length > 0 ? nameList(names) : `every ${kinds} of the platform`} ` +
    'to everybody but the platform, its break-glass principals and Kubernetes itself.'
  );
}

function evidenceOf(items: readonly Item[], tenant: string, model: TenantModel, index: RbacIndex): readonly Evidence[] {
  const found = new Map<string, Evidence>();
  for (const { answer, path, request, principal } of items) {
    const expected = `no right to ${request.verb} ${request.resource} for a tenant`;
    const own = answer.grant === undefined ? [] : grantEvidence(answer.grant, expected);
    const elsewhere = answer.nonRbac
      ? [
          {
            ...principalEvidence(model.registration, tenant, principal),
            note: excerpt(answer.reason ?? 'allowed by the API server'),
          },
        ]
      : [];
    for (const each of [...pathEvidence(path, index), ...own, ...elsewhere]) {
      const key = evidencePlace(each);
      if (found.size < MAX_EVIDENCE && !found.has(key)) found.set(key, each);
    }
  }
  return [...found.values()];
}
