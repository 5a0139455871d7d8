import { stringify } from 'yaml';
import {
  type ArtifactName,
  type Artifacts,
  CLUSTER_SUBJECT,
  type Collected,
  type Evidence,
  type Fix,
  type Observation,
  collected,
  defineControl,
  fail,
  nameList,
  notApplicable,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  pass,
  subjectOf,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { describeRule } from '../access/rule-classes.js';
import { describeSubject } from '../access/right-evidence.js';
import { crossNamespaceRefs } from '../multi-tenancy/mt-01-cross-namespace-refs.js';
import { defaultServiceAccount } from '../multi-tenancy/mt-02-default-service-account.js';
import { tenantModel } from '../tenants/tenant-model.js';
import { unlessShared } from '../tenants/unless-shared.js';
import { type AggregatedRole, aggregatedFluxRoles, fluxWriters } from './aggregated-roles.js';
import { verdictOf } from './lock-down.js';

const LOCK_DOWN = [crossNamespaceRefs, defaultServiceAccount] as const;
const REQUIRES = ['registration', 'deployments', 'pods'] as const;
const OWN: readonly ArtifactName[] = ['rbac', 'namespaces', 'kustomizations', 'helmReleases', 'configMaps'];
/** Whatever the controls of the lock-down look at. */
const OPTIONAL: readonly ArtifactName[] = [
  ...new Set([...OWN, ...LOCK_DOWN.flatMap(({ requires, optional }) => [...requires, ...optional])]),
].filter((name) => !(REQUIRES as readonly ArtifactName[]).includes(name));

const SHOWN = 3;

function judgeRole(
  found: AggregatedRole,
  writers: ReturnType<typeof fluxWriters>,
  lockDown: readonly Observation[],
): Observation {
  const { role, copies, targets, rule, ruleIndex } = found;
  const subject = subjectOf(role);
  const same = copies.length === 0 ? '' : ` (and its copies ${excerpt(copies.join(', '))})`;
  const said = `ClusterRole ${excerpt(role.metadata.name)}${same} is aggregated to ${targets.join(', ')}: whoever holds these may ${describeRule(rule)}`;
  const evidence: readonly [Evidence, ...Evidence[]] = [
    {
      object: objectReference(role),
      pointer: `/rules/${ruleIndex}`,
      observed: excerpt(describeRule(rule), 300),
      expected: 'rights on Flux objects for those who need them, or the lock-down of FLUX-MT-01 and FLUX-MT-02',
    },
    ...writers.slice(0, SHOWN).map((binding) => ({
      object: objectReference(binding),
      pointer: '/subjects',
      observed: (binding.subjects ?? [])
        .slice(0, SHOWN)
        .map((each) => describeSubject(each, binding.metadata.namespace)),
      expected: 'subjects that need to write Flux objects',
    })),
  ];
  const holders = writers.map(({ metadata }) => excerpt(`RoleBinding ${metadata.namespace ?? ''}/${metadata.name}`));
  const shown = nameList(holders, SHOWN);
  const confidence = 'derived';
  if (writers.length === 0) {
    const message = `${said}, and nobody holds such a role in the namespace of a tenant.`;
    return pass(subject, 'NOBODY_HOLDS_IT', message, { confidence, evidence });
  }
  const open = lockDown.find(({ outcome }) => outcome === 'fail');
  if (open) {
    const message =
      `${said}; in namespaces of tenants that is given by ${shown}. The controllers are not locked down (${open.reason}: ${excerpt(open.message)}), so such objects reach beyond their namespace. ` +
      'Lock the controllers down as FLUX-MT-01 and FLUX-MT-02 say, or take the label off the role and bind it to those who need it.';
    const fixes = [labelPatch(found)];
    return fail(subject, 'AGGREGATED_WITHOUT_LOCK_DOWN', message, { confidence, evidence, fixes });
  }
  const hidden = lockDown.find(({ outcome }) => outcome === 'notEvaluated');
  if (hidden) {
    const message = `${said}; in namespaces of tenants that is given by ${shown}. Whether the controllers are locked down is not known: ${hidden.message}`;
    return notEvaluated(subject, hidden.cause ?? 'undecidable', hidden.reason, message, {
      missing: hidden.missing ?? [],
    });
  }
  const message = `${said}; in namespaces of tenants that is given by ${shown}. The controllers are locked down, so such objects stay within their namespace.`;
  return pass(subject, 'AGGREGATED', message, { confidence, evidence });
}

/** For the kustomization.yaml of the Flux installation: labels that somebody takes off by hand come back with an update. */
function labelPatch({ role, targets }: AggregatedRole): Fix {
  const { name } = role.metadata;
  const operations = targets.map((target) => ({
    op: 'replace',
    path: `/metadata/labels/rbac.authorization.k8s.io~1aggregate-to-${target}`,
    value: 'false',
  }));
  const patches = [{ target: { kind: 'ClusterRole', name }, patch: stringify(operations) }];
  return {
    form: 'kustomizePatch',
    title: `Take ClusterRole ${excerpt(name)} out of the aggregation`,
    content: stringify({ patches }),
  };
}

export const fluxEditAggregation = defineControl({
  id: 'FLUX-X-14',
  title: 'Rights on Flux objects are aggregated to edit only where the controllers are locked down',
  family: 'Tenant access',
  severity: 'medium',
  scope: ['shared'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Flux installs the ClusterRoles `flux-edit` and `flux-view`, which Kubernetes aggregates to `edit`, `admin` and `view`. Who holds `edit` in a namespace may then create every kind of Flux object there, Receivers and ImageUpdateAutomations included. ' +
    'That is meant for clusters where the controllers keep tenants apart.',
  audit:
    'Looks for ClusterRoles with the labels `rbac.authorization.k8s.io/aggregate-to-view`, `-edit` or `-admin` that let somebody create or change Flux objects; roles with the same rules count once. ' +
    'It fails where a RoleBinding in the namespace of a tenant gives such rights while FLUX-MT-01 or FLUX-MT-02 fails on this cluster, and passes where the controllers are locked down, or where nobody holds them there.',
  remediation:
    'Lock the controllers down (FLUX-MT-01, FLUX-MT-02). Or take the aggregation labels off `flux-edit`, and bind it to those who write Flux objects.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#multi-tenancy',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles',
  ],
  requires: REQUIRES,
  optional: OPTIONAL,
  examples: {
    passing: [
      {
        title: 'nobody holds the role in the namespace of a tenant',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants:
            - { name: team-a, namespaces: { names: [team-a] } }
            - { name: team-b, namespaces: { names: [team-b] } }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata:
            name: flux-edit-flux-system
            labels: { rbac.authorization.k8s.io/aggregate-to-edit: "true" }
          rules:
            - { apiGroups: [kustomize.toolkit.fluxcd.io], resources: ["*"], verbs: [create, patch] }`,
      },
    ],
    failing: [
      {
        title: 'a tenant holds edit, and the controllers are not locked down',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants:
            - { name: team-a, namespaces: { names: [team-a] } }
            - { name: team-b, namespaces: { names: [team-b] } }
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args: [--watch-all-namespaces=true]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata:
            name: flux-edit-flux-system
            labels: { rbac.authorization.k8s.io/aggregate-to-edit: "true" }
          rules:
            - { apiGroups: [kustomize.toolkit.fluxcd.io], resources: ["*"], verbs: [create, patch] }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: edit }
          rules:
            - { apiGroups: [kustomize.toolkit.fluxcd.io], resources: ["*"], verbs: [create, patch] }
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: { name: team-a, namespace: team-a }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit }
          subjects: [{ kind: Group, name: team-a }]`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const { registration, deployments, pods, ...optional } = artifacts;
    const model = tenantModel(artifacts);
    const answer = unlessShared(model);
    if (answer) return [answer];
    const { rbac } = artifacts;
    if (rbac.state === 'unavailable') return [notEvaluatedBecause(CLUSTER_SUBJECT, rbac)];
    const roles = aggregatedFluxRoles(rbac.value);
    if (roles.length === 0) {
      const message = 'No ClusterRole that is aggregated to view, edit or admin lets anybody write Flux objects.';
      return [notApplicable(CLUSTER_SUBJECT, 'NO_AGGREGATION', message)];
    }
    const namespaces = new Set(model.tenants.flatMap((tenant) => tenant.namespaces));
    const writers = fluxWriters(rbac.value, namespaces);
    const states: { readonly [N in ArtifactName]?: Collected<Artifacts[N]> } = {
      ...optional,
      registration: collected(registration),
      deployments: collected(deployments),
      pods: collected(pods),
    };
    const lockDown = writers.length === 0 ? [] : LOCK_DOWN.flatMap((control) => verdictOf(control, states, context));
    return roles.map((role) => judgeRole(role, writers, lockDown));
  },
});
