import { type Collected, type ServiceAccount, causeOfUnavailable, codeOfUnavailable, defineControl } from '#libs/core';
import {
  COMPONENTS,
  type Component,
  type ControllerInstance,
  WORKLOAD_IDENTITY_GATE,
  firstVersionOf,
  setArgumentFixes,
  workloadIdentityFlags,
} from '#libs/flux';
import type { FlagRule, Violation } from '../controller-flags/flag-rule.js';
import {
  CONTEXT_ARTIFACTS,
  CONTROLLER_ARTIFACTS,
  inspectControllers,
} from '../controller-flags/inspect-controllers.js';
import { judgeFlags } from '../controller-flags/judge-flags.js';
import { mustName } from '../controller-flags/rules.js';
import { cloudIdentityOf } from './cloud-identity.js';
import { sharedCloudRoles } from './shared-cloud-roles.js';
import { withinTenantBoundary } from './tenant-boundary.js';

const ADVICE =
  'Flux recommends these defaults where tenants share a cluster, so that access to clouds and to other clusters uses an account of the namespace of the object. ' +
  `Set them on all controllers, together with --feature-gates=${WORKLOAD_IDENTITY_GATE}=true: without the gate the controllers do not start.`;

/** The controllers with such flags. */
const CONTROLLERS = COMPONENTS.filter((component) => workloadIdentityFlags(component).length > 0);

/** The flag that decides since when a controller can do this: its newest one, and the most important. */
function mainFlag(component: Component): string {
  return workloadIdentityFlags(component).at(-1) ?? '';
}

const silent = (): undefined => undefined;

/** A build before Flux 2.7 has none of these flags; how bad that is depends on what it could lend. */
function tooOld(instance: ControllerInstance, accounts: Collected<readonly ServiceAccount[]>): FlagRule['tooOld'] {
  const identity = cloudIdentityOf(instance, accounts);
  const upgrade = {
    advice: 'Upgrade to Flux 2.7 or later, then set the defaults for workload identity.',
    notByArgument: true,
  } as const;
  return (_component, first): Violation => {
    const what = `is older than v${first} (Flux 2.7), the first version with defaults for workload identity`;
    const reason = 'FLAG_UNSUPPORTED_UPGRADE';
    if (identity === 'yes') return { reason, what: `${what}, and has an identity of a cloud`, ...upgrade };
    if (identity === 'no')
      return {
        outcome: 'warn',
        severity: 'medium',
        reason,
        what: `${what}; no identity of a cloud was seen on it`,
        ...upgrade,
      };
    return {
      outcome: 'notEvaluated',
      reason: codeOfUnavailable(identity.reason),
      what: `${what}, and whether it has an identity of a cloud is not known: ${identity.message.replace(/\.$/, '')}`,
      ...upgrade,
      cause: causeOfUnavailable(identity.reason),
      missing: identity.missing,
    };
  };
}

function rulesFor(instance: ControllerInstance, accounts: Collected<readonly ServiceAccount[]>): readonly FlagRule[] {
  const { component } = instance;
  const main = mainFlag(component);
  const flags = workloadIdentityFlags(component).map((flag) =>
    mustName(flag, {
      value: 'default',
      preset: 'workloadIdentity',
      advice: ADVICE,
      severity: () => (flag === 'default-kubeconfig-service-account' ? 'critical' : 'high'),
      tooOld: flag === main ? tooOld(instance, accounts) : silent,
    }),
  );
  return [...flags, gateRule(main)];
}

function gateRule(main: string): FlagRule {
  const argument = `--feature-gates=${WORKLOAD_IDENTITY_GATE}=true`;
  return {
    flag: 'feature-gates',
    expected: `${WORKLOAD_IDENTITY_GATE}=true`,
    pass: { reason: 'GATE_ON', what: `runs with the feature gate ${WORKLOAD_IDENTITY_GATE} on` },
    judge: (value) => {
      const on = typeof value === 'object' && WORKLOAD_IDENTITY_GATE in value && value[WORKLOAD_IDENTITY_GATE];
      return on ? undefined : { reason: 'GATE_OFF', what: `runs without ${argument}` };
    },
    firstVersion: (component) => firstVersionOf(main, component),
    tooOld: silent,
    severity: () => 'high',
    advice: ADVICE,
    fixes: (target) => setArgumentFixes(target, argument, 'workloadIdentity'),
  };
}

export const workloadIdentityDefaults = defineControl({
  id: 'FLUX-MT-06',
  title: 'Default accounts for workload identity are set on shared clusters',
  family: 'Multi-tenancy',
  severity: 'critical',
  scope: ['shared', 'management'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Since Flux 2.7 each controller can be told which service account, taken from the namespace of the object, stands for an object that names none: for clouds, for decryption, and for clusters that a kubeconfig ConfigMap names. ' +
    'Without these defaults such objects use the identity of the controller. Where tenants share a cluster, Flux recommends to set them all.',
  audit:
    'Required on every instance: kustomize-controller `--default-decryption-service-account` and `--default-kubeconfig-service-account`; helm-controller `--default-kubeconfig-service-account`; source-, notification-, image-reflector- and image-automation-controller `--default-service-account`; and on all of them the feature gate `ObjectLevelWorkloadIdentity`. ' +
    'A build before Flux 2.7 has no such flags: that fails where the controller has an identity of a cloud (annotations of its service account, variables of the cloud SDKs), is a warning where none is seen, and is not evaluated where service accounts cannot be read. ' +
    'Where they can, default accounts of two tenants with one cloud role are a warning. ' +
    'Applies where tenants share the cluster, as in FLUX-MT-01.',
  remediation:
    'With the Flux Operator set `spec.cluster.objectLevelWorkloadIdentity: true` and `multitenantWorkloadIdentity: true`; else add the arguments by a patch of the Deployments, the feature gate included, shards too. ' +
    'Create the account in the namespaces of tenants that use a cloud, and bind each to a role of its own.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#multi-tenancy',
    'https://fluxcd.io/flux/installation/configuration/workload-identity/',
    'https://fluxcd.io/flux/installation/configuration/multitenancy/',
  ],
  requires: CONTROLLER_ARTIFACTS,
  optional: [...CONTEXT_ARTIFACTS, 'serviceAccounts'],
  examples: {
    passing: [
      {
        title: 'helm-controller with its default, and the gate',
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
                args:
                  - --default-kubeconfig-service-account=default
                  - --feature-gates=ObjectLevelWorkloadIdentity=true`,
      },
    ],
    failing: [
      {
        title: 'kustomize-controller has a default for decryption only',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a }, { name: team-b }]
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args:
                  - --default-decryption-service-account=default
                  - --feature-gates=ObjectLevelWorkloadIdentity=true`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const inspection = inspectControllers(artifacts, context);
    const { serviceAccounts } = artifacts;
    const judged = judgeFlags(
      {
        components: CONTROLLERS,
        rules: (instance) => rulesFor(instance, serviceAccounts),
        namesField: true,
        severity: 'critical',
        confidence: inspection.tenancy.confidence,
      },
      inspection,
    );
    return withinTenantBoundary(inspection, [...judged, ...sharedCloudRoles(inspection, serviceAccounts)]);
  },
});
