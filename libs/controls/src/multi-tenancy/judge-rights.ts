import type { Access } from '../access/access.js';
import { type AccountProbe, accountProbes } from '../access/questions/tenant-accounts.js';
import { type HeldRight, canWrite, rightsHeldBy } from '../access/held-rights.js';
import { type Identity, MASTERS, asAuthorized, ruleAllows } from '#libs/rbac';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';

/** What an identity may do beyond the namespaces of a tenant, and what it may do in them. */
export interface JudgedRights {
  /** It is in `system:masters`, which may do everything. */
  readonly masters: boolean;
  /** Rights that change something everywhere, or read Secrets or change something outside of the tenant. */
  readonly beyond: readonly HeldRight[];
  /** Every right on everything, inside of a namespace of the tenant. */
  readonly everythingInside: readonly HeldRight[];
  /** The API server allows it, and no RBAC object does. */
  readonly byOthers: readonly AccountProbe[];
  /** The API server refuses what RBAC allows, and what RBAC allows is all that there is. */
  readonly refused: readonly AccountProbe[];
  /** The API server was asked and said yes to something that only a platform should do. */
  readonly confirmed: readonly AccountProbe[];
}

export type RightsJudge = (identity: Identity, tenant: Tenant) => JudgedRights;

/** Answers are kept: many objects of a tenant act as one account. */
export function rightsJudge(access: Access, model: TenantModel): RightsJudge {
  const known = new Map<string, JudgedRights>();
  return (identity, tenant) => {
    const key = [tenant.name, identity.user, ...identity.groups].join('\n');
    const found = known.get(key) ?? judgeRights(access, model, identity, tenant);
    known.set(key, found);
    return found;
  };
}

function judgeRights({ index, ask }: Access, model: TenantModel, identity: Identity, tenant: Tenant): JudgedRights {
  const own = new Set(tenant.namespaces);
  const rights = rightsHeldBy(index, identity);
  const isInside = ({ grant }: HeldRight): boolean => grant.namespace !== null && own.has(grant.namespace);
  const answers = accountProbes(model, tenant).map((probe) => ({ probe, answer: ask(identity, probe.request) }));
  const denied = answers.filter(({ answer }) => !answer.allowed && answer.confidence === 'proven');
  const suspects = rights.filter((right) => !isInside(right) && (canWrite(right) || right.classes.has('secrets')));
  // Where another authorizer refuses what a rule allows, the word of the API server counts.
  const refusedFor = (right: HeldRight): readonly AccountProbe[] =>
    denied.flatMap(({ probe }) => (covers(right, probe) ? [probe] : []));
  const beyond = suspects.filter((right) => refusedFor(right).length === 0);
  return {
    masters: identity.groups.includes(MASTERS),
    beyond,
    everythingInside: rights.filter((right) => isInside(right) && right.classes.has('everything')),
    byOthers: answers.flatMap(({ probe, answer }) => (answer.nonRbac ? [probe] : [])),
    refused: beyond.length === 0 ? [...new Set(suspects.flatMap(refusedFor))] : [],
    confirmed: answers.flatMap(({ probe, answer }) =>
      answer.allowed && answer.confidence === 'proven' ? [probe] : [],
    ),
  };
}

function covers({ grant }: HeldRight, { request }: AccountProbe): boolean {
  if (grant.namespace !== null && grant.namespace !== request.namespace) return false;
  return ruleAllows(grant.rule, asAuthorized(request));
}
