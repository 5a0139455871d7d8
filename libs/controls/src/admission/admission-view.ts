import { type Artifacts, type Collected, type Evidence, type JsonValue, derived, objectReference } from '#libs/core';
import {
  type Admission,
  type Demand,
  type Gap,
  type PolicyRule,
  type Requester,
  type Shortcoming,
  admissionOf,
} from '#libs/admission';
import { excerpt } from '#libs/flux';
import { AUTHENTICATED, accountIdentity } from '#libs/rbac';
import type { Tenant } from '../tenants/tenant-model.js';

/** What decides about requests besides RBAC. */
export const ADMISSION_ARTIFACTS = ['webhookConfigurations', 'admissionPolicies', 'enginePolicies'] as const;

export type AdmissionArtifacts = {
  readonly [N in (typeof ADMISSION_ARTIFACTS)[number] | 'namespaces']: Collected<Artifacts[N]>;
};

/** Admission of a cluster, as far as it could be read: what was not read protects from nothing. */
export interface AdmissionView {
  readonly admission: Admission;
  /** The same, as if no label of a Namespace were known: what it enforces does not hang on labels. */
  readonly withoutLabels: Admission;
  /** Names of what could not be read, for people. */
  readonly unread: readonly string[];
}

const TITLES: Readonly<Record<(typeof ADMISSION_ARTIFACTS)[number], string>> = {
  webhookConfigurations: 'webhooks',
  admissionPolicies: 'ValidatingAdmissionPolicies',
  enginePolicies: 'policies of engines',
};

const viewOf = derived(
  (
    webhookConfigurations: AdmissionArtifacts['webhookConfigurations'],
    admissionPolicies: AdmissionArtifacts['admissionPolicies'],
    enginePolicies: AdmissionArtifacts['enginePolicies'],
    namespaces: AdmissionArtifacts['namespaces'],
  ): AdmissionView => {
    const artifacts = { webhookConfigurations, admissionPolicies, enginePolicies };
    const objects = {
      webhookConfigurations: valueOf(webhookConfigurations),
      admissionPolicies: valueOf(admissionPolicies),
      enginePolicies: valueOf(enginePolicies),
    };
    return {
      admission: admissionOf({ ...objects, namespaces: valueOf(namespaces) }),
      withoutLabels: admissionOf({ ...objects, namespaces: undefined }),
      unread: ADMISSION_ARTIFACTS.filter((name) => artifacts[name].state === 'unavailable').map((name) => TITLES[name]),
    };
  },
);

function valueOf<T>(artifact: Collected<T>): T | undefined {
  return artifact.state === 'collected' ? artifact.value : undefined;
}

export function admissionView(artifacts: AdmissionArtifacts): AdmissionView {
  const { webhookConfigurations, admissionPolicies, enginePolicies, namespaces } = artifacts;
  return viewOf(webhookConfigurations, admissionPolicies, enginePolicies, namespaces);
}

const MAX_PRINCIPALS = 10;

/** Who writes objects of a tenant: its principals, an account of its namespace, and somebody without any group. */
export function requestersOf({ principals }: Tenant, namespace: string): readonly [Requester, ...Requester[]] {
  return [
    { user: 'somebody', groups: [AUTHENTICATED] },
    accountIdentity({ namespace, name: 'somebody' }),
    ...principals.slice(0, MAX_PRINCIPALS).map(({ user, groups }) => ({ user: user || 'somebody', groups })),
  ];
}

/** What admission makes of several demands in the namespaces of tenants. */
export type Coverage =
  /** Refused in every one of them. */
  | { readonly state: 'enforced'; readonly by: readonly PolicyRule[] }
  | { readonly state: 'open'; readonly where: string; readonly nearest: Shortcoming | undefined };

/** One namespace where one demand is not met makes it `open`; without a namespace nothing is proven. */
export function coverageOf(
  { admission }: Pick<AdmissionView, 'admission'>,
  demands: readonly Demand[],
  places: readonly { readonly tenant: Tenant; readonly namespace: string }[],
): Coverage {
  const by = new Set<PolicyRule>();
  for (const { tenant, namespace } of places) {
    for (const demand of demands) {
      const protection = admission.protects(demand, namespace, requestersOf(tenant, namespace));
      if (protection.state === 'open') return { state: 'open', where: namespace, nearest: protection.shortcomings[0] };
      for (const rule of protection.by) by.add(rule);
    }
  }
  return by.size === 0 ? { state: 'open', where: '', nearest: undefined } : { state: 'enforced', by: [...by] };
}

/** Every namespace of the tenants. */
export function placesOf(tenants: readonly Tenant[]): readonly { tenant: Tenant; namespace: string }[] {
  return tenants.flatMap((tenant) => tenant.namespaces.map((namespace) => ({ tenant, namespace })));
}

/** `ClusterPolicy tenants (the-rule)`, for people. */
function describeRule({ object, name }: PolicyRule): string {
  const { namespace, name: policy } = object.metadata;
  return `${object.kind} ${excerpt(namespace === undefined ? policy : `${namespace}/${policy}`, 80)} (${excerpt(name, 80)})`;
}

const SHOWN = 3;

export function describeRules(rules: readonly PolicyRule[]): string {
  const more = rules.length > SHOWN ? ` and ${rules.length - SHOWN} more` : '';
  return `${rules.slice(0, SHOWN).map(describeRule).join(', ')}${more}`;
}

const MAX_EVIDENCE = 5;

export function ruleEvidence(rules: readonly PolicyRule[], expected: string): readonly Evidence[] {
  return rules.slice(0, MAX_EVIDENCE).map((rule) => ({
    object: objectReference(rule.object),
    pointer: rule.pointer,
    observed: excerpt(rule.name) satisfies JsonValue,
    expected,
  }));
}

/** What a rule that comes near leaves open, as a sentence; undefined where there is none worth telling. */
export function describeShortcoming(nearest: Shortcoming | undefined, where: string): string | undefined {
  if (!nearest) return undefined;
  return `${describeRule(nearest.rule)} ${TEND[nearest.gap]} in ${excerpt(where, 80)}: ${excerpt(nearest.why, 200)}.`;
}

const TEND: Readonly<Record<Gap, string>> = {
  excluded: 'leaves this out',
  audited: 'does not refuse this',
  failsOpen: 'lets this through while its engine or parameters are away',
  partly: 'refuses only a part of this',
  notWired: 'is not asked about this',
  notUnderstood: 'may or may not refuse this',
};
