import type { AccessRule, BreakGlassEntry, Registration, TenantRegistration } from '#libs/core';
import { FLUX_0_RESOURCES, FLUX_RESOURCES, type ApiResource } from './api-resources.js';
import { DEFAULT_COMPONENTS } from './manifests/flux-components.js';
import { fluxObjects, type FluxInstallationOptions } from './manifests/flux-installation.js';
import { helmRelease, type HelmReleaseState } from './manifests/helm-releases.js';
import { kustomization, type KustomizationState } from './manifests/kustomizations.js';
import { alertAndProvider } from './manifests/alerts.js';
import { CLUSTER_ADMIN, cilium, fluxPolicies, groupEverywhere, nodes, tenantGuardrails } from './manifests/platform.js';
import { gitRepository, helmSources } from './manifests/sources.js';
import { appWorkload, tenantNamespace } from './manifests/tenants.js';
import type { LiveObject, SimulatedObject } from './simulated-object.js';

/** A cluster of the demo before it is simulated. */
export interface DemoClusterPlan {
  readonly name: string;
  readonly story: string;
  readonly registration: Omit<Registration, 'name'>;
  readonly resources: readonly ApiResource[];
  readonly objects: readonly (SimulatedObject | LiveObject)[];
  readonly serverVersion?: string;
  readonly denied?: readonly AccessRule[];
  /** Instead of the reads of Secrets that an auditor is not granted. */
  readonly userDenied?: readonly AccessRule[];
  readonly reachable?: boolean;
}

interface TenantPlan {
  readonly name: string;
  readonly story: string;
  /** How the management cluster's Kustomization for it is doing. */
  readonly remote?: KustomizationState;
  readonly flux?: FluxInstallationOptions;
  readonly tenants?: readonly string[];
  readonly registration?: Omit<Registration, 'name'>;
  readonly objects?: readonly (SimulatedObject | LiveObject)[];
  /** Nobody gave it nodes for Flux, a network plugin with policies, or guardrails for its tenants. */
  readonly bare?: boolean;
  readonly rest?: Partial<Pick<DemoClusterPlan, 'resources' | 'serverVersion' | 'denied' | 'reachable'>>;
}

function tenant(name: string): TenantRegistration {
  return { name, namespaces: { names: [name] }, principals: { groups: [name] } };
}

const DAY = 24 * 60 * 60 * 1000;
const BREAK_GLASS_GROUP = 'break-glass';

/** A way in that is complete, independent, and was tried three weeks ago. */
function breakGlass(now: number): BreakGlassEntry {
  const daysAgo = (days: number) => new Date(now - days * DAY).toISOString();
  return {
    name: 'offline-certificate',
    principals: { groups: [BREAK_GLASS_GROUP] },
    authMethod: 'clientCertificate',
    network: { via: 'bastion', sharedWithPrimary: false },
    credentialRef: 'vault: break-glass/orders',
    credentialStores: ['vault', 'offline'],
    owner: 'platform-security',
    approvers: ['ada', 'grace'],
    mfaAttestedAt: daysAgo(30),
    rotationDays: 180,
    rotatedAt: daysAgo(60),
    expiresAt: daysAgo(-120),
    drillDays: 90,
    lastDrill: { at: daysAgo(21), by: 'ada', result: 'passed', evidence: 'drill of the quarter' },
    runbookUrl: 'https://runbooks.example.com/break-glass',
    runbookReachableAt: daysAgo(1),
    alertOnUse: { rule: 'siem: break-glass-used', testedAt: daysAgo(21) },
    auditFeed: true,
  };
}

const SHARED: Omit<Registration, 'name'> = {
  role: 'tenant',
  tenancy: 'shared',
  delivery: 'remoteApply',
  tenants: ['team-a', 'team-b'].map(tenant),
};
/** The same, but nobody wrote down who the tenants are. */
const UNDECLARED: Omit<Registration, 'name'> = { role: 'tenant', tenancy: 'shared', delivery: 'remoteApply' };
const DEDICATED: Omit<Registration, 'name'> = {
  role: 'tenant',
  tenancy: 'dedicated',
  delivery: 'remoteApply',
  tenants: [{ ...tenant('orders'), isolation: 'high' }],
  platformPrincipals: { groups: ['platform-admins'] },
};

/** Adds arguments to one controller, or to one shard of it. */
const withArgument =
  (controller: string, argument: string, onShard?: string): FluxInstallationOptions['editArguments'] =>
  (component, args, shard) =>
    component === controller && shard === onShard ? [...args, argument] : args;

const TENANTS: readonly TenantPlan[] = [
  { name: 'checkout', story: 'Everything is in order.' },
  {
    name: 'catalog',
    story: 'The multi-tenancy lock-down was never switched on.',
    flux: { lockDown: 'none' },
    bare: true,
  },
  {
    name: 'payments',
    story: 'A shard of helm-controller may run commands from kubeconfigs; and the platform lost its access.',
    remote: 'accessRevoked',
    flux: {
      shards: ['shard1'],
      editArguments: withArgument('helm-controller', '--insecure-kubeconfig-exec', 'shard1'),
    },
  },
  {
    name: 'legacy',
    story: 'Flux 0.26 from 2022: exec in kubeconfigs is always allowed there.',
    flux: { release: 'v0.26.0', lockDown: 'none' },
    bare: true,
    rest: { resources: FLUX_0_RESOURCES, serverVersion: 'v1.29.14' },
  },
  {
    name: 'orders',
    story: 'One tenant has it for itself and uses only Helm; the platform has not been reconciled for hours.',
    remote: 'stale',
    flux: { components: ['source-controller', 'helm-controller', 'notification-controller'] },
    tenants: ['orders'],
    registration: DEDICATED,
    objects: [
      groupEverywhere('platform-admins', 'platform-admins', 'cluster-admin'),
      groupEverywhere('break-glass', BREAK_GLASS_GROUP, 'cluster-admin'),
    ],
  },
  {
    name: 'search',
    story: 'Flux 2.6 with its lock-down, but before workload identity defaults; and somebody suspended the platform.',
    remote: 'suspended',
    flux: { release: 'v2.6.4', lockDown: 'multiTenancy' },
    registration: UNDECLARED,
  },
  {
    name: 'analytics',
    story: "The default service account is the controller's own, and kubeconfigs may skip TLS.",
    flux: {
      editArguments: (component, args) =>
        component === 'kustomize-controller'
          ? [...args, '--default-service-account=kustomize-controller', '--insecure-kubeconfig-tls=true']
          : args,
    },
  },
  {
    name: 'media',
    story:
      'A flag is taken from a Secret, so nobody can tell what runs. It applies to a cluster of its own, and that is fine.',
    objects: [
      gitRepository({ namespace: 'team-a', name: 'encoders' }),
      kustomization({ namespace: 'team-a', name: 'encoders', kubeconfigSecret: 'encoders-kubeconfig' }),
    ],
    flux: {
      editArguments: withArgument('helm-controller', '--insecure-kubeconfig-exec=$(ALLOW_EXEC)'),
      secretEnvironment: 'ALLOW_EXEC',
    },
  },
  {
    name: 'billing',
    story: 'Its API server cannot be reached.',
    remote: 'targetUnreachable',
    rest: { reachable: false },
  },
  {
    name: 'fraud',
    story: 'The auditor may list neither Deployments nor HelmReleases.',
    rest: {
      denied: [
        { verb: '*', group: 'apps', resource: 'deployments' },
        { verb: '*', group: 'helm.toolkit.fluxcd.io', resource: 'helmreleases' },
      ],
    },
  },
  {
    name: 'labs',
    story: 'The auditor may not list pods; its source was deleted on the management cluster.',
    remote: 'sourceMissing',
    rest: { denied: [{ verb: '*', group: '', resource: 'pods' }] },
  },
  {
    name: 'edge',
    story: 'Nobody said whose it is, no tenant can be found, and there is no helm-controller.',
    flux: { components: ['source-controller', 'kustomize-controller', 'notification-controller'], lockDown: 'none' },
    tenants: [],
    registration: { delivery: 'remoteApply' },
  },
];

/** HelmReleases of the management cluster, by tenant. */
const REMOTE_RELEASES: readonly (readonly [tenant: string, state: HelmReleaseState])[] = [
  ['checkout', 'healthy'],
  ['catalog', 'frozen'],
  ['payments', 'accessRevoked'],
];

/** The management cluster first, then the tenant clusters. */
export function demoClusters(now: number): DemoClusterPlan[] {
  return [managementCluster(now), ...TENANTS.map((plan) => tenantCluster(plan, now))];
}

/** On the management cluster the auditor may read the Secrets that Flux objects name. */
const NO_LISTS_OF_SECRETS: readonly AccessRule[] = ['list', 'watch'].map((verb) => ({
  verb,
  group: '',
  resource: 'secrets',
}));
/** Failures of their remote applies reach somebody. */
const ALERTED = ['checkout', 'orders', 'search'];

function managementCluster(now: number): DemoClusterPlan {
  const remote = TENANTS.flatMap(({ name, remote: state = 'healthy' }) => [
    tenantNamespace({ tenant: name }),
    ...(state === 'sourceMissing' ? [] : [gitRepository({ namespace: name, name: 'apps' })]),
    kustomization({ namespace: name, name: 'apps', kubeconfigSecret: 'kubeconfig', state }),
  ]);
  return {
    name: 'management',
    story: 'Applies the platform to all others; some of these applies are in trouble.',
    registration: {
      role: 'management',
      delivery: 'inCluster',
      // Each namespace holds what the platform applies to one cluster; no tenant has anything here.
      platformNamespaces: ['flux-system', ...TENANTS.map(({ name }) => name)],
      breakGlass: [breakGlass(now)],
    },
    resources: FLUX_RESOURCES,
    userDenied: NO_LISTS_OF_SECRETS,
    objects: [
      ...fluxObjects({ ownNodes: true }),
      ...platform(),
      groupEverywhere('break-glass', BREAK_GLASS_GROUP, 'cluster-admin'),
      ...TENANTS.flatMap(({ name }) => tenantGuardrails(name, 'apps')),
      ...ALERTED.flatMap(alertAndProvider),
      gitRepository({ namespace: 'flux-system', name: 'flux-system' }),
      kustomization({ namespace: 'flux-system', name: 'flux-system', serviceAccountName: 'kustomize-controller' }),
      ...remote,
      ...REMOTE_RELEASES.flatMap(([namespace, state]) => [
        ...helmSources({ namespace, name: 'ingress' }),
        helmRelease({ namespace, name: 'ingress', kubeconfigSecret: 'kubeconfig', state }),
      ]),
    ],
  };
}

/** What a platform team gives every cluster. */
function platform(): SimulatedObject[] {
  return [CLUSTER_ADMIN, ...nodes(), ...cilium(), ...fluxPolicies()];
}

function tenantCluster(plan: TenantPlan, now: number): DemoClusterPlan {
  const { name, story, flux, tenants = ['team-a', 'team-b'], registration = SHARED, bare = false, rest } = plan;
  return {
    name,
    story,
    registration: registration === DEDICATED ? { ...DEDICATED, breakGlass: [breakGlass(now)] } : registration,
    resources: FLUX_RESOURCES,
    objects: [
      ...fluxObjects({ ...flux, ownNodes: !bare }),
      ...(bare ? nodes() : platform()),
      ...appWorkload('kube-system', 'coredns'),
      ...tenants.flatMap((tenant) => [
        tenantNamespace({ tenant, ...(!bare && { podSecurity: 'restricted' }) }),
        ...(bare ? [] : tenantGuardrails(tenant, 'web')),
        ...tenantReconcilers(tenant, flux),
        ...appWorkload(tenant, 'web'),
      ]),
      ...(plan.objects ?? []),
    ],
    ...rest,
  };
}

/** What the tenant itself lets Flux apply, by the controller that is there. */
function tenantReconcilers(namespace: string, flux: FluxInstallationOptions = {}): LiveObject[] {
  const name = 'web';
  if (!(flux.components ?? DEFAULT_COMPONENTS).includes('kustomize-controller'))
    return [...helmSources({ namespace, name }), helmRelease({ namespace, name })];
  const old = flux.release === 'v0.26.0';
  const version = (group: string, old: string) => ({ apiVersion: `${group}.toolkit.fluxcd.io/${old}` });
  return [
    gitRepository({ namespace, name, ...(old && version('source', 'v1beta1')) }),
    kustomization({ namespace, name, serviceAccountName: name, ...(old && version('kustomize', 'v1beta2')) }),
  ];
}
