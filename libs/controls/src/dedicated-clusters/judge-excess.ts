import {
  type Collected,
  type Evidence,
  type Observation,
  fail,
  nameList,
  notEvaluatedBecause,
  subjectOf,
  warn,
  leastSure,
} from '#libs/core';
import { type ControllerInstance, excerpt } from '#libs/flux';
import {
  AUTHENTICATED,
  ANONYMOUS,
  type Grant,
  type Identity,
  type RbacIndex,
  UNAUTHENTICATED,
  describeGrant,
  namespacesOf,
  rulesFor,
} from '#libs/rbac';
import type { Access } from '../access/access.js';
import { baselineOf } from '../access/baseline.js';
import { fluxFactsOf } from '../access/flux-facts.js';
import { type HeldRight, rightsHeldBy } from '../access/held-rights.js';
import { unbindFix } from '../access/right-evidence.js';
import { describeRule } from '../access/rule-classes.js';
import { type TenantModel, describePrincipal } from '../tenants/tenant-model.js';
import { type DangerousRight, dangersIn, speaksOfOthers, writesFluxObjects } from './dangerous-rights.js';
import { evidencePlace, grantEvidence, principalEvidence } from './escalation-text.js';
import type { TenantPrincipals } from './tenant-principals.js';

const MAX_EVIDENCE = 10;

interface Held {
  readonly grant: Grant;
  readonly right?: HeldRight;
  readonly identities: readonly Identity[];
}

function people(held: readonly Held[]): string {
  return nameList(held.flatMap(({ identities }) => identities.map((each) => excerpt(describePrincipal(each), 100))));
}

function evidenceOf(held: readonly Held[], expected: string): readonly Evidence[] {
  const found = new Map<string, Evidence>();
  for (const { grant } of held) {
    for (const each of grantEvidence(grant, expected)) {
      const key = evidencePlace(each);
      if (found.size < MAX_EVIDENCE && !found.has(key)) found.set(key, each);
    }
  }
  return [...found.values()];
}

/** Rights of a tenant that reach beyond its own namespaces, each told once with everybody who has it. */
export function judgeExcess(
  { tenant, groups }: TenantPrincipals,
  model: TenantModel,
  access: Access,
): readonly Observation[] {
  const byRight = new Map<DangerousRight, Held[]>();
  for (const { representative, identities } of groups) {
    for (const held of rightsHeldBy(access.index, representative)) {
      const { grant, reach } = held;
      // What everybody has is told once, of the binding.
      if (reach === 'everyone' && namesEverybody(grant)) continue;
      for (const right of dangersIn(grant, model)) {
        if (!speaksOfOthers(grant, right.code, tenant.namespaces)) continue;
        const known = byRight.get(right) ?? [];
        byRight.set(right, known);
        known.push({ grant, right: held, identities });
      }
    }
  }
  const confidence = leastSure('derived', tenant.declared ? 'proven' : 'heuristic');
  const found = [...byRight].flatMap(([right, held]) => {
    const [first, ...others] = evidenceOf(held, `no right of a tenant to ${right.title}`);
    if (first === undefined) return [];
    const grants = nameList(
      held.map(({ grant }) => excerpt(describeGrant(grant), 160)),
      5,
    );
    return [
      fail(
        { kind: 'Tenant', name: tenant.name, field: right.code },
        'EXCESSIVE_RIGHT',
        `Tenant ${tenant.name} may ${right.title} (${people(held)}), by ${grants}. ${right.why} ` +
          'Take the right away; what the tenant needs of it in its own namespaces, bind there.',
        {
          confidence,
          evidence: [first, ...others],
          fixes: unbindFix(held.flatMap(({ right: each }) => each ?? [])),
        },
      ),
    ];
  });
  return [...found, ...allowedElsewhere({ tenant, groups }, model, access)];
}

function allowedElsewhere(
  { tenant, groups }: TenantPrincipals,
  model: TenantModel,
  access: Access,
): readonly Observation[] {
  return groups.flatMap(({ identities }) =>
    identities.flatMap((identity) => {
      const answer = access.ask(identity, { verb: '*', group: '*', resource: '*' });
      if (!answer.nonRbac) return [];
      return [
        fail(
          { kind: 'Tenant', name: tenant.name, field: describePrincipal(identity) },
          'NON_RBAC_AUTHORIZER',
          `The API server lets ${excerpt(describePrincipal(identity), 100)} of tenant ${tenant.name} do everything, although no RBAC object grants it. Another authorizer, such as access entries or roles of the cloud, decides too. Take that right away where it is given.`,
          {
            evidence: [
              {
                ...principalEvidence(model.registration, tenant.name, identity),
                note: excerpt(answer.reason ?? 'allowed by the API server'),
              },
            ],
          },
        ),
      ];
    }),
  );
}

/** Tenants who can write Flux objects, where such an object is applied with the rights of the controller. */
export function judgeFluxWrites(
  { tenant, groups }: TenantPrincipals,
  index: RbacIndex,
  instances: Collected<readonly ControllerInstance[]>,
): readonly Observation[] {
  const held = groups.flatMap(({ representative, identities }) =>
    rightsHeldBy(index, representative).flatMap(({ grant }) =>
      (grant.namespace === null || tenant.namespaces.includes(grant.namespace)) && writesFluxObjects(grant)
        ? [{ grant, identities }]
        : [],
    ),
  );
  if (held.length === 0) return [];
  const subject = { kind: 'Tenant', name: tenant.name, field: 'FLUX_OBJECTS' };
  if (instances.state === 'unavailable') return [notEvaluatedBecause(subject, instances)];
  const unlocked = fluxFactsOf(instances).possible?.unlocked ?? [];
  const open = held.filter(
    ({ grant: { namespace } }) =>
      unlocked === 'all' || (namespace === null ? unlocked.length > 0 : unlocked.includes(namespace)),
  );
  if (open.length === 0) return [];
  return [
    warn(
      subject,
      'FLUX_WITHOUT_DEFAULT_ACCOUNT',
      `Tenant ${tenant.name} may write Kustomizations or HelmReleases in ${nameList(open.map(({ grant }) => grant.namespace ?? 'every namespace'))} (${people(open)}), often by the ClusterRole flux-edit that flows into edit and admin. ` +
        'Where no default service account is set, such an object is applied with the rights of its controller. ' +
        'Set --default-service-account on kustomize- and helm-controller (FLUX-MT-02), or leave flux-edit out of edit and admin.',
      { confidence: 'derived', evidence: evidenceOf(open, 'no right on Flux objects without a default account') },
    ),
  ];
}

const EVERYBODY: readonly (readonly [key: string, who: string])[] = [
  [`group:${AUTHENTICATED}`, 'everybody who is signed in'],
  [`group:${UNAUTHENTICATED}`, 'everybody, signed in or not'],
  [`user:${ANONYMOUS.user}`, 'everybody who is not signed in'],
];

function namesEverybody({ binding }: Grant): boolean {
  return (binding.subjects ?? []).some(
    ({ kind, name }) => kind === 'Group' && (name === AUTHENTICATED || name === UNAUTHENTICATED),
  );
}

/** Grants to everybody beyond what Kubernetes itself gives, each told of its binding. */
export function judgeEverybody(index: RbacIndex): readonly Observation[] {
  const baseline = baselineOf(index);
  const found = new Map<string, { who: string; grants: Grant[] }>();
  for (const [key, who] of EVERYBODY) {
    if (!index.bySubject.has(key)) continue;
    const name = key.slice(key.indexOf(':') + 1);
    const identity: Identity = key.startsWith('user:') ? { user: name, groups: [] } : { user: '', groups: [name] };
    for (const place of [null, ...namespacesOf(index, identity)]) {
      for (const grant of rulesFor(index, identity, place)) {
        if (grant.namespace !== place || baseline(grant) || isClusterInfo(grant)) continue;
        const { kind, metadata } = grant.binding;
        const id = `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
        const known = found.get(id) ?? { who, grants: [] };
        found.set(id, known);
        if (!known.grants.includes(grant)) known.grants.push(grant);
      }
    }
  }
  return [...found.values()].flatMap(({ who, grants }) => {
    const [grant] = grants;
    if (grant === undefined) return [];
    const [first, ...others] = evidenceOf(
      grants.map((each) => ({ grant: each, identities: [] })),
      'no grant to everybody beyond those of Kubernetes itself',
    );
    if (first === undefined) return [];
    const { kind, metadata } = grant.binding;
    const rules = nameList(
      grants.map(({ rule }) => excerpt(describeRule(rule), 120)),
      3,
    );
    return [
      fail(
        subjectOf(grant.binding),
        'GRANT_TO_EVERYBODY',
        `${kind} ${excerpt(metadata.name, 80)} gives ${who}: ${rules}. Every account of every tenant has these rights, those to come included. Bind the role to those who need it.`,
        { confidence: 'derived', evidence: [first, ...others] },
      ),
    ];
  });
}

/** What `kubeadm join` reads before it has a credential: https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/ */
function isClusterInfo({ namespace, rule }: Grant): boolean {
  return (
    namespace === 'kube-public' &&
    rule.verbs.every((verb) => verb === 'get') &&
    rule.resources?.every((resource) => resource === 'configmaps') === true &&
    rule.resourceNames?.every((name) => name === 'cluster-info') === true
  );
}
