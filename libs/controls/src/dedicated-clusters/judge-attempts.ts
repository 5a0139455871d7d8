import {
  type AccessRule,
  type Evidence,
  type NotEvaluatedCause,
  type Observation,
  type Subject,
  accessRuleKey,
  fail,
  leastSure,
  nameList,
  notEvaluated,
  objectReference,
  pass,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { impersonationRules } from '../probes/probe-identity.js';
import { type Tenant, type TenantModel, describePrincipal } from '../tenants/tenant-model.js';
import type { Stand, Standing } from './attempt-standing.js';

import { describePath, grantEvidence, principalEvidence } from './escalation-text.js';
import { describeGuard } from './guards.js';
import type { PlatformPrincipal } from './platform-principals.js';
import { protectingPolicy } from './protecting-policy.js';
import type { Untried } from './revocation-attempts.js';

export interface JudgedBy {
  readonly model: TenantModel;
  readonly platform: readonly PlatformPrincipal[];
  /** Dry-runs that one audit had no room for. */
  readonly left: number;
}

const FAILS = ['UNPROTECTED', 'GUARD_REMOVABLE'] as const satisfies readonly Standing[];
const WARNINGS = ['FAIL_OPEN', 'BROKEN_POLICY'] as const satisfies readonly Standing[];
const UNKNOWN = [
  'CANNOT_IMPERSONATE',
  'WEBHOOK_DOWN',
  'DRYRUN_UNSUPPORTED',
  'INCONCLUSIVE',
  'NO_ANSWER',
  'NOT_TRIED',
] as const satisfies readonly Standing[];

/** More evidence than this repeats itself. */
const MAX_EVIDENCE = 10;

/** The answers about one tenant, told once for each kind of object and each way that it stands. */
export function judgeAttempts(tenant: Tenant, stands: readonly Stand[], by: JudgedBy): readonly Observation[] {
  const byField = new Map<string, Stand[]>();
  for (const stand of stands) {
    const { object } = stand.tried.pair;
    const field = `${object.class} ${object.kind}`;
    byField.set(field, [...(byField.get(field) ?? []), stand]);
  }
  return [...byField].flatMap(([field, items]) => {
    const subject = { kind: 'Tenant', name: tenant.name, field };
    const of = (standing: Standing) => items.filter((item) => item.standing === standing);
    const failures = FAILS.filter((standing) => of(standing).length > 0);
    if (failures.length > 0) return failures.map((standing) => failure(subject, standing, of(standing), tenant, by));
    const gaps = UNKNOWN.filter((standing) => of(standing).length > 0);
    const warnings = WARNINGS.filter((standing) => of(standing).length > 0);
    if (gaps.length + warnings.length > 0) {
      return [
        ...gaps.map((standing) => gap(subject, standing, of(standing), by)),
        ...warnings.map((standing) => warning(subject, standing, of(standing), tenant, by)),
      ];
    }
    return [protectedBy(subject, items, tenant)];
  });
}

const sureness = ({ declared }: Tenant) => ({ confidence: leastSure('proven', declared ? 'proven' : 'heuristic') });

function failure(
  subject: Subject,
  standing: (typeof FAILS)[number],
  items: readonly Stand[],
  tenant: Tenant,
  { model, platform }: JudgedBy,
): Observation {
  const objects = [...new Set(items.map(({ tried }) => tried.pair.object))];
  const [first, ...others] = evidenceOf(items, tenant, model);
  return fail(subject, standing, `${whatWasTried(items)} ${FAIL_TEXT[standing]}`, {
    ...sureness(tenant),
    evidence: [first ?? registered(model), ...others],
    fixes: protectingPolicy(model.registration, platform, objects),
  });
}

const FAIL_TEXT = {
  UNPROTECTED:
    'The API server accepted it, so neither RBAC nor admission keeps the tenant from taking the platform’s access away. ' +
    'Take the right away, or let a policy with failurePolicy Fail refuse UPDATE and DELETE of these objects to everybody but the platform.',
  GUARD_REMOVABLE:
    'The API server accepted it, so what protects the platform’s access can itself be lifted. ' +
    'Take the right away, or let a ValidatingAdmissionPolicy protect the guard as well: its configuration and namespace, the subresources status and finalize of Namespaces, and the labels by which it knows what to protect.',
} as const;

function warning(
  subject: Subject,
  standing: (typeof WARNINGS)[number],
  items: readonly Stand[],
  tenant: Tenant,
  { model, platform }: JudgedBy,
): Observation {
  const objects = [...new Set(items.map(({ tried }) => tried.pair.object))];
  return warn(subject, standing, `${whatWasTried(items)} ${warnText(standing, items)}`, {
    ...sureness(tenant),
    evidence: evidenceOf(items, tenant, model),
    fixes: protectingPolicy(model.registration, platform, objects),
  });
}

function warnText(standing: (typeof WARNINGS)[number], items: readonly Stand[]): string {
  if (standing === 'FAIL_OPEN') {
    return (
      `It was refused by ${guardsIn(items)}, which lets requests pass when it is in trouble: its failurePolicy is Ignore. ` +
      'Set failurePolicy to Fail, so that the platform’s access is protected at all times.'
    );
  }
  const names = items.flatMap(({ result }) =>
    result?.verdict.kind === 'brokenPolicy' ? [excerpt(result.verdict.name, 120)] : [],
  );
  return (
    `The policy ${nameList(names)} could not be evaluated and refuses everybody, so this proves nothing about the tenant. ` +
    'Repair the expressions or the parameters of the policy.'
  );
}

const CAUSES: Readonly<Record<(typeof UNKNOWN)[number], NotEvaluatedCause>> = {
  CANNOT_IMPERSONATE: 'forbidden',
  WEBHOOK_DOWN: 'undecidable',
  DRYRUN_UNSUPPORTED: 'undecidable',
  INCONCLUSIVE: 'undecidable',
  NO_ANSWER: 'transient',
  NOT_TRIED: 'undecidable',
};

function gap(subject: Subject, standing: (typeof UNKNOWN)[number], items: readonly Stand[], by: JudgedBy): Observation {
  const noRoom = standing === 'NOT_TRIED' && by.left > 0 && items.every(({ untried }) => untried === undefined);
  return notEvaluated(
    subject,
    noRoom ? 'budgetExceeded' : CAUSES[standing],
    standing,
    `${whatWasTried(items)} ${gapText(standing, items, noRoom)}`,
    { missing: standing === 'CANNOT_IMPERSONATE' ? missingRules(items) : [] },
  );
}

function gapText(standing: (typeof UNKNOWN)[number], items: readonly Stand[], noRoom: boolean): string {
  switch (standing) {
    case 'CANNOT_IMPERSONATE':
      return 'The auditor may not act in their name, so nothing was tried. Apply the manifest of active verification for this cluster again.';
    case 'WEBHOOK_DOWN':
      return 'An admission webhook does not answer and refuses everybody, so this proves nothing about the tenant. Repair the webhook.';
    case 'DRYRUN_UNSUPPORTED':
      return 'An admission webhook does not support dry-runs, so it cannot be told what it would do. Set its sideEffects to None or NoneOnDryRun if that is what it has.';
    case 'INCONCLUSIVE':
      return 'The answer does not tell whether admission would refuse it: the request was stopped for another reason. Try it by hand, with kubectl and --dry-run=server.';
    case 'NO_ANSWER':
      return 'There was no answer to it, or the object is gone. The next audit tries again.';
    default:
      if (noRoom)
        return 'There was no room for it among the dry-runs of one audit. Narrow the rights of the tenant first.';
      return `${untriedText(items)} Take the right away, or try it by hand with kubectl and --dry-run=server.`;
  }
}

const WHY: Readonly<Record<Untried['why'], string>> = {
  roleOnly: 'the right is that of a role which the tenant could take',
  spared: 'it would be in the name of the platform, whose name is never used',
  noObject: 'no such object is known',
  noUid: 'the object is known by its name only, and nothing is deleted by name alone',
  wholeObject: 'the whole object would have to be sent',
  collection: 'a deletion of many objects at once is never sent',
  noPayload: 'it is not known which object of that kind would take the access away',
};

function untriedText(items: readonly Stand[]): string {
  const reasons = new Set(items.flatMap(({ untried }) => (untried ? [WHY[untried.why]] : [])));
  return reasons.size === 0 ? 'It was not tried.' : `It was not tried, because ${nameList(reasons)}.`;
}

function missingRules(items: readonly Stand[]): readonly AccessRule[] {
  const rules = items.flatMap(({ attempt }) => (attempt ? impersonationRules(attempt.probe.as) : []));
  return [...new Map(rules.map((rule) => [accessRuleKey(rule), rule])).values()];
}

function protectedBy(subject: Subject, items: readonly Stand[], tenant: Tenant): Observation {
  const denied = items.filter(({ standing }) => standing === 'PROTECTED');
  const text =
    denied.length > 0
      ? `It was refused by ${guardsIn(denied)}, which also refuses when it is in trouble.`
      : 'The API server refused it for lack of rights, although RBAC, read by itself, grants them: another authorizer, or a check of what is granted, stands before it.';
  return pass(
    subject,
    denied.length > 0 ? 'PROTECTED' : 'REFUSED_BY_RBAC',
    `${whatWasTried(items)} ${text} The platform’s access is protected here.`,
    sureness(tenant),
  );
}

function guardsIn(items: readonly Stand[]): string {
  return nameList(new Set(items.flatMap(({ by }) => (by ? [excerpt(describeGuard(by), 160)] : []))));
}

/** `Tenant team-a (group team-a) has the right to send a request that deletes the ClusterRoleBinding platform-admin.` */
function whatWasTried(items: readonly Stand[]): string {
  const { pair } = items[0]?.tried ?? {};
  const who = nameList(
    new Set(
      items.map(
        ({
          tried: {
            pair: { holder, principals },
          },
        }) => excerpt(describePrincipal(holder ?? principals[0] ?? { user: '', groups: [] }), 100),
      ),
    ),
  );
  const what = nameList(
    new Set(
      items.map(({ attempt, untried, tried }) =>
        attempt
          ? attempt.probe.what
          : `would ${untried?.verb ?? 'change'} ${tried.pair.object.kind} ${excerpt(tried.pair.object.name ?? 'objects', 120)}`,
      ),
    ),
    5,
  );
  const way = pair && pair.path.length > 0 ? ` ${describePath(pair.path)}` : '';
  return `Tenant ${pair?.tenant.name ?? ''} (${who}) has the right to send a request that ${what}.${way}`;
}

function evidenceOf(items: readonly Stand[], tenant: Tenant, model: TenantModel): readonly Evidence[] {
  const found = new Map<string, Evidence>();
  for (const { tried, result, attempt } of items) {
    const { object, holder, revocations } = tried.pair;
    const note =
      attempt && result
        ? requestText(attempt.probe.method, result.auditId, attempt.probe.as.user, result.status)
        : undefined;
    const expected = 'refused at admission, or no such right of the tenant';
    const own: readonly Evidence[] = object.object
      ? [
          {
            object: objectReference(object.object),
            pointer: '/metadata/name',
            observed: excerpt(object.object.metadata.name, 120),
            expected,
            ...(note !== undefined && { note: `${attempt?.probe.what ?? ''}: ${note}` }),
          },
        ]
      : [];
    const grants = revocations.flatMap(({ answer }) =>
      answer.grant ? grantEvidence(answer.grant, expected, note) : [],
    );
    const registry = grants.length === 0 && holder ? [principalEvidence(model.registration, tenant.name, holder)] : [];
    for (const each of [...own, ...grants, ...registry]) {
      const key = JSON.stringify([each.object?.kind, each.object?.namespace, each.object?.name, each.pointer]);
      if (found.size < MAX_EVIDENCE && !found.has(key)) found.set(key, each);
    }
  }
  return [...found.values()];
}

function requestText(method: string, auditId: string | undefined, user: string, status: number): string {
  const audit = auditId === undefined ? '' : `, Audit-Id ${auditId}`;
  return `${method} as a dry-run in the name of ${excerpt(user, 120)}: HTTP ${status}${audit}`;
}

function registered(model: TenantModel): Evidence {
  return { pointer: '/name', observed: model.registration.name, expected: 'no right of a tenant to change this' };
}
