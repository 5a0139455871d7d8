import { CLUSTER_SUBJECT, type Observation, defineControl, warn } from '#libs/core';
import { namesAccount } from '#libs/admission';
import { type Component, type FixTarget, excerpt, readFlag, rootAccountFixes } from '#libs/flux';
import { ADMISSION_ARTIFACTS } from '../admission/admission-view.js';
import type { FlagRule, Violation } from '../controller-flags/flag-rule.js';
import {
  CONTEXT_ARTIFACTS,
  CONTROLLER_ARTIFACTS,
  type Inspection,
  inspectControllers,
  instancesOf,
} from '../controller-flags/inspect-controllers.js';
import { judgeFlags } from '../controller-flags/judge-flags.js';
import { mustName } from '../controller-flags/rules.js';
import { ACCOUNT_TRIALS } from '../probes/flux-trials.js';
import { PROOF_ARTIFACTS } from '../probes/policy-proof.js';
import { tenantModel } from '../tenants/tenant-model.js';
import { compensatedBy } from './compensation.js';
import { nameNotJudged, riskOfName } from './risky-name.js';
import { withinTenantBoundary } from './tenant-boundary.js';

const FLAG = 'default-service-account';
const COMPONENTS: readonly Component[] = ['kustomize-controller', 'helm-controller'];

/** Names of service accounts are DNS subdomains (RFC 1123, as Kubernetes checks them). */
const ACCOUNT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function judgeName(name: string, riskOfName: (name: string) => Violation | undefined): Violation | undefined {
  if (name.length > 253 || !ACCOUNT_NAME.test(name)) {
    return {
      outcome: 'warn',
      severity: 'medium',
      reason: 'INVALID_NAME',
      what: `runs with --${FLAG}=${excerpt(name)}, which no service account can be called${/["']/.test(name) ? '; quotes inside an argument belong to the value' : ''}`,
      advice:
        'Objects that name no account will not be applied. Write the name of a service account that has no rights of its own.',
    };
  }
  return riskOfName(name);
}

const ADVICE =
  'Without a default account, objects that name none are applied with the rights of the controller; Flux recommends to set one where tenants share a cluster, so that each object acts as an account of its own namespace. ' +
  'Set it, give the account no rights, and name an account in the Kustomizations of the platform in the same change.';

function ruleFor(risk: (name: string) => Violation | undefined): FlagRule {
  const rule = mustName(FLAG, {
    value: 'default',
    preset: 'multitenancy',
    judgeName: (name) => judgeName(name, risk),
    advice: ADVICE,
  });
  return { ...rule, fixes: (target: FixTarget) => [...rule.fixes(target), ...rootAccountFixes(target)] };
}

/** The objects that each controller applies. */
const demandsOf = (component: Component) => [
  namesAccount(component === 'helm-controller' ? 'HelmRelease' : 'Kustomization'),
];

const trialsOf = (component: Component) =>
  ACCOUNT_TRIALS[component === 'helm-controller' ? 'HelmRelease' : 'Kustomization'];

/** Lanes of one controller that act as different accounts. */
function differentValues(inspection: Inspection): readonly Observation[] {
  return COMPONENTS.flatMap((component) => {
    const values = instancesOf(inspection, [component]).flatMap(({ pods, template }) => {
      const live = pods.filter(({ terminating }) => !terminating);
      return (live.length > 0 ? live : template ? [template] : []).flatMap((run) => {
        const reading = readFlag(run.arguments, FLAG, run.env);
        return reading.state === 'value' && typeof reading.value === 'string' && reading.value !== ''
          ? [reading.value]
          : [];
      });
    });
    const distinct = [...new Set(values)].sort();
    if (distinct.length < 2) return [];
    return [
      warn(
        { ...CLUSTER_SUBJECT, field: component },
        'DIFFERENT_VALUES',
        `Instances of ${component} use different default accounts: ${excerpt(distinct.join(', '))}. ` +
          'The rights of an object then depend on the instance that serves it. Give all instances the same value.',
        { severity: 'medium' },
      ),
    ];
  });
}

export const defaultServiceAccount = defineControl({
  id: 'FLUX-MT-02',
  title: 'A default service account is set on shared clusters',
  family: 'Multi-tenancy',
  severity: 'critical',
  scope: ['shared', 'management'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'A Kustomization or HelmRelease that names no service account is applied with the rights of its controller. ' +
    'Where tenants share a cluster, Flux recommends a default account, taken from the namespace of the object, which has no rights of its own.',
  audit:
    'Every instance of kustomize- and helm-controller must run with a non-empty `--default-service-account`; the last occurrence counts. ' +
    'The flag of the same name on source-, notification- and image controllers is another one and does not count here. ' +
    'A value that is no valid name, and values that differ between instances are warnings. So is a name that an account of the platform has: one with rights to change things in the whole cluster, in a namespace of Flux or the platform, or one of the names that controllers and installers use; where a tenant may create Flux objects in that namespace it fails. Other rights of the default account are not judged here. ' +
    'An admission policy that demands `spec.serviceAccountName` in every namespace of a tenant, and fails closed, makes a missing flag a warning (COMPENSATED), and passes where active verification had it refuse dry-runs in the name of tenants; one that only reports does not. ' +
    'Applies where tenants share the cluster, as in FLUX-MT-01.',
  remediation:
    'Set `--default-service-account=default` on kustomize- and helm-controller: `spec.cluster.multitenant: true` of the FluxInstance, `multitenancy.enabled: true` of the Helm chart, `multiTenancy.enforce=true` of the Azure extension, or a patch of the Deployments. ' +
    'Set `spec.serviceAccountName: kustomize-controller` on the root Kustomization in the same change, or the platform stops applying itself. ' +
    'Give tenants named accounts with rights in their own namespaces (`flux create tenant`).',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#multi-tenancy',
    'https://fluxcd.io/flux/installation/configuration/multitenancy/',
    'https://fluxcd.io/flux/components/kustomize/kustomizations/#role-based-access-control',
  ],
  requires: CONTROLLER_ARTIFACTS,
  optional: [...CONTEXT_ARTIFACTS, ...PROOF_ARTIFACTS, ...ADMISSION_ARTIFACTS],
  examples: {
    passing: [
      {
        title: 'the value may be the next argument',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a }, { name: team-b }]
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: helm-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/helm-controller:v1.6.3
                args: [--default-service-account, default]`,
      },
    ],
    failing: [
      {
        title: 'a later, empty value wins',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a }, { name: team-b }]
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: helm-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/helm-controller:v1.6.3
                args: [--default-service-account=default, --default-service-account=]`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const inspection = inspectControllers(artifacts, context);
    const model = tenantModel(artifacts);
    const rule = ruleFor(riskOfName(model, artifacts));
    const judged = judgeFlags(
      {
        components: COMPONENTS,
        rules: () => [rule],
        weigh: compensatedBy(demandsOf, model, artifacts, trialsOf),
        severity: 'critical',
        confidence: inspection.tenancy.confidence,
      },
      inspection,
    );
    return withinTenantBoundary(inspection, [
      ...judged,
      ...differentValues(inspection),
      ...nameNotJudged(model, artifacts, judged),
    ]);
  },
});
