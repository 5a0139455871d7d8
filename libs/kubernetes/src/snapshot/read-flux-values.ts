import { SOURCE_KINDS, type Artifacts, type SourceKind } from '#libs/core';
import { projectAlertEvent } from '../projection/alert-events.js';
import { projectAlertingRules, projectRuleEvaluator } from '../projection/alerting-rules.js';
import { Fields } from '../projection/fields.js';
import { projectArtifactGenerator } from '../projection/flux-artifacts.js';
import { projectImagePolicy, projectImageRepository, projectImageUpdateAutomation } from '../projection/flux-images.js';
import { projectAlert, projectProvider } from '../projection/flux-notifications.js';
import { projectFluxInstance, projectResourceSet } from '../projection/flux-operator.js';
import { projectReceiver } from '../projection/flux-receivers.js';
import { projectHelmRelease, projectKustomization } from '../projection/flux-reconciled.js';
import { projectSource } from '../projection/flux-sources.js';
import { projectSealedSecret } from '../projection/sealed-secrets.js';
import { collectedOf, listOf, versioned, type ArtifactReaders } from './read-artifact.js';

/** Artifacts of what is Flux's own, or what its objects are made or watched by. */
export const FLUX_VALUES = {
  kustomizations: (holder) => listOf(holder, versioned(projectKustomization)),
  helmReleases: (holder) => listOf(holder, versioned(projectHelmRelease)),
  sources: (holder) => {
    const kinds = holder.needChild('value');
    const read = (kind: SourceKind) =>
      collectedOf(kinds.needChild(kind), (inner) =>
        listOf(
          inner,
          versioned((version) => projectSource(kind, version)),
        ),
      );
    return Object.fromEntries(SOURCE_KINDS.map((kind) => [kind, read(kind)])) as Artifacts['sources'];
  },
  alerts: (holder) => listOf(holder, versioned(projectAlert)),
  providers: (holder) => listOf(holder, versioned(projectProvider)),
  fluxInstances: (holder) => listOf(holder, versioned(projectFluxInstance)),
  receivers: (holder) => listOf(holder, versioned(projectReceiver)),
  imageRepositories: (holder) => listOf(holder, versioned(projectImageRepository)),
  imagePolicies: (holder) => listOf(holder, versioned(projectImagePolicy)),
  imageUpdateAutomations: (holder) => listOf(holder, versioned(projectImageUpdateAutomation)),
  artifactGenerators: (holder) => listOf(holder, versioned(projectArtifactGenerator)),
  resourceSets: (holder) =>
    listOf(
      holder,
      ofKind(['ResourceSet', 'ResourceSetInputProvider'], (kind) =>
        versioned((version) => projectResourceSet(kind, version)),
      ),
    ),
  sealedSecrets: (holder) => listOf(holder, versioned(projectSealedSecret)),
  alertingRules: (holder) =>
    listOf(
      holder,
      ofKind(['PrometheusRule', 'VMRule'], (kind) => versioned(projectAlertingRules(kind, GROUPS[kind]))),
    ),
  ruleEvaluators: (holder) =>
    listOf(
      holder,
      ofKind(['Prometheus', 'VMAlert'], (kind) => versioned(projectRuleEvaluator(kind, GROUPS[kind]))),
    ),
  alertEvents: (holder) => listOf(holder, projectAlertEvent),
} as const satisfies ArtifactReaders;

const GROUPS = {
  PrometheusRule: 'monitoring.coreos.com',
  Prometheus: 'monitoring.coreos.com',
  VMRule: 'operator.victoriametrics.com',
  VMAlert: 'operator.victoriametrics.com',
};

/** Projects an object as the kind that it says it is; drops one of any other kind. */
function ofKind<const K extends string, T>(
  kinds: readonly K[],
  project: (kind: K) => (item: unknown) => T,
): (item: unknown) => T | undefined {
  return (item) => {
    const kind = Fields.of(item).choice('kind', kinds);
    return kind === undefined ? undefined : project(kind)(item);
  };
}
