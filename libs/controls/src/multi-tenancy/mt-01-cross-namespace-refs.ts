import { type Observation, CLUSTER_SUBJECT, defineControl, objectReference, type Severity, warn } from '#libs/core';
import { type Component, type ControllerInstance, excerpt, readFlag } from '#libs/flux';
import type { FlagRule } from '../controller-flags/flag-rule.js';
import {
  CONTEXT_ARTIFACTS,
  CONTROLLER_ARTIFACTS,
  type Inspection,
  inspectControllers,
  instancesOf,
} from '../controller-flags/inspect-controllers.js';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';
import { judgeFlags } from '../controller-flags/judge-flags.js';
import { mustBeOn } from '../controller-flags/rules.js';
import { refersAtHome } from '#libs/admission';
import { ADMISSION_ARTIFACTS } from '../admission/admission-view.js';
import { type FluxTrial, REFERENCE_TRIALS } from '../probes/flux-trials.js';
import { PROOF_ARTIFACTS } from '../probes/policy-proof.js';
import { tenantModel } from '../tenants/tenant-model.js';
import { compensatedBy } from './compensation.js';
import { impactOfClosing } from './foreign-references.js';
import { withinTenantBoundary } from './tenant-boundary.js';

const FLAG = 'no-cross-namespace-refs';

/** image-reflector-controller refuses foreign references by itself, unless `accessFrom` allows them. */
const SEVERITIES: Readonly<Partial<Record<Component, Severity>>> = {
  'kustomize-controller': 'critical',
  'helm-controller': 'critical',
  'notification-controller': 'high',
  'image-automation-controller': 'high',
  'source-watcher': 'high',
  'image-reflector-controller': 'medium',
};
const COMPONENTS = Object.keys(SEVERITIES) as readonly Component[];

/** The objects whose references each controller follows. */
const FOLLOWED: Readonly<Partial<Record<Component, readonly Parameters<typeof refersAtHome>[0][]>>> = {
  'kustomize-controller': ['Kustomization'],
  'helm-controller': ['HelmRelease'],
  'notification-controller': ['Alert', 'Receiver'],
  'image-reflector-controller': ['ImagePolicy'],
  'image-automation-controller': ['ImageUpdateAutomation'],
  'source-watcher': ['ArtifactGenerator'],
};

/** What is tried; references of other kinds are not. */
const TRIED: Readonly<Partial<Record<Component, readonly FluxTrial[]>>> = {
  'kustomize-controller': REFERENCE_TRIALS.Kustomization,
  'helm-controller': REFERENCE_TRIALS.HelmRelease,
};
const trialsOf = (component: Component) => TRIED[component] ?? [];

/** Besides Kustomizations and HelmReleases, what refers to other objects. */
const REFERRING = ['alerts', 'receivers', 'imagePolicies', 'imageUpdateAutomations', 'artifactGenerators'] as const;

const CLOSED = mustBeOn(FLAG, {
  advice:
    'Flux recommends the flag on clusters that tenants share, so that objects of one tenant cannot use those of another. ' +
    'Set it on every controller that has it; source-controller has no such flag.',
  preset: 'multitenancy',
  severity: ({ component }) => SEVERITIES[component],
});

/** A controller that sees one namespace only, and no tenant's: its cache refuses sources elsewhere. */
function seesNoTenant(instance: ControllerInstance, { tenancy }: Inspection): boolean {
  const runs = [...instance.pods, ...(instance.template ? [instance.template] : [])];
  const tenantNamespaces = tenancy.tenants.flatMap(({ namespaces }) => namespaces);
  if (tenantNamespaces.length === 0) return false;
  return runs.every((run) => {
    const reading = readFlag(run.arguments, 'watch-all-namespaces', run.env);
    const runtime = run.env('RUNTIME_NAMESPACE');
    // Without RUNTIME_NAMESPACE the controllers watch everything all the same.
    if (runtime?.state !== 'known' || runtime.value === '' || tenantNamespaces.includes(runtime.value)) return false;
    return reading.state === 'value' && reading.value === false;
  });
}

function ruleFor(instance: ControllerInstance, inspection: Inspection): FlagRule {
  if (!seesNoTenant(instance, inspection)) return CLOSED;
  return {
    ...CLOSED,
    judge: (value, given) => {
      const violation = CLOSED.judge(value, given);
      return (
        violation && {
          ...violation,
          outcome: 'warn',
          reason: 'NAMESPACE_SCOPED',
          what: `${violation.what}, and watches its own namespace only, which is no tenant's`,
        }
      );
    },
  };
}

/** The flag on source-controller, which does not know it: the controller does not start. */
function strayFlag(inspection: Inspection): readonly Observation[] {
  return instancesOf(inspection, ['source-controller']).flatMap((instance) => {
    const runs = [...instance.pods, ...(instance.template ? [instance.template] : [])];
    const stray = runs.find(
      ({ arguments: reading }) => reading.state === 'crash' && reading.item.text.startsWith(`--${FLAG}`),
    );
    if (stray?.arguments.state !== 'crash') return [];
    const { item, message } = stray.arguments;
    return [
      warn(
        subjectOfInstance(instance, FLAG),
        'CONTROLLER_NOT_RUNNING',
        `source-controller ${instance.namespace}/${instance.owner.name} does not start: ${message} It needs no such flag. Remove the argument.`,
        {
          severity: 'medium',
          evidence: [
            {
              object: objectReference(stray.object),
              pointer: `${stray.pointer}${item.pointer}`,
              observed: excerpt(item.text),
              expected: 'absent',
            },
          ],
        },
      ),
    ];
  });
}

/** Said once for all controls of this family. */
function inferredTenants({ tenancy }: Inspection): readonly Observation[] {
  if (tenancy.severalTenants !== 'yes' || tenancy.confidence !== 'heuristic') return [];
  const names = tenancy.tenants.map(({ name }) => name);
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
  return [
    warn(
      CLUSTER_SUBJECT,
      'TENANTS_INFERRED',
      `The tenants of this cluster were inferred from its namespaces: ${shown}. ` +
        'Verdicts about tenants are as good as this guess. Declare the tenants of the cluster in the registry.',
      { severity: 'low', confidence: 'heuristic' },
    ),
  ];
}

export const crossNamespaceRefs = defineControl({
  id: 'FLUX-MT-01',
  title: 'Cross-namespace references are disabled on shared clusters',
  family: 'Multi-tenancy',
  severity: 'critical',
  scope: ['shared', 'management'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'By default an object may use sources and receive events of other namespaces. ' +
    'Where tenants share a cluster, Flux recommends to close this on all controllers, so that a namespace is a boundary for Flux objects as it is for RBAC.',
  audit:
    'Every instance of kustomize-, helm-, notification-, image-reflector-, image-automation-controller and source-watcher must run with `--no-cross-namespace-refs=true`; controllers that are not installed are left out, one that evidently runs without being recognised is not evaluated, and source-controller has no such flag. ' +
    'Pods and templates are read as in the other controls of start-up flags. ' +
    'An instance that watches its own namespace only, where no tenant has objects, is a warning. ' +
    'An admission policy that refuses references to other namespaces in every namespace of a tenant, and fails closed, makes a missing flag a warning (COMPENSATED), and for kustomize- and helm-controller passes where active verification had it refuse dry-runs in the name of tenants; one that only reports does not. ' +
    'Applies where tenants share the cluster: declared in the registry, or inferred from namespaces, which is said in a warning of its own. ' +
    'Where neither role nor tenants are known the control is not evaluated; where no tenant was seen it is a warning.',
  remediation:
    'Look for objects that take sources from other namespaces first; they will be refused (AccessDenied), and a HelmRelease with `spec.chart` will not be reconciled any more, without a condition. Give each tenant its own sources. ' +
    'Then set the flag: `spec.cluster.multitenant: true` of the FluxInstance, `multitenancy.enabled: true` of the Helm chart, `multiTenancy.enforce=true` of the Azure extension, or a patch of the Deployments, shards included.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#multi-tenancy',
    'https://fluxcd.io/flux/installation/configuration/multitenancy/',
  ],
  requires: CONTROLLER_ARTIFACTS,
  optional: [...CONTEXT_ARTIFACTS, ...REFERRING, ...PROOF_ARTIFACTS, ...ADMISSION_ARTIFACTS],
  examples: {
    passing: [
      {
        title: 'a shared cluster whose controllers have the flag',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a }, { name: team-b }]
          ---
          apiVersion: apps/v1
          kind: Deployment
          metadata: { name: kustomize-controller, namespace: flux-system }
          spec:
            template:
              spec:
                containers:
                  - name: manager
                    image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                    args: [--no-cross-namespace-refs=true]
          ---
          apiVersion: v1
          kind: Pod
          metadata:
            name: kustomize-controller-7c9d-q8lzr
            namespace: flux-system
            labels: { pod-template-hash: 7c9d }
            ownerReferences:
              - { apiVersion: apps/v1, kind: ReplicaSet, name: kustomize-controller-7c9d, uid: 9f21 }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args: [--no-cross-namespace-refs=true]`,
      },
    ],
    failing: [
      {
        title: 'notification-controller was forgotten',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a }, { name: team-b }]
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: notification-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/notification-controller:v1.9.3
                args: [--watch-all-namespaces=true]`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const inspection = inspectControllers(artifacts, context);
    const { kustomizations, helmReleases } = artifacts;
    const impact = impactOfClosing([kustomizations, helmReleases, ...REFERRING.map((name) => artifacts[name])]);
    const demandsOf = (component: Component) => (FOLLOWED[component] ?? []).map((kind) => refersAtHome(kind));
    const judged = judgeFlags(
      {
        components: COMPONENTS,
        rules: (instance) => [ruleFor(instance, inspection)],
        severity: 'critical',
        weigh: compensatedBy(demandsOf, tenantModel(artifacts), artifacts, trialsOf),
        confidence: inspection.tenancy.confidence,
        ...(impact !== undefined && { context: impact }),
      },
      inspection,
    );
    return withinTenantBoundary(inspection, [...judged, ...strayFlag(inspection), ...inferredTenants(inspection)]);
  },
});
