import type {
  AlertEvent,
  AlertingRules,
  ArtifactGenerator,
  ImagePolicy,
  ImageRepository,
  ImageUpdateAutomation,
  Receiver,
  ResourceSet,
  RuleEvaluator,
  SealedSecret,
} from '#libs/core';
import { projectAlertEvent } from '../projection/alert-events.js';
import { projectAlertingRules, projectRuleEvaluator } from '../projection/alerting-rules.js';
import { projectArtifactGenerator } from '../projection/flux-artifacts.js';
import { projectImagePolicy, projectImageRepository, projectImageUpdateAutomation } from '../projection/flux-images.js';
import { projectResourceSet } from '../projection/flux-operator.js';
import { projectReceiver } from '../projection/flux-receivers.js';
import { projectSealedSecret } from '../projection/sealed-secrets.js';
import type { ListedKind } from './list-served.js';

const IMAGE = { group: 'image.toolkit.fluxcd.io', versions: ['v1', 'v1beta2', 'v1beta1'] };
const OPERATOR = { group: 'fluxcd.controlplane.io', versions: ['v1'] };
const PROMETHEUS = 'monitoring.coreos.com';
const VICTORIA_METRICS = 'operator.victoriametrics.com';

export const RECEIVERS: ListedKind<Receiver> = {
  group: 'notification.toolkit.fluxcd.io',
  resource: 'receivers',
  versions: ['v1', 'v1beta2', 'v1beta1'],
  project: projectReceiver,
};

export const IMAGE_REPOSITORIES: ListedKind<ImageRepository> = {
  ...IMAGE,
  resource: 'imagerepositories',
  project: projectImageRepository,
};

export const IMAGE_POLICIES: ListedKind<ImagePolicy> = {
  ...IMAGE,
  resource: 'imagepolicies',
  project: projectImagePolicy,
};

export const IMAGE_UPDATE_AUTOMATIONS: ListedKind<ImageUpdateAutomation> = {
  ...IMAGE,
  resource: 'imageupdateautomations',
  project: projectImageUpdateAutomation,
};

export const ARTIFACT_GENERATORS: ListedKind<ArtifactGenerator> = {
  group: 'source.extensions.fluxcd.io',
  resource: 'artifactgenerators',
  versions: ['v1', 'v1beta1'],
  project: projectArtifactGenerator,
};

export const RESOURCE_SETS: readonly ListedKind<ResourceSet>[] = [
  { ...OPERATOR, resource: 'resourcesets', project: (version) => projectResourceSet('ResourceSet', version) },
  {
    ...OPERATOR,
    resource: 'resourcesetinputproviders',
    project: (version) => projectResourceSet('ResourceSetInputProvider', version),
  },
];

export const SEALED_SECRETS: ListedKind<SealedSecret> = {
  group: 'bitnami.com',
  resource: 'sealedsecrets',
  versions: ['v1alpha1'],
  project: projectSealedSecret,
};

export const ALERTING_RULES: readonly ListedKind<AlertingRules>[] = [
  {
    group: PROMETHEUS,
    resource: 'prometheusrules',
    versions: ['v1'],
    project: projectAlertingRules('PrometheusRule', PROMETHEUS),
  },
  {
    group: VICTORIA_METRICS,
    resource: 'vmrules',
    versions: ['v1beta1'],
    project: projectAlertingRules('VMRule', VICTORIA_METRICS),
  },
];

export const RULE_EVALUATORS: readonly ListedKind<RuleEvaluator>[] = [
  {
    group: PROMETHEUS,
    resource: 'prometheuses',
    versions: ['v1'],
    project: projectRuleEvaluator('Prometheus', PROMETHEUS),
  },
  {
    group: VICTORIA_METRICS,
    resource: 'vmalerts',
    versions: ['v1beta1'],
    project: projectRuleEvaluator('VMAlert', VICTORIA_METRICS),
  },
];

/** Of all events of a cluster those about Alerts: the API server sorts out the others. */
export const ALERT_EVENTS: ListedKind<AlertEvent> = {
  group: '',
  resource: 'events',
  versions: ['v1'],
  fieldSelector: 'involvedObject.kind=Alert',
  project: () => projectAlertEvent,
};
