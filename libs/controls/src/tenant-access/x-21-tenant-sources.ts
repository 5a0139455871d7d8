import {
  type Artifacts,
  type Collected,
  type Observation,
  type Source,
  CLUSTER_SUBJECT,
  collected,
  defineControl,
  derived,
  notApplicable,
  notEvaluated,
  notEvaluatedBecause,
} from '#libs/core';
import { type ControllerInstance, readFlag } from '#libs/flux';
import { accessOf } from '../access/access.js';
import { ADMISSION_ARTIFACTS, admissionView } from '../admission/admission-view.js';
import { tenantModel } from '../tenants/tenant-model.js';
import { unlessShared } from '../tenants/unless-shared.js';
import { URL_KINDS, judgeSources } from './judge-sources.js';
import { writersOf } from './source-writers.js';

const GATE = 'ExternalArtifact';

export const tenantSources = defineControl({
  id: 'FLUX-X-21',
  title: 'An admission policy says where sources of tenants may come from',
  family: 'Tenant access',
  severity: 'medium',
  scope: ['shared'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'Whoever may create a source chooses where Flux fetches from, and what is fetched is applied with the rights of the tenant. ' +
    'On shared clusters an admission policy with a list of allowed hosts keeps it to the repositories and registries that the platform knows.',
  audit:
    'For every tenant: whether somebody of it, or the account that applies its Kustomizations and HelmReleases, may create a GitRepository, OCIRepository, HelmRepository or Bucket in its namespaces, by RBAC and by the answers of the API server. ' +
    'Then an enforcing policy must refuse one from a host that nobody knows, on creation and on change, in each of these namespaces, failing closed: a ValidatingAdmissionPolicy, also one that compares with a list in a parameter, or a rule of Kyverno. ' +
    'Without one it fails where the registry declares the isolation of the tenant as high, and is a warning otherwise. A policy that is not understood leaves the tenant unjudged. ' +
    'With active verification a source of example.invalid is tried as a server-side dry-run in the name of the tenant: one that is let in decides, whatever is read. ' +
    'Where kustomize- or helm-controller runs with the feature gate ExternalArtifact, tenants must not be able to create ExternalArtifacts either: these say where they come from in their status.',
  remediation:
    'Create a ValidatingAdmissionPolicy for the kinds of `source.toolkit.fluxcd.io` that compares `spec.url` with the prefixes that the platform allows, and bind it in the namespaces of tenants with `validationActions: [Deny]`. ' +
    'Keep the creation of ExternalArtifacts to the controllers that make them.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://fluxcd.io/flux/components/source/gitrepositories/',
    'https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/',
  ],
  requires: [
    'registration',
    'namespaces',
    'rbac',
    'deployments',
    'pods',
    'kustomizations',
    'helmReleases',
    ...ADMISSION_ARTIFACTS,
  ],
  optional: ['accessReviews', 'sources', 'configMaps', 'probes'],
  examples: {
    passing: [
      {
        title: 'a list of allowed hosts',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, isolation: high, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: Role
          metadata: { name: sources, namespace: team-a }
          rules: [{ apiGroups: [source.toolkit.fluxcd.io], resources: ['*'], verbs: ['*'] }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: { name: sources, namespace: team-a }
          subjects: [{ kind: Group, name: team-a, apiGroup: rbac.authorization.k8s.io }]
          roleRef: { kind: Role, name: sources, apiGroup: rbac.authorization.k8s.io }
          ---
          apiVersion: admissionregistration.k8s.io/v1
          kind: ValidatingAdmissionPolicy
          metadata: { name: allowed-sources }
          spec:
            failurePolicy: Fail
            matchConstraints:
              resourceRules:
                - apiGroups: [source.toolkit.fluxcd.io]
                  apiVersions: ['*']
                  operations: [CREATE, UPDATE]
                  resources: [gitrepositories, ocirepositories, helmrepositories, buckets]
            validations:
              - expression: "has(object.spec.url) && object.spec.url.startsWith('https://git.example.com/')"
          ---
          apiVersion: admissionregistration.k8s.io/v1
          kind: ValidatingAdmissionPolicyBinding
          metadata: { name: allowed-sources }
          spec: { policyName: allowed-sources, validationActions: [Deny] }`,
      },
    ],
    failing: [
      {
        title: 'a tenant of high isolation may create any GitRepository',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, isolation: high, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: Role
          metadata: { name: sources, namespace: team-a }
          rules: [{ apiGroups: [source.toolkit.fluxcd.io], resources: [gitrepositories], verbs: [create, patch] }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: { name: sources, namespace: team-a }
          subjects: [{ kind: Group, name: team-a, apiGroup: rbac.authorization.k8s.io }]
          roleRef: { kind: Role, name: sources, apiGroup: rbac.authorization.k8s.io }`,
      },
    ],
  },
  evaluate: (artifacts) => {
    const { registration, rbac, accessReviews, sources, kustomizations, helmReleases } = artifacts;
    const model = tenantModel(artifacts);
    const early = unlessShared(model);
    if (early) return [early];
    if (model.instances.state === 'unavailable') return [notEvaluatedBecause(CLUSTER_SUBJECT, model.instances)];
    const served = URL_KINDS.filter((kind) => !isAbsent(sources, kind));
    if (served.length === 0) {
      return [
        notApplicable(
          CLUSTER_SUBJECT,
          'NO_SOURCE_API',
          'The cluster serves no kind of source, so that nobody can create one.',
        ),
      ];
    }
    const places = model.tenants.filter(({ namespaces }) => namespaces.length > 0);
    if (places.length === 0) {
      return [
        notApplicable(
          CLUSTER_SUBJECT,
          'NO_TENANT_NAMESPACES',
          'No tenant of the registry has a namespace on this cluster.',
        ),
      ];
    }
    const gate = gateOf(model.instances.value);
    const access = accessOf(rbac, accessReviews);
    const view = admissionView({
      webhookConfigurations: asCollected(artifacts.webhookConfigurations),
      admissionPolicies: asCollected(artifacts.admissionPolicies),
      enginePolicies: asCollected(artifacts.enginePolicies),
      namespaces: asCollected(artifacts.namespaces),
    });
    const proof = { rbac: asCollected(rbac), accessReviews, probes: artifacts.probes };
    const applied = { kustomizations, helmReleases };
    const judged = places.map((tenant) =>
      judgeSources(tenant, {
        model,
        access,
        view,
        writers: (each) => writersOf(each, access, model, applied),
        kinds: served,
        externalArtifacts: gate === 'on',
        proof,
        sourcesOf: (each) => sourcesIn(sources, each.namespaces),
      }),
    );
    return gate === 'unknown' ? [...judged, gateUnknown(registration.name)] : judged;
  },
});

const asCollected = derived(<T extends object>(value: T): Collected<T> => collected(value)) as <T extends object>(
  value: T,
) => Collected<T>;

/** Discovery proved that a kind is not served; what was not read may be. */
function isAbsent(sources: Collected<Artifacts['sources']>, kind: (typeof URL_KINDS)[number]): boolean {
  if (sources.state === 'unavailable') return false;
  const list = sources.value[kind];
  return list.state === 'collected' && list.provenAbsent === 'apiNotServed';
}

function sourcesIn(sources: Collected<Artifacts['sources']>, namespaces: readonly string[]): readonly Source[] {
  if (sources.state === 'unavailable') return [];
  const own = new Set(namespaces);
  return URL_KINDS.flatMap((kind) => {
    const list = sources.value[kind];
    return list.state === 'collected' ? list.value.filter(({ metadata }) => own.has(metadata.namespace ?? '')) : [];
  });
}

/** Whether a controller takes ExternalArtifacts. */
function gateOf(instances: readonly ControllerInstance[]): 'on' | 'off' | 'unknown' {
  const states = instances
    .filter(({ component }) => component === 'kustomize-controller' || component === 'helm-controller')
    .flatMap(({ pods, template }) => [...pods, ...(template ? [template] : [])])
    .map((run) => {
      const reading = readFlag(run.arguments, 'feature-gates', run.env);
      if (reading.state === 'undecidable') return 'unknown';
      const value = reading.state === 'value' ? reading.value : undefined;
      return typeof value === 'object' && GATE in value && (value as Readonly<Record<string, boolean>>)[GATE]
        ? 'on'
        : 'off';
    });
  if (states.includes('on')) return 'on';
  return states.includes('unknown') ? 'unknown' : 'off';
}

function gateUnknown(cluster: string): Observation {
  return notEvaluated(
    { ...CLUSTER_SUBJECT, field: GATE },
    'undecidable',
    'GATE_UNKNOWN',
    `Whether a controller of ${cluster} takes ExternalArtifacts is not known, for its --feature-gates cannot be read. Write the value into the arguments.`,
  );
}
