import { collected, SOURCE_KINDS, type Artifacts, type Collected, type Source, type SourceKind } from '#libs/core';
import { combined } from './combined.js';
import {
  ALERT_EVENTS,
  ALERTING_RULES,
  ARTIFACT_GENERATORS,
  IMAGE_POLICIES,
  IMAGE_REPOSITORIES,
  IMAGE_UPDATE_AUTOMATIONS,
  RECEIVERS,
  RESOURCE_SETS,
  RULE_EVALUATORS,
  SEALED_SECRETS,
} from './flux-automation-kinds.js';
import { ALERTS, FLUX_INSTANCES, HELM_RELEASES, KUSTOMIZATIONS, PROVIDERS, sourcesOf } from './flux-kinds.js';
import type { ArtifactLists, List, ListedKind } from './list-served.js';

/** Lists of what is Flux's own, or what its objects are made or watched by. */
export const FLUX_LISTS = {
  kustomizations: (list) => list(KUSTOMIZATIONS),
  helmReleases: (list) => list(HELM_RELEASES),
  sources: async (list) => collected(await collectSources(list)),
  alerts: (list) => list(ALERTS),
  providers: (list) => list(PROVIDERS),
  fluxInstances: (list) => list(FLUX_INSTANCES),
  receivers: (list) => list(RECEIVERS),
  imageRepositories: (list) => list(IMAGE_REPOSITORIES),
  imagePolicies: (list) => list(IMAGE_POLICIES),
  imageUpdateAutomations: (list) => list(IMAGE_UPDATE_AUTOMATIONS),
  artifactGenerators: (list) => list(ARTIFACT_GENERATORS),
  resourceSets: (list) => allOf(list, RESOURCE_SETS),
  sealedSecrets: (list) => list(SEALED_SECRETS),
  alertingRules: (list) => allOf(list, ALERTING_RULES),
  ruleEvaluators: (list) => allOf(list, RULE_EVALUATORS),
  alertEvents: (list) => list(ALERT_EVENTS),
} as const satisfies ArtifactLists;

async function allOf<T>(list: List, kinds: readonly ListedKind<T>[]): Promise<Collected<readonly T[]>> {
  return combined(await Promise.all(kinds.map((kind) => list(kind))));
}

async function collectSources(list: List): Promise<Artifacts['sources']> {
  const entries = await Promise.all(SOURCE_KINDS.map(async (kind) => [kind, await list(sourcesOf(kind))] as const));
  return Object.fromEntries(entries) as Record<SourceKind, Collected<readonly Source[]>>;
}
