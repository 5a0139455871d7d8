import {
  type Artifacts,
  type Collected,
  type KubernetesObject,
  type Observation,
  CLUSTER_SUBJECT,
  defineControl,
  fail,
  notApplicable,
  notEvaluatedBecause,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { type TenantModel, tenantModel } from '../tenants/tenant-model.js';
import { type CorrectionMark, applierOf, correctionMarks, removalOf } from './correction-marks.js';

const OPTIONAL = [
  'serviceAccounts',
  'namespaces',
  'webhookConfigurations',
  'admissionPolicies',
  'sources',
  'kustomizations',
  'helmReleases',
] as const;

type OptionalArtifacts = { readonly [N in (typeof OPTIONAL)[number]]: Collected<Artifacts[N]> };

/** The objects that access and admission rest on, which Flux applied and no tenant owns. */
function platformObjects(
  rbac: Artifacts['rbac'],
  artifacts: OptionalArtifacts,
  model: TenantModel,
): { readonly objects: readonly KubernetesObject[]; readonly gaps: readonly Observation[] } {
  const objects: KubernetesObject[] = [...rbac];
  const gaps: Observation[] = [];
  const take = (name: string, artifact: Collected<readonly KubernetesObject[]>) => {
    if (artifact.state === 'collected') objects.push(...artifact.value);
    else gaps.push(notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: name }, artifact));
  };
  take('service accounts', artifacts.serviceAccounts);
  take('namespaces', artifacts.namespaces);
  take('webhook configurations', artifacts.webhookConfigurations);
  take('admission policies', artifacts.admissionPolicies);
  take('Kustomizations', artifacts.kustomizations);
  take('HelmReleases', artifacts.helmReleases);
  if (artifacts.sources.state === 'collected')
    for (const [kind, list] of Object.entries(artifacts.sources.value)) take(kind, list);
  else take('sources', artifacts.sources);
  return {
    objects: objects.filter(
      ({ kind, metadata }) =>
        // A namespace of a tenant is the platform's object all the same.
        !model.tenantOf(kind === 'Namespace' ? undefined : metadata.namespace),
    ),
    gaps,
  };
}

function judgeObject(object: KubernetesObject): Observation | undefined {
  const marks = correctionMarks(object).filter(({ effect }) => effect !== 'none');
  const [first] = marks;
  // Only what Flux applied can be corrected by it; without marks there is nothing to say of one object.
  if (first === undefined || applierOf(object) === undefined) return undefined;
  const off = marks.filter(({ effect }) => effect === 'off');
  const partial = marks.filter(({ effect }) => effect === 'partial');
  const { namespace, name } = object.metadata;
  const title = `${object.kind} ${excerpt(namespace === undefined ? name : `${namespace}/${name}`, 120)}`;
  const said = (all: readonly CorrectionMark[]) => all.map(({ key, value }) => `${key}: ${value}`).join(', ');
  const fixes = [
    { form: 'steps', title: 'Remove the mark from the live object', content: removalOf(object, marks) },
  ] as const;
  if (off[0]) {
    return fail(
      subjectOf(object),
      'CORRECTION_OFF',
      `${title} carries ${said(off)}, so Flux leaves it as it is when it drifts, and its Kustomization stays ready without an event. ` +
        'Nobody notices a change of it, whoever set the mark. ' +
        'Remove the mark from the live object; Flux takes it back then.',
      { evidence: [off[0].evidence, ...off.slice(1).map(({ evidence }) => evidence)], fixes },
    );
  }
  const partially = partial.length > 0;
  return warn(
    subjectOf(object),
    partially ? 'CORRECTION_PARTIAL' : 'PRUNE_OFF',
    partially
      ? `${title} carries ${said(partial)}, so Flux leaves fields that others set on it. Rules or subjects that somebody adds may stay. Remove the mark, unless another program must write to it.`
      : `${title} carries ${said(marks)}, so it stays in the cluster after it was removed from Git. Rights that were taken back in Git stay given. Remove the mark, unless that is meant.`,
    { severity: 'low', evidence: marks.map(({ evidence }) => evidence), fixes },
  );
}

export const driftCorrectionOn = defineControl({
  id: 'FLUX-X-17',
  title: 'Flux corrects drift of the objects that the platform’s access and admission rest on',
  family: 'Flux objects',
  severity: 'low',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'An annotation or label on an object makes kustomize-controller pass it over. ' +
    'On roles, bindings, accounts and admission policies that hides every later change: the Kustomization stays ready and sends no event.',
  audit:
    'Looks at the live roles, bindings, service accounts, namespaces, admission objects and Flux objects that Flux applied, outside the namespaces of tenants. ' +
    '`kustomize.toolkit.fluxcd.io/reconcile: disabled` and `…/ssa: Ignore`, as annotation or label and in any case, fail. ' +
    '`ssa: Merge` and `prune: disabled` are warnings; `ssa: IfNotPresent` has no effect on an object that is there. ' +
    'Objects that Flux did not apply are not corrected by it and are not judged.',
  remediation:
    'Remove the mark from the live object with `kubectl annotate` or `kubectl label`. ' +
    'If it comes back, find out who sets it; if it stands in Git, remove it there.',
  references: [
    'https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources',
  ],
  requires: ['registration', 'rbac'],
  optional: OPTIONAL,
  examples: {
    passing: [
      {
        title: 'a binding that Flux applied and corrects',
        yaml: `
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata:
            name: platform-admins
            labels: { kustomize.toolkit.fluxcd.io/name: flux-system, kustomize.toolkit.fluxcd.io/namespace: flux-system }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
          subjects: [{ kind: Group, apiGroup: rbac.authorization.k8s.io, name: platform-admins }]`,
      },
    ],
    failing: [
      {
        title: 'a binding that Flux passes over',
        yaml: `
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata:
            name: platform-admins
            labels: { kustomize.toolkit.fluxcd.io/name: flux-system, kustomize.toolkit.fluxcd.io/namespace: flux-system }
            annotations: { kustomize.toolkit.fluxcd.io/reconcile: Disabled }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
          subjects: [{ kind: Group, apiGroup: rbac.authorization.k8s.io, name: team-a }]`,
      },
    ],
  },
  evaluate: (artifacts): readonly Observation[] => {
    const model = tenantModel(artifacts);
    const { objects, gaps } = platformObjects(artifacts.rbac, artifacts, model);
    const applied = objects.filter((object) => applierOf(object) !== undefined);
    const found = applied.flatMap((object) => judgeObject(object) ?? []);
    if (found.length > 0 || gaps.length > 0) return [...found, ...gaps];
    if (applied.length === 0) {
      return [
        notApplicable(
          CLUSTER_SUBJECT,
          'NOT_APPLIED_BY_FLUX',
          'Flux applied none of the roles, bindings, accounts, namespaces and admission objects of this cluster, so it corrects none.',
        ),
      ];
    }
    return [
      pass(
        CLUSTER_SUBJECT,
        'CORRECTION_ON',
        `None of the ${applied.length} objects for access, admission and Flux that Flux applied is exempt from its correction.`,
      ),
    ];
  },
});
