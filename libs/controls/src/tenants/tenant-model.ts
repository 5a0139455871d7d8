import {
  type Artifacts,
  type Collected,
  type Confidence,
  type Observation,
  type Registration,
  type TenantRegistration,
  CLUSTER_SUBJECT,
  derived,
  notApplicable,
  notEvaluated,
  notEvaluatedBecause,
} from '#libs/core';
import {
  type ControllerInstance,
  type Tenancy,
  discoverControllers,
  fluxNamespacesOf,
  resolveTenancy,
} from '#libs/flux';
import { type Identity, accountIdentity, AUTHENTICATED, userIdentity } from '#libs/rbac';

/** What tells more about tenants: who they are where the registry names none, and where Flux runs. */
export const TENANT_CONTEXT = [
  'namespaces',
  'kustomizations',
  'helmReleases',
  'deployments',
  'pods',
  'configMaps',
] as const;

type ContextName = (typeof TENANT_CONTEXT)[number];

/** Each context artifact as a control has it: with its state, or its value where the control requires it. */
export type TenantArtifacts = {
  readonly registration: Registration;
} & { readonly [N in ContextName]: Collected<Artifacts[N]> | Artifacts[N] };

export interface Tenant {
  readonly name: string;
  readonly namespaces: readonly string[];
  /** High where the registry does not say. */
  readonly isolation: 'high' | 'low';
  /** High, and written in the registry. */
  readonly declaredHigh: boolean;
  readonly criticality: 'normal' | 'critical';
  /** Named in the registry; else inferred from the cluster. */
  readonly declared: boolean;
  /** The users, groups and service accounts that the registry names for it. A group stands for any member. */
  readonly principals: readonly Identity[];
  readonly principalsDeclared: boolean;
  readonly registration?: TenantRegistration;
}

export interface TenantModel {
  readonly tenancy: Tenancy;
  readonly registration: Registration;
  /** Flux controllers, where their workloads could be read. */
  readonly instances: Collected<readonly ControllerInstance[]>;
  /** Where Flux runs: as the registry says, else where controllers were found. */
  readonly fluxNamespaces: readonly string[];
  readonly tenants: readonly Tenant[];
  readonly confidence: Confidence;
  /** Why the namespaces of a tenant that has them by label are not known. */
  readonly unknownNamespaces?: Extract<Collected<unknown>, { state: 'unavailable' }>;
  tenantOf(namespace: string | undefined): Tenant | undefined;
  /** Flux, the system's own namespaces, and those that the registry declares as the platform's. */
  isPlatform(namespace: string): boolean;
}

const SYSTEM_NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease'];
const NOT_READ: Collected<never> = {
  state: 'unavailable',
  reason: 'notCollected',
  message: 'It was not read.',
  missing: [],
};

const modelOf = derived(
  (
    registration: Registration,
    namespaces: Collected<Artifacts['namespaces']>,
    kustomizations: Collected<Artifacts['kustomizations']>,
    helmReleases: Collected<Artifacts['helmReleases']>,
    instances: Collected<readonly ControllerInstance[]>,
  ): TenantModel => {
    const found = instances.state === 'collected' ? fluxNamespacesOf(instances.value) : [];
    const fluxNamespaces = registration.fluxNamespaces?.length ? registration.fluxNamespaces : found;
    const tenancy = resolveTenancy({ registration, namespaces, kustomizations, helmReleases }, found);
    const platform = new Set([...SYSTEM_NAMESPACES, ...fluxNamespaces, ...(registration.platformNamespaces ?? [])]);
    const declaredTenants = new Map((registration.tenants ?? []).map((tenant) => [tenant.name, tenant]));
    const tenants = tenancy.tenants.map((tenant) => tenantOf(tenant, declaredTenants.get(tenant.name)));
    const byNamespace = new Map(tenants.flatMap((tenant) => tenant.namespaces.map((name) => [name, tenant] as const)));
    return {
      tenancy,
      registration,
      instances,
      fluxNamespaces,
      tenants,
      confidence: tenancy.confidence,
      ...(namespaces.state === 'unavailable' && byLabel(registration) && { unknownNamespaces: namespaces }),
      tenantOf: (namespace) => (namespace === undefined ? undefined : byNamespace.get(namespace)),
      isPlatform: (namespace) => platform.has(namespace),
    };
  },
);

const asCollected = derived(<T extends object>(value: T): Collected<T> => ({ state: 'collected', value }));

/** An artifact as a control has it: with its state, or its value where the control requires it. */
export function stateOf<T extends object>(artifact: Collected<T> | T): Collected<T> {
  if ('state' in artifact && (artifact.state === 'collected' || artifact.state === 'unavailable')) {
    return artifact as Collected<T>;
  }
  return asCollected(artifact) as Collected<T>;
}

const instancesIn = derived(
  (
    deployments: Collected<Artifacts['deployments']>,
    pods: Collected<Artifacts['pods']>,
    configMaps: Collected<Artifacts['configMaps']>,
  ): Collected<readonly ControllerInstance[]> => {
    if (deployments.state === 'unavailable') return deployments;
    if (pods.state === 'unavailable') return pods;
    return {
      state: 'collected',
      value: discoverControllers({
        deployments: deployments.value,
        pods: pods.value,
        ...(configMaps.state === 'collected' && { configMaps: configMaps.value }),
      }),
    };
  },
);

/**
 * Who shares the cluster, where they live and who they are; the same object for the same artifacts. Context that a
 * control does not declare may be left out: it counts as not read.
 */
export function tenantModel(
  artifacts: Pick<TenantArtifacts, 'registration'> & Partial<Pick<TenantArtifacts, ContextName>>,
): TenantModel {
  const { registration, namespaces, kustomizations, helmReleases, deployments, pods, configMaps } = artifacts;
  const state = <T extends object>(artifact: Collected<T> | T | undefined): Collected<T> =>
    artifact === undefined ? NOT_READ : stateOf(artifact);
  return modelOf(
    registration,
    state(namespaces),
    state(kustomizations),
    state(helmReleases),
    instancesIn(state(deployments), state(pods), state(configMaps)),
  );
}

function byLabel({ tenants = [] }: Registration): boolean {
  return tenants.some((tenant) => Object.keys(tenant.namespaces?.matchLabels ?? {}).length > 0);
}

function tenantOf(
  { name, namespaces }: { name: string; namespaces: readonly string[] },
  registered?: TenantRegistration,
): Tenant {
  const principals = registered ? principalsOf(registered.principals) : [];
  return {
    name,
    namespaces,
    isolation: registered?.isolation ?? 'high',
    declaredHigh: registered?.isolation === 'high',
    criticality: registered?.criticality ?? 'normal',
    declared: registered !== undefined,
    principals,
    principalsDeclared: principals.length > 0,
    ...(registered && { registration: registered }),
  };
}

/**
 * The identities that principals of the registry stand for. A group becomes somebody who is in it and has no name of
 * their own; a service account is written `namespace/name`, or as its user name.
 */
export function principalsOf(principals: TenantRegistration['principals'] = {}): readonly Identity[] {
  const { users = [], groups = [], serviceAccounts = [] } = principals;
  return [
    ...users.map((user) => userIdentity(user)),
    ...groups.map((group) => ({ user: '', groups: [group, AUTHENTICATED] })),
    ...serviceAccounts.flatMap((account) => {
      const [namespace, name, ...more] = account.replace(/^system:serviceaccount:/, '').split(/[/:]/);
      return namespace && name && more.length === 0 ? [accountIdentity({ namespace, name })] : [];
    }),
  ];
}

/** `user alice`, `group team-a`, `service account team-a/deployer`, for people. */
export function describePrincipal({ user, groups }: Identity): string {
  if (user === '') return `group ${groups.find((group) => group !== AUTHENTICATED) ?? ''}`;
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user);
  return account ? `service account ${account[1]}/${account[2]}` : `user ${user}`;
}

/**
 * The answer where there is no tenant to judge; undefined where there is at least one. Unknown tenants are never taken
 * for none.
 */
export function unlessTenants(model: TenantModel): Observation | undefined {
  const { tenancy, tenants } = model;
  if (tenancy.problem) {
    const { cause, code, message, missing } = tenancy.problem;
    return notEvaluated(CLUSTER_SUBJECT, cause, code, message, { missing });
  }
  if (model.unknownNamespaces) return notEvaluatedBecause(CLUSTER_SUBJECT, model.unknownNamespaces);
  if (tenants.length > 0) return undefined;
  if (tenancy.role === 'dedicated' || tenancy.role === 'shared') {
    return notEvaluated(
      CLUSTER_SUBJECT,
      'tenantsUndefined',
      'TENANTS_UNDEFINED',
      `The registry says that this ${tenancy.role} cluster is a tenant's and names no tenant. Declare the tenants of the cluster with their namespaces and principals.`,
    );
  }
  const why = tenancy.declared
    ? `The registry states that this ${tenancy.role ?? ''} cluster has no tenants`
    : 'No tenants were seen on this cluster and the registry names none';
  const message = `${why}, so there is no boundary between tenants to keep.`;
  const confidence = tenancy.declared ? 'proven' : 'heuristic';
  return notApplicable(CLUSTER_SUBJECT, 'NO_TENANT_BOUNDARY', message, { confidence });
}
