import type { Artifacts, Collected } from '#libs/core';
import { type Component, type ControllerRun, discoverControllers, readFlag } from '#libs/flux';
import type { RemoteApplyObject } from './remote-apply-object.js';

type ControllerArtifact = 'deployments' | 'pods' | 'configMaps';
/** Where the flags of the controllers can be read. */
export type FlagArtifacts = { readonly [N in ControllerArtifact]: Collected<Artifacts[N]> };

const COMPONENT: Record<RemoteApplyObject['kind'], Component> = {
  Kustomization: 'kustomize-controller',
  HelmRelease: 'helm-controller',
};

function hasDefaultAccount(run: ControllerRun): boolean | undefined {
  const reading = readFlag(run.arguments, 'default-service-account', run.env);
  return reading.state === 'value' ? reading.value !== '' : undefined;
}

/** Whether the controllers of a kind set an account where objects name none; undefined where they differ or cannot be read. */
function defaultAccountOf(component: Component, artifacts: FlagArtifacts): boolean | undefined {
  const { deployments, pods, configMaps } = artifacts;
  if (deployments.state !== 'collected' || pods.state !== 'collected') return undefined;
  const answers = discoverControllers({
    deployments: deployments.value,
    pods: pods.value,
    ...(configMaps.state === 'collected' && { configMaps: configMaps.value }),
  })
    .filter((instance) => instance.component === component)
    .flatMap(({ pods, template }) => (pods.length > 0 ? pods : template ? [template] : []))
    .map(hasDefaultAccount);
  const different = new Set(answers);
  if (different.size > 1) return undefined;
  return answers.length === 0 ? false : answers[0];
}

/**
 * Whether requests for an object are made in the name of a service account on the target cluster: where it names one,
 * or where `--default-service-account` of its controller does, which holds for remote objects too.
 */
export function impersonationBy(artifacts: FlagArtifacts): (object: RemoteApplyObject) => boolean | undefined {
  const defaults = new Map<Component, boolean | undefined>();
  return ({ kind, spec }) => {
    if (spec.serviceAccountName !== undefined && spec.serviceAccountName !== '') return true;
    const component = COMPONENT[kind];
    if (!defaults.has(component)) defaults.set(component, defaultAccountOf(component, artifacts));
    return defaults.get(component);
  };
}
