import {
  type AccessRule,
  type ArtifactName,
  type Assessment,
  CLUSTER_SUBJECT,
  type ClusterIdentity,
  type Collected,
  type Control,
  type ControlResult,
  type Profile,
  type UnavailableReason,
  causeOfUnavailable,
  codeOfUnavailable,
  describeAccessRule,
  notEvaluated,
} from '#libs/core';
import { controlsOf } from './catalog.js';
import { coverageOf } from './coverage.js';
import { rollUp } from './roll-up.js';

/** The state of an artifact that could not be read. */
export type Unavailable = Extract<Collected<unknown>, { state: 'unavailable' }>;

export interface MissingArtifact {
  readonly name: ArtifactName;
  readonly artifact: Unavailable;
}

const ARTIFACT_TITLES: Record<ArtifactName, string> = {
  registration: 'the registration of the cluster',
  sightings: 'the history of sightings',
  discovery: 'API discovery',
  namespaces: 'the namespaces',
  deployments: 'the Deployments',
  pods: 'the Pods',
  configMaps: 'the ConfigMaps of the Flux controllers',
  kustomizations: 'the Kustomizations',
  helmReleases: 'the HelmReleases',
  sources: 'the Flux sources',
  alerts: 'the Alerts',
  providers: 'the Providers',
  fluxInstances: 'the FluxInstances',
  serviceAccounts: 'the ServiceAccounts',
  rbac: 'the roles and their bindings',
  nodes: 'the nodes',
  podGroups: 'the Pods of all namespaces',
  operatorPods: 'the Pods of operators',
  daemonSets: 'the DaemonSets',
  runtimeClasses: 'the RuntimeClasses',
  resourceQuotas: 'the ResourceQuotas of the Flux namespaces',
  disruptionBudgets: 'the PodDisruptionBudgets of the Flux namespaces',
  networkPolicies: 'the NetworkPolicies',
  nativePolicies: 'the network policies of other kinds',
  platformConfigMaps: 'the ConfigMaps of the platform',
  services: 'the Services of the Flux namespaces',
  ingresses: 'the Ingresses of the Flux namespaces',
  gatewayRoutes: 'the routes of the Gateway API',
  webhookConfigurations: 'the admission webhooks',
  admissionPolicies: 'the admission policies',
  enginePolicies: 'the policies of policy engines',
  apiServices: 'the APIServices',
  receivers: 'the Receivers',
  imageRepositories: 'the ImageRepositories',
  imagePolicies: 'the ImagePolicies',
  imageUpdateAutomations: 'the ImageUpdateAutomations',
  artifactGenerators: 'the ArtifactGenerators',
  resourceSets: 'the ResourceSets',
  sealedSecrets: 'the SealedSecrets',
  sealingKeys: 'the metadata of the sealing keys',
  alertingRules: 'the alerting rules',
  ruleEvaluators: 'the evaluators of alerting rules',
  alertEvents: 'the events about Alerts',
  secretFacts: 'the Secrets that Flux objects refer to',
  kubeConfigMaps: 'the ConfigMaps of remote applies',
  accessReviews: 'the answers about access rights',
  gitTrees: 'the Git sources',
  fleet: 'the clusters of the registry',
  probes: 'the answers to dry-runs',
};

const WHAT_TO_DO: Record<UnavailableReason, string> = {
  forbidden: 'Grant the auditor the missing permissions.',
  unauthenticated: 'Give the cluster a valid credential.',
  unreachable: 'Check that the API server can be reached from here.',
  timeout: 'Check the load of the API server, or raise the budget of the target.',
  transient: 'The next run tries again; if it stays, look at the API server.',
  incompleteList: 'The next run tries again; if it stays, look at the API server.',
  budgetExceeded: 'Raise the budget of the target.',
  malformed: 'Look at what the API server, or a proxy before it, answers.',
  identityMismatch: 'Check that the credential belongs to the registered cluster.',
  notCollected: 'Collect a new snapshot with this version of Plimsoll.',
};

function listed(rules: readonly AccessRule[]): string {
  return rules.length === 0 ? '' : ` Missing: ${rules.map(describeAccessRule).join('; ')}.`;
}

/** Why dry-runs were not sent says itself what to do: they are off unless they are switched on. */
function whatToDo(name: ArtifactName, { reason }: Unavailable): string {
  return name === 'probes' && reason === 'notCollected' ? '' : ` ${WHAT_TO_DO[reason]}`;
}

/** A sentence without a closing full stop gets one. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The result of a control that cannot run because artifacts that it requires are missing. The first one names the cause. */
export function notEvaluatedResult(
  control: Control,
  profile: Profile,
  missing: readonly [MissingArtifact, ...MissingArtifact[]],
): ControlResult {
  const observations = missing.map(({ name, artifact }) =>
    notEvaluated(
      { ...CLUSTER_SUBJECT, field: name },
      causeOfUnavailable(artifact.reason),
      codeOfUnavailable(artifact.reason),
      `This control was not evaluated because ${ARTIFACT_TITLES[name]} could not be read. ` +
        `${sentence(artifact.message)}${whatToDo(name, artifact)}${listed(artifact.missing)}`,
      { missing: artifact.missing },
    ),
  );
  const [{ artifact }] = missing;
  const decided = rollUp(control, profile, observations);
  const message = observations[0]?.message ?? decided.message;
  return {
    ...decided,
    cause: causeOfUnavailable(artifact.reason),
    reason: codeOfUnavailable(artifact.reason),
    message,
  };
}

/** The assessment of a cluster that could not be read at all: every control `notEvaluated`, none passed. */
export function notEvaluatedAssessment(
  catalog: readonly Control[],
  profile: Profile,
  cluster: ClusterIdentity,
  at: string,
  unavailable: Unavailable,
): Assessment {
  const cause = causeOfUnavailable(unavailable.reason);
  const results = controlsOf(catalog, profile).map((control) =>
    rollUp(control, profile, [
      notEvaluated(
        CLUSTER_SUBJECT,
        cause,
        codeOfUnavailable(unavailable.reason),
        `This control was not evaluated because the cluster could not be read. ` +
          `${sentence(unavailable.message)} ${WHAT_TO_DO[unavailable.reason]}${listed(unavailable.missing)}`,
        { missing: unavailable.missing },
      ),
    ]),
  );
  return {
    cluster,
    collectedAt: at,
    profile: profile.id,
    ruleSetVersion: profile.ruleSetVersion,
    results,
    coverage: coverageOf(results),
  };
}
