import {
  type Confidence,
  type Observation,
  type Severity,
  type Subject,
  fail,
  leastSure,
  nameList,
  pass,
  warn,
} from '#libs/core';
import { accountIdentity } from '#libs/rbac';
import type { Access } from '../access/access.js';
import { type HeldRight, canWrite, isGrave, rightsHeldBy } from '../access/held-rights.js';
import { accountProbes } from '../access/questions/tenant-accounts.js';
import { fluxWrites } from '../access/questions/flux-namespace.js';
import { describeRights, rightEvidence, unbindFix } from '../access/right-evidence.js';
import { tenantIdentities } from '../access/tenant-identities.js';
import { tenantRights } from '../access/tenant-rights.js';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import type { DefaultAccount } from './default-accounts.js';

const MAX_RIGHTS = 4;

export interface DefaultAccountContext {
  readonly model: TenantModel;
  readonly access: Access;
  /** All accounts hold rights by a group; that is a verdict of its own. */
  readonly groupWide: boolean;
  /** Undefined where accounts could not be read. */
  exists(account: DefaultAccount): boolean | undefined;
}

/** The verdict on one default account; nothing where it holds only what all accounts hold. */
export function judgeDefaultAccount(account: DefaultAccount, context: DefaultAccountContext): readonly Observation[] {
  const { model, access } = context;
  const { namespace, name } = account;
  const identity = accountIdentity(account);
  const subject: Subject = { apiVersion: 'v1', kind: 'ServiceAccount', namespace, name };
  const rights = rightsHeldBy(access.index, identity).filter(({ reach }) => reach !== 'everyone');
  const tenant = model.tenantOf(namespace);
  if (rights.length > 0) return [withRights(account, subject, rights, tenant, context)];
  const byOthers = accountProbes(model, tenant).filter(({ request }) => {
    const { nonRbac, grant } = access.ask(identity, request);
    return nonRbac && grant === undefined;
  });
  if (byOthers.length > 0) {
    const message =
      `By the answers of the API server the default account ${namespace}/${name} may ${byOthers.map(({ what }) => what).join('; ')}, although no role grants it: another authorizer does. ` +
      'Objects that name no account act as it. Take these rights away where that authorizer is configured.';
    const place = { pointer: '/name', observed: model.registration.name, expected: 'an account without rights' };
    return [fail(subject, 'NON_RBAC_AUTHORIZER', message, { severity: 'critical', evidence: [place] })];
  }
  if (context.groupWide) return [];
  const note =
    context.exists(account) === false ? ' It does not exist; bindings to its name would count all the same.' : '';
  const message = `The default account ${namespace}/${name} holds nothing but what every account of the cluster holds.${note}`;
  return [pass(subject, 'NO_RIGHTS', message, { confidence: 'derived' })];
}

function withRights(
  account: DefaultAccount,
  subject: Subject,
  rights: readonly HeldRight[],
  tenant: Tenant | undefined,
  context: DefaultAccountContext,
): Observation {
  const { namespace, name } = account;
  const grave = rights.filter(isGrave);
  const shown = grave.length > 0 ? grave : rights;
  const confidence = leastSure('derived', context.model.confidence);
  const [first, ...others] = shown.slice(0, MAX_RIGHTS).flatMap((right) => rightEvidence(right, EXPECTED));
  const evidence = first ? ([first, ...others] as const) : rightEvidence(rights[0] as HeldRight, EXPECTED);
  const losing =
    account.acting.length === 0
      ? ''
      : `# These act as it now, and lose these rights: ${nameList(account.acting)}.\n# Name an account in them first.\n`;
  const fixes = unbindFix(rights).map((fix) => ({ ...fix, content: `${losing}${fix.content}` }));
  const details = { confidence, evidence, fixes };
  const holds = `The default account ${namespace}/${name} holds rights: ${describeRights(shown)}.`;
  const who =
    account.acting.length > 0
      ? 'Pods and Flux objects that name no account have them'
      : name === 'default'
        ? 'Pods that name no account have them'
        : 'Flux objects that name no account have them';
  const advice = `Take the account out of ${rights.length === 1 ? 'the binding' : 'these bindings'}, or let --default-service-account name an account that has no rights.`;
  if (grave.length === 0) {
    return warn(subject, 'DEFAULT_CAN_READ', `${holds} ${who}; upstream recommends a default without any. ${advice}`, {
      ...details,
      severity: 'medium',
    });
  }
  const place = tenant ? undefined : platformPlace(namespace, context);
  if (place?.closed) {
    const message = `${holds} ${namespace} belongs to the platform, and no tenant may create Flux objects or pods there; but whatever the platform puts there without an account has these rights. ${advice}`;
    return warn(subject, 'PLATFORM_DEFAULT_PRIVILEGED', message, { ...details, severity: 'high' });
  }
  if (tenant && account.acting.length > 0 && isReconciler(rights, tenant)) {
    const message =
      `${holds} They end at the namespaces of ${tenant.name}, and Flux applies its objects with them; but pods that name no account hold the same rights. ` +
      'Give the objects an account of their own, name it in spec.serviceAccountName, and take the default account out of the bindings.';
    return warn(subject, 'DEFAULT_IS_RECONCILER', message, { ...details, severity: 'medium' });
  }
  const severity: Severity = grave.some(canWrite) ? 'critical' : grave.some(readsSecrets) ? 'high' : 'medium';
  const sure: Confidence = leastSure(confidence, place?.confidence ?? 'proven');
  return fail(subject, 'DEFAULT_HAS_RIGHTS', `${holds} ${who}. ${advice}`, { ...details, severity, confidence: sure });
}

const EXPECTED = 'no rights but what every account of the cluster has';

function readsSecrets({ classes }: HeldRight): boolean {
  return classes.has('secrets');
}

/** Bound by its own name, as an account, in namespaces of its tenant alone: somebody meant it to apply things. */
function isReconciler(rights: readonly HeldRight[], { namespaces }: Tenant): boolean {
  const own = new Set(namespaces);
  return rights.every(
    ({ grant, reach, subjects }) =>
      reach === 'own' &&
      grant.namespace !== null &&
      own.has(grant.namespace) &&
      grant.binding.subjects?.[subjects[0] ?? 0]?.kind === 'ServiceAccount',
  );
}

/** Whether tenants are kept out of a namespace that is none of theirs; only a guess where nobody said who they are. */
function platformPlace(
  namespace: string,
  { model, access }: DefaultAccountContext,
): { readonly closed: boolean; readonly confidence: Confidence } {
  const asks = [...fluxWrites(namespace), { verb: 'create', resource: 'pods', namespace }];
  const open = model.tenants.some(
    (tenant) => tenantRights(tenantIdentities(tenant, access.index), access, asks).length > 0,
  );
  const declared = model.tenants.every(({ principalsDeclared }) => principalsDeclared);
  return { closed: !open && declared, confidence: open ? 'derived' : 'heuristic' };
}
