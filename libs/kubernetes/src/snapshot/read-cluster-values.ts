import {
  projectApiService,
  projectRecordedAdmissionPolicy,
  projectRecordedWebhookConfiguration,
} from '../projection/admission.js';
import { projectSecretMetadata } from '../projection/core-objects.js';
import { projectRecordedDaemonSet } from '../projection/daemon-sets.js';
import { projectEnginePolicy } from '../projection/engine-policies.js';
import { projectRecordedGatewayRoute } from '../projection/gateway-routes.js';
import { projectRecordedIngress } from '../projection/ingresses.js';
import { projectDisruptionBudget, projectResourceQuota, projectService } from '../projection/namespace-objects.js';
import { projectNetworkPolicy, projectRecordedNativePolicy } from '../projection/network-policies.js';
import { projectNode, projectRuntimeClass } from '../projection/nodes.js';
import { projectRecordedOperatorPod } from '../projection/operator-pods.js';
import { projectPlatformConfigMap } from '../projection/platform-config-maps.js';
import { projectRecordedPodGroup } from '../projection/pod-groups.js';
import { projectRecordedRbac } from '../projection/rbac-objects.js';
import { listOf, recordOf, versioned, type ArtifactReaders } from './read-artifact.js';

/** Artifacts of what is Kubernetes' own, a network plugin's or a policy engine's. */
export const CLUSTER_VALUES = {
  rbac: (holder) => listOf(holder, versioned(projectRecordedRbac)),
  nodes: (holder) => listOf(holder, projectNode),
  podGroups: (holder) => listOf(holder, projectRecordedPodGroup),
  operatorPods: (holder) => listOf(holder, projectRecordedOperatorPod),
  daemonSets: (holder) => listOf(holder, projectRecordedDaemonSet),
  runtimeClasses: (holder) => listOf(holder, versioned(projectRuntimeClass)),
  resourceQuotas: (holder) => listOf(holder, projectResourceQuota),
  disruptionBudgets: (holder) => listOf(holder, versioned(projectDisruptionBudget)),
  networkPolicies: (holder) => listOf(holder, versioned(projectNetworkPolicy)),
  nativePolicies: (holder) => listOf(holder, projectRecordedNativePolicy),
  platformConfigMaps: (holder) =>
    recordOf(holder, (part) => {
      const value = part.raw('value');
      return value === undefined ? null : projectPlatformConfigMap(value);
    }),
  sealingKeys: (holder) => listOf(holder, projectSecretMetadata),
  services: (holder) => listOf(holder, projectService),
  ingresses: (holder) => listOf(holder, versioned(projectRecordedIngress)),
  gatewayRoutes: (holder) => listOf(holder, versioned(projectRecordedGatewayRoute)),
  webhookConfigurations: (holder) => listOf(holder, versioned(projectRecordedWebhookConfiguration)),
  admissionPolicies: (holder) => listOf(holder, versioned(projectRecordedAdmissionPolicy)),
  enginePolicies: (holder) => listOf(holder, projectEnginePolicy),
  apiServices: (holder) => listOf(holder, versioned(projectApiService)),
} as const satisfies ArtifactReaders;
