import {
  type Evidence,
  type Observation,
  type Subject,
  fail,
  leastSure,
  notEvaluated,
  objectReference,
  pass,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import type { Stand, Standing } from './attempt-standing.js';
import {
  CAUSES,
  FAILS,
  FAIL_TEXT,
  UNKNOWN,
  WARNINGS,
  gapText,
  guardsIn,
  missingRules,
  requestText,
  warnText,
  whatWasTried,
} from './attempt-text.js';
import { grantEvidence, principalEvidence } from './escalation-text.js';
import type { PlatformPrincipal } from './platform-principals.js';
import { protectingPolicy } from './protecting-policy.js';

export interface JudgedBy {
  readonly model: TenantModel;
  readonly platform: readonly PlatformPrincipal[];
  /** Dry-runs that one audit had no room for. */
  readonly left: number;
}

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

function protectedBy(subject: Subject, items: readonly Stand[], tenant: Tenant): Observation {
  const denied = items.filter(({ standing }) => standing === 'PROTECTED');
  const text =
    denied.length > 0
      ? refusedText(denied)
      : 'The API server refused it for lack of rights, although RBAC, read by itself, grants them: another authorizer, or a check of what is granted, stands before it.';
  return pass(
    subject,
    denied.length > 0 ? 'PROTECTED' : 'REFUSED_BY_RBAC',
    `${whatWasTried(items)} ${text} The platform’s access is protected here.`,
    sureness(tenant),
  );
}

function refusedText(denied: readonly Stand[]): string {
  const ignoring = denied.filter(({ reliability }) => reliability === 'ignoresFailures');
  const closed = denied.filter((each) => !ignoring.includes(each));
  return [
    ...(closed.length > 0 ? [`It was refused by ${guardsIn(closed)}, which also refuses when it is in trouble.`] : []),
    ...(ignoring.length > 0
      ? [
          `It was refused by ${guardsIn(ignoring)}, which takes no parameters that could be missing, but whose failurePolicy is Ignore: a request for which its expressions fail would pass. Set failurePolicy to Fail.`,
        ]
      : []),
  ].join(' ');
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

function registered(model: TenantModel): Evidence {
  return { pointer: '/name', observed: model.registration.name, expected: 'no right of a tenant to change this' };
}
