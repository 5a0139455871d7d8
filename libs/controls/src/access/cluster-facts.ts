import { type Artifacts, type Collected, type PodGroup, derived } from '#libs/core';
import { type AdmittedPodRisk, POD_RISKS, keepsPodsFrom, podSecurityOf } from '#libs/admission';
import type { ControllerInstance } from '#libs/flux';
import { type AccountName, type ClusterFacts, accountIdentity } from '#libs/rbac';
import { type AdmissionView, admissionView, requestersOf } from '../admission/admission-view.js';
import { stateOf, tenantModel, type TenantArtifacts, type TenantModel } from '../tenants/tenant-model.js';
import { fluxFactsOf } from './flux-facts.js';
import { operatorsIn } from './known-operators.js';

/** What the facts rest on beside RBAC; every control that asks who can become whom requires these. */
export const FACT_ARTIFACTS = ['namespaces', 'serviceAccounts', 'podGroups', 'discovery'] as const;
type FactContext = 'nodes' | 'platformConfigMaps' | 'webhookConfigurations' | 'admissionPolicies' | 'enginePolicies';

type FactName = (typeof FACT_ARTIFACTS)[number] | FactContext;
type Context = 'kustomizations' | 'helmReleases' | 'deployments' | 'pods' | 'configMaps';

export type FactSources = Pick<TenantArtifacts, 'registration'> &
  Partial<Pick<TenantArtifacts, Context>> & {
    readonly [N in FactName]: Collected<Artifacts[N]> | Artifacts[N];
  };

export interface ClusterReading {
  /** What is so by the objects of the cluster. */
  readonly certain: ClusterFacts;
  /** What may be so as well, because nothing that can be read rules it out. */
  readonly possible: ClusterFacts;
  /** Whether the Flux controllers of the cluster could be looked for. */
  readonly instances: Collected<readonly ControllerInstance[]>;
}

const MINOR = /^v?1\.(\d+)/;
const AWS_AUTH = 'kube-system/aws-auth';
const CONTROL_PLANE = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];
const DEMANDS = (Object.keys(POD_RISKS) as readonly AdmittedPodRisk[]).map(keepsPodsFrom);

/**
 * What decides where rights lead in a cluster, for `EscalationGraph` of #libs/rbac: the same object for the same
 * artifacts. Lists that could not be read count as empty; whoever passes something on it requires them.
 */
export function clusterFactsOf(sources: FactSources): ClusterReading {
  const model = tenantModel(sources);
  return readingOf(
    model,
    stateOf(sources.namespaces),
    stateOf(sources.serviceAccounts),
    stateOf(sources.podGroups),
    stateOf(sources.discovery),
    stateOf(sources.nodes),
    stateOf(sources.platformConfigMaps),
    stateOf(sources.webhookConfigurations),
    stateOf(sources.admissionPolicies),
    stateOf(sources.enginePolicies),
  );
}

const readingOf = derived(
  (
    model: TenantModel,
    namespaces: Collected<Artifacts['namespaces']>,
    serviceAccounts: Collected<Artifacts['serviceAccounts']>,
    podGroups: Collected<Artifacts['podGroups']>,
    discovery: Collected<Artifacts['discovery']>,
    nodes: Collected<Artifacts['nodes']>,
    platformConfigMaps: Collected<Artifacts['platformConfigMaps']>,
    webhookConfigurations: Collected<Artifacts['webhookConfigurations']>,
    admissionPolicies: Collected<Artifacts['admissionPolicies']>,
    enginePolicies: Collected<Artifacts['enginePolicies']>,
  ): ClusterReading => {
    const { instances } = model;
    const groups = valueOf(podGroups) ?? [];
    const names = namesOf(valueOf(namespaces) ?? []);
    const accounts = (valueOf(serviceAccounts) ?? []).map(({ metadata }): AccountName => ({
      namespace: metadata.namespace ?? 'default',
      name: metadata.name,
    }));
    const pods = groups.filter(({ mirror }) => !mirror).flatMap(podsOf);
    const minor = Number(MINOR.exec(valueOf(discovery)?.serverVersion ?? '')?.[1]);
    const aws = valueOf(platformConfigMaps)?.[AWS_AUTH];
    const podsAreChecked =
      checksPods(valueOf(webhookConfigurations)) !== false || checksPods(valueOf(admissionPolicies)) !== false;
    const view = admissionView({ namespaces, webhookConfigurations, admissionPolicies, enginePolicies });
    const unguarded = (valueOf(namespaces) ?? []).filter((namespace) => letsPrivilegedPodsIn(namespace, view, model));
    const flux = fluxFactsOf(instances);
    const shared = {
      namespaces: names,
      serviceAccounts: accounts,
      pods,
      credentials: tokensOf([
        ...accounts,
        ...pods.map((pod) => ({ namespace: pod.namespace, name: pod.serviceAccount })),
      ]),
      nodeCertificatesApproved: true,
      operators: operatorsIn(groups),
    };
    return {
      instances,
      certain: {
        ...shared,
        kubernetesMinor: Number.isNaN(minor) ? 36 : minor,
        privilegedNamespaces: podsAreChecked
          ? []
          : namesOf(unguarded.filter((namespace) => podSecurityOf(namespace).enforce === 'privileged')),
        hostPathVolumes: false,
        controlPlaneNodes: (valueOf(nodes) ?? []).some(isControlPlane),
        bootstrapTokens: false,
        awsAuth: aws?.state === 'collected' && aws.value !== null,
        ...(flux.certain && { flux: flux.certain }),
      },
      possible: {
        ...shared,
        // The oldest that is still around, of which the most rights lead somewhere.
        kubernetesMinor: Number.isNaN(minor) ? 34 : minor,
        privilegedNamespaces: namesOf(unguarded),
        hostPathVolumes: true,
        controlPlaneNodes: nodes.state === 'unavailable' || nodes.value.some(isControlPlane),
        bootstrapTokens: true,
        awsAuth: aws?.state !== 'collected' || aws.value !== null,
        ...(flux.possible && { flux: flux.possible }),
      },
    };
  },
);

function namesOf(namespaces: Artifacts['namespaces']): readonly string[] {
  return namespaces.map(({ metadata }) => metadata.name);
}

/**
 * Nothing that can be read refuses pods which reach the node. What refuses them to a tenant was not tried; FLUX-NODE-02
 * judges that.
 */
function letsPrivilegedPodsIn(
  namespace: Artifacts['namespaces'][number],
  { admission }: Pick<AdmissionView, 'admission'>,
  model: TenantModel,
): boolean {
  const { enforce } = podSecurityOf(namespace);
  if (enforce === 'baseline' || enforce === 'restricted') return false;
  const { name } = namespace.metadata;
  const tenant = model.tenantOf(name);
  if (tenant === undefined) return true;
  const requesters = requestersOf(tenant, name);
  return DEMANDS.some((demand) => admission.protects(demand, name, requesters).state === 'open');
}

function valueOf<T>(artifact: Collected<T>): T | undefined {
  return artifact.state === 'collected' ? artifact.value : undefined;
}

/** Names of pods matter where a right is limited to one: those of a StatefulSet can be known. */
function podsOf({ namespace, owner, serviceAccountName: serviceAccount, nodes }: PodGroup): ClusterFacts['pods'] {
  if (owner.kind !== 'StatefulSet') return [{ namespace, name: owner.name, serviceAccount }];
  const replicas = Object.values(nodes).reduce((sum, { count }) => sum + count, 0);
  return Array.from({ length: replicas }, (_, index) => ({
    namespace,
    name: `${owner.name}-${index}`,
    serviceAccount,
  }));
}

/**
 * Secrets are not listed, so any service account may have a token in its namespace: who reads all Secrets there counts
 * as each of them. Rights on single Secrets lead nowhere, because what is in those is not known.
 * https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets
 */
function tokensOf(accounts: readonly AccountName[]): ClusterFacts['credentials'] {
  const distinct = new Map(accounts.map((account) => [`${account.namespace}/${account.name}`, account]));
  return [...distinct.values()].map((account) => ({
    namespace: account.namespace,
    // No Secret has a name like this.
    name: `(token of ${account.name})`,
    of: accountIdentity(account),
  }));
}

function isControlPlane({ metadata }: Artifacts['nodes'][number]): boolean {
  return CONTROL_PLANE.some((label) => metadata.labels?.[label] !== undefined);
}

/** Whether something looks at pods that are created; undefined where that is not known. */
function checksPods(
  objects: Artifacts['webhookConfigurations'] | Artifacts['admissionPolicies'] | undefined,
): boolean | undefined {
  return objects?.some((object) => {
    const rules =
      'webhooks' in object
        ? object.webhooks.flatMap(({ rules: each }) => each)
        : 'matchConstraints' in object.spec
          ? (object.spec.matchConstraints?.resourceRules ?? [])
          : [];
    return rules.some(
      ({ apiGroups, resources }) =>
        apiGroups.some((group) => group === '' || group === '*') &&
        resources.some((resource) => resource === 'pods' || resource === '*' || resource === '*/*'),
    );
  });
}
