import {
  RBAC_GROUP,
  unavailable,
  type ApiDiscovery,
  type ApiService,
  type Collected,
  type DaemonSet,
  type EnginePolicy,
  type NetworkPolicy,
  type Node,
  type RuntimeClass,
} from '#libs/core';
import {
  ADMISSION_POLICY_KINDS,
  projectAdmissionPolicy,
  projectApiService,
  projectWebhookConfiguration,
  WEBHOOK_KINDS,
} from '../projection/admission.js';
import { projectDaemonSet } from '../projection/daemon-sets.js';
import { CONSTRAINT_VERSIONS, CONSTRAINTS, ENGINE_KINDS, projectEnginePolicy } from '../projection/engine-policies.js';
import { NATIVE_POLICY_KINDS, projectNativePolicy, projectNetworkPolicy } from '../projection/network-policies.js';
import { projectNode, projectRuntimeClass } from '../projection/nodes.js';
import { projectRbac, RBAC_KINDS } from '../projection/rbac-objects.js';
import { combined } from './combined.js';
import type { ArtifactLists, List, ListedKind } from './list-served.js';

/** Lists of what is Kubernetes' own, a network plugin's or a policy engine's. */
export const CLUSTER_LISTS: ArtifactLists = {
  rbac: (list) =>
    all(
      list,
      RBAC_KINDS.map((kind) => ({
        group: RBAC_GROUP,
        resource: `${kind.toLowerCase()}s`,
        versions: ['v1'],
        project: (version) => projectRbac(kind, version),
      })),
    ),
  nodes: (list) => list(NODES),
  daemonSets: (list) => list(DAEMON_SETS),
  runtimeClasses: (list) => list(RUNTIME_CLASSES),
  networkPolicies: (list) => list(NETWORK_POLICIES),
  nativePolicies: (list) =>
    all(
      list,
      NATIVE_POLICY_KINDS.map((kind) => ({ ...kind, project: (version) => projectNativePolicy(kind, version) })),
    ),
  webhookConfigurations: (list) =>
    all(
      list,
      WEBHOOK_KINDS.map((kind) => ({
        group: ADMISSION,
        resource: `${kind.toLowerCase()}s`,
        versions: ['v1'],
        project: (version) => projectWebhookConfiguration(kind, version),
      })),
    ),
  admissionPolicies: (list) =>
    all(
      list,
      ADMISSION_POLICY_KINDS.map((kind) => ({
        group: ADMISSION,
        resource: kind.endsWith('Policy') ? `${kind.slice(0, -1).toLowerCase()}ies` : `${kind.toLowerCase()}s`,
        versions: ['v1', 'v1beta1', 'v1alpha1'],
        project: (version) => projectAdmissionPolicy(kind, version),
      })),
    ),
  enginePolicies: (list, discovery) => enginePolicies(list, discovery),
  apiServices: (list) => list(API_SERVICES),
};

const ADMISSION = 'admissionregistration.k8s.io';

const NODES: ListedKind<Node> = { group: '', resource: 'nodes', versions: ['v1'], project: () => projectNode };

const DAEMON_SETS: ListedKind<DaemonSet> = {
  group: 'apps',
  resource: 'daemonsets',
  versions: ['v1'],
  project: () => projectDaemonSet,
};

const RUNTIME_CLASSES: ListedKind<RuntimeClass> = {
  group: 'node.k8s.io',
  resource: 'runtimeclasses',
  versions: ['v1', 'v1beta1'],
  project: projectRuntimeClass,
};

const NETWORK_POLICIES: ListedKind<NetworkPolicy> = {
  group: 'networking.k8s.io',
  resource: 'networkpolicies',
  versions: ['v1'],
  project: projectNetworkPolicy,
};

const API_SERVICES: ListedKind<ApiService> = {
  group: 'apiregistration.k8s.io',
  resource: 'apiservices',
  versions: ['v1'],
  project: projectApiService,
};

/** Every one of several kinds, as one artifact. */
async function all<T>(list: List, kinds: readonly ListedKind<T>[]): Promise<Collected<readonly T[]>> {
  return combined(await Promise.all(kinds.map((kind) => list(kind))));
}

/** Every constraint template makes a kind of its own; a cluster has some dozens. */
const MAX_CONSTRAINT_KINDS = 300;

/** Which kinds of constraints there are is only known from discovery. */
async function enginePolicies(
  list: List,
  discovery: Collected<ApiDiscovery>,
): Promise<Collected<readonly EnginePolicy[]>> {
  const fixed = ENGINE_KINDS.map((kind) => list({ ...kind, project: () => projectEnginePolicy }));
  return combined(await Promise.all([...fixed, constraints(list, discovery)]));
}

async function constraints(
  list: List,
  discovery: Collected<ApiDiscovery>,
): Promise<Collected<readonly EnginePolicy[]>> {
  if (discovery.state !== 'collected') {
    const { reason, message, missing } = discovery;
    return unavailable(reason, `Which kinds of ${CONSTRAINTS} there are is unknown. ${message}`, missing);
  }
  const resources = new Set<string>();
  for (const entry of discovery.value.resources) {
    const [group, , resource] = entry.split('/');
    if (group === CONSTRAINTS && resource !== undefined) resources.add(resource);
  }
  if (resources.size > MAX_CONSTRAINT_KINDS) {
    const count = `${resources.size} kinds of ${CONSTRAINTS}`;
    return unavailable('budgetExceeded', `${count} are more than are read (${MAX_CONSTRAINT_KINDS}).`);
  }
  const kinds = [...resources].map((resource) => ({
    group: CONSTRAINTS,
    resource,
    versions: CONSTRAINT_VERSIONS,
    // They are granted together, not kind by kind.
    rule: { verb: 'list', group: CONSTRAINTS, resource: '*' },
    project: () => projectEnginePolicy,
  }));
  // Without any kind the group itself is asked about: it may be installed and not answer.
  return kinds.length > 0 ? all(list, kinds) : list({ ...NO_CONSTRAINTS, project: () => projectEnginePolicy });
}

const NO_CONSTRAINTS = { group: CONSTRAINTS, resource: 'constraints', versions: CONSTRAINT_VERSIONS };
