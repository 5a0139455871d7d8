import {
  type Collected,
  type Namespace,
  type Observation,
  type Severity,
  fail,
  leastSure,
  notEvaluated,
  notEvaluatedBecause,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import {
  type AdmittedPodRisk,
  type PolicyRule,
  POD_RISKS,
  type PodSecurity,
  type Protection,
  keepsPodsFrom,
  podSecurityOf,
} from '#libs/admission';
import { excerpt } from '#libs/flux';
import type { Access } from '../access/access.js';
import { exceptionWrites, labelWrites } from '../access/questions/namespace-labels.js';
import {
  type AdmissionView,
  describeRules,
  describeShortcoming,
  requestersOf,
  ruleEvidence,
} from '../admission/admission-view.js';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import { describeSecurity, LABEL_IT, labelFix, securityEvidence } from './pod-security-text.js';
import { relaxable, rightsOf } from './relaxable.js';

export interface PodAdmissionContext {
  readonly model: TenantModel;
  readonly view: AdmissionView;
  /** Absent where RBAC could not be read, with the reason. */
  readonly access: Access | Unread;
  /** A part of admission that could not be read. */
  readonly unread: Unread | undefined;
  readonly severity: Severity;
  /** Names of what runs in the namespace and would be refused, for the preview of the fix. */
  readonly refused: (namespace: string) => string | undefined;
}

export type Unread = Extract<Collected<unknown>, { readonly state: 'unavailable' }>;

const DEMANDS = (Object.keys(POD_RISKS) as readonly AdmittedPodRisk[]).map((risk) => ({
  risk,
  demand: keepsPodsFrom(risk),
}));

/** What keeps privileged pods out of one namespace of a tenant, as far as reading tells. */
export function judgeNamespace(namespace: Namespace, tenant: Tenant, context: PodAdmissionContext): Observation {
  const security = podSecurityOf(namespace);
  const { enforce } = security;
  if (enforce === 'baseline' || enforce === 'restricted') return byPodSecurity(namespace, tenant, security, context);
  const { view, unread, model } = context;
  const { name } = namespace.metadata;
  const subject = subjectOf(namespace);
  const requesters = requestersOf(tenant, name);
  const answers = DEMANDS.map((each) => ({
    ...each,
    protection: view.admission.protects(each.demand, name, requesters),
  }));
  const open = answers.filter(({ protection }) => protection.state === 'open');
  if (open.length === 0) {
    const rules = [
      ...new Set(answers.flatMap(({ protection }) => (protection.state === 'enforced' ? protection.by : []))),
    ];
    return byEngine(namespace, tenant, rules, context);
  }
  if (unread) {
    const answer = notEvaluatedBecause(subject, unread);
    return {
      ...answer,
      message: `Pod Security Admission lets privileged pods into ${name} of ${excerpt(tenant.name, 80)}, and whether a policy refuses them is not known: ${answer.message}`,
    };
  }
  const titles = open.map(({ risk }) => POD_RISKS[risk]).join(', ');
  const unclear = open.map(({ protection }) => opaqueIn(protection)).find(Boolean);
  if (unclear) {
    return notEvaluated(
      subject,
      'undecidable',
      'POLICY_NOT_UNDERSTOOD',
      `Whether pods with ${titles} are refused in ${name} of ${excerpt(tenant.name, 80)} cannot be told from the policies: ${describeShortcoming(unclear, name)} ${LABEL_IT}`,
      {
        evidence: [
          securityEvidence(namespace, security),
          ...ruleEvidence([unclear.rule], 'a rule that refuses these pods'),
        ],
        confidence: 'heuristic',
      },
    );
  }
  const nearest = open.flatMap(({ protection }) => (protection.state === 'open' ? protection.shortcomings : []))[0];
  const near = describeShortcoming(nearest, name);
  const breaks = context.refused(name);
  return fail(
    subject,
    'PRIVILEGED_PODS_ADMITTED',
    `Nothing that is known here refuses pods with ${titles} in ${name} of ${excerpt(tenant.name, 80)}: ${describeSecurity(security)}.${near === undefined ? '' : ` ${near}`} ` +
      `Such pods reach past their container to the node and to all that runs on it. ${LABEL_IT}${breaks === undefined ? '' : ` It would refuse what runs there now: ${breaks}.`}`,
    {
      severity: context.severity,
      confidence: leastSure(model.confidence, 'heuristic'),
      evidence: [
        securityEvidence(namespace, security),
        ...(nearest ? ruleEvidence([nearest.rule], 'a rule that refuses these pods') : []),
      ],
      fixes: labelFix(name),
    },
  );
}

function byPodSecurity(
  namespace: Namespace,
  tenant: Tenant,
  security: PodSecurity,
  context: PodAdmissionContext,
): Observation {
  const { access, model, severity } = context;
  const { name } = namespace.metadata;
  const subject = subjectOf(namespace);
  if ('state' in access) {
    const answer = notEvaluatedBecause(subject, access);
    return {
      ...answer,
      message: `Pod Security Admission guards ${name}, but whether ${excerpt(tenant.name, 80)} can change the label is not known: ${answer.message}`,
    };
  }
  const rights = rightsOf(tenant, access, labelWrites(name));
  if (rights.length > 0) return relaxable('TENANT_CAN_RELAX_PSA', rights, { namespace, tenant, severity, model });
  const version =
    security.version === undefined || security.version === 'latest'
      ? ''
      : `, at the state of ${excerpt(security.version, 40)}`;
  return pass(
    subject,
    'PSA_ENFORCED',
    `Pod Security Admission enforces the level ${security.enforce}${version} in ${name} of ${excerpt(tenant.name, 80)}, and nobody of the tenant can change its label. Exemptions in the configuration of the API server are not visible.`,
    { confidence: 'heuristic', evidence: [securityEvidence(namespace, security)] },
  );
}

function byEngine(
  namespace: Namespace,
  tenant: Tenant,
  rules: readonly PolicyRule[],
  context: PodAdmissionContext,
): Observation {
  const { access, model, severity, view } = context;
  const { name } = namespace.metadata;
  const subject = subjectOf(namespace);
  if ('state' in access) {
    const answer = notEvaluatedBecause(subject, access);
    return {
      ...answer,
      message: `${describeRules(rules)} refuses privileged pods in ${name}, but whether ${excerpt(tenant.name, 80)} can go round it is not known: ${answer.message}`,
    };
  }
  const exempting = rules.some(({ engine }) => engine === 'Kyverno')
    ? rightsOf(tenant, access, exceptionWrites(name))
    : [];
  const labelling = rightsOf(tenant, access, labelWrites(name));
  const rights = [...exempting, ...(labelling.length > 0 && goesByLabels(tenant, name, view) ? labelling : [])];
  if (rights.length > 0) return relaxable('TENANT_CAN_EXEMPT', rights, { namespace, tenant, severity, model });
  return warn(
    subject,
    'NOT_PROVEN',
    `${describeRules(rules)} refuses privileged pods in ${name} of ${excerpt(tenant.name, 80)}, as far as its text tells. ` +
      `That was not tried, and users or images may be exempt in the configuration of the engine. Pod Security Admission needs no engine: ${LABEL_IT}`,
    {
      severity: 'medium',
      confidence: 'heuristic',
      evidence: ruleEvidence(rules, 'a rule that refuses privileged pods'),
      fixes: labelFix(name),
    },
  );
}

/** Other labels of the namespace would let such pods in. */
function goesByLabels(tenant: Tenant, namespace: string, { withoutLabels }: AdmissionView): boolean {
  const requesters = requestersOf(tenant, namespace);
  return DEMANDS.some(({ demand }) => withoutLabels.protects(demand, namespace, requesters).state === 'open');
}

/** Only where no other rule is known to do it. */
function opaqueIn(protection: Protection) {
  return protection.state === 'open' ? protection.shortcomings.find(({ gap }) => gap === 'notUnderstood') : undefined;
}
