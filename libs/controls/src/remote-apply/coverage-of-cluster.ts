import { type Artifacts, type Collected, derived } from '#libs/core';
import { AlertCoverage, type ControllerInstance, discoverControllers } from '#libs/flux';

/** What tells who hears of failures, as RA-04 and RA-05 declare it. */
export const COVERAGE_REQUIRES = ['alerts', 'providers', 'deployments', 'pods'] as const;
export const COVERAGE_OPTIONAL = [
  'configMaps',
  'services',
  'secretFacts',
  'alertingRules',
  'ruleEvaluators',
  'namespaces',
  'operatorPods',
  'platformConfigMaps',
] as const;

export type ClusterCoverageArtifacts = Pick<Artifacts, (typeof COVERAGE_REQUIRES)[number]> & {
  readonly [N in (typeof COVERAGE_OPTIONAL)[number]]: Collected<Artifacts[N]>;
};

export const controllersOf = derived(
  (
    deployments: Artifacts['deployments'],
    pods: Artifacts['pods'],
    configMaps: Collected<Artifacts['configMaps']>,
  ): readonly ControllerInstance[] =>
    discoverControllers({
      deployments,
      pods,
      ...(configMaps.state === 'collected' && { configMaps: configMaps.value }),
    }),
);

/** Who hears of failures on a cluster. `now` in milliseconds since the epoch. */
export function coverageOfCluster(artifacts: ClusterCoverageArtifacts, now: number): AlertCoverage {
  const { deployments, pods, configMaps } = artifacts;
  return new AlertCoverage(artifacts, controllersOf(deployments, pods, configMaps), now);
}
