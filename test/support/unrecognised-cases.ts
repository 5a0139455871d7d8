import type { Component } from '#libs/flux';
import type { ControlCase } from './expect-control.js';
import { SHARED, controller, fluxObject, withoutLabels } from './flux-installation.js';

const IMAGE = 'corp.example/gitops/xctl:3';
const KINDS = { 'kustomize-controller': 'Kustomization', 'helm-controller': 'HelmRelease' } as const;
const ARTIFACTS = { 'kustomize-controller': 'kustomizations', 'helm-controller': 'helmReleases' } as const;

/**
 * What holds for every control of flags where the controller runs, but neither image nor labels say so.
 *
 * @param other a component that the control does not ask about
 */
export function unrecognisedCases(
  component: keyof typeof KINDS,
  other: Component = 'source-controller',
): ControlCase[] {
  const kind = KINDS[component];
  const renamed = (name: string, bare = false, image = IMAGE) =>
    controller(component, [], { name, bare, image }).map(withoutLabels);
  const object = (status: object) => [fluxObject(kind, 'team-a/app', {}, { status })];
  const shared = { options: { registration: SHARED } };
  const unrecognised = { outcome: 'notEvaluated', reason: 'CONTROLLER_UNRECOGNISED', ...shared } as const;
  const absent = { outcome: 'notApplicable', reason: 'NO_CONTROLLER', ...shared } as const;
  return [
    {
      state: 'renamed image without labels, by the name of the Deployment',
      input: renamed(component, true).slice(0, 1),
      ...unrecognised,
      verdicts: [`notEvaluated CONTROLLER_UNRECOGNISED Deployment/flux-system/${component}`],
      message: new RegExp(`nothing is known.*part-of=flux and app.kubernetes.io/component=${component}`),
    },
    { state: 'such a Deployment of a shard', input: renamed(`${component}-shard1`, true).slice(0, 1), ...unrecognised },
    { state: 'such a pod', input: renamed(component, true).slice(1), ...unrecognised },
    {
      state: 'renamed image, by the flags alone',
      input: renamed('xctl').slice(0, 1),
      ...unrecognised,
      message: /--watch-all-namespaces.*It may be /,
    },
    { state: 'another program without flags of Flux', input: renamed('xctl', true), ...absent },
    { state: 'the name of another component', input: renamed(other), ...absent },
    {
      state: 'the controller of k3s with such flags',
      input: renamed(component, false, 'docker.io/rancher/helm-controller:v0.15'),
      ...absent,
    },
    {
      state: 'the Flux Operator',
      input: renamed('xctl', false, 'ghcr.io/controlplaneio-fluxcd/flux-operator:v0.30.0'),
      ...absent,
    },
    { state: `a ${kind} that is reconciled`, input: object({ observedGeneration: 1 }), ...unrecognised },
    {
      state: `a ${kind} with conditions`,
      input: object({ observedGeneration: -1, conditions: [{ type: 'Ready', status: 'False' }] }),
      ...unrecognised,
      message: new RegExp(`${kind} team-a/app .*no ${component} was recognised`),
    },
    { state: `a ${kind} that nobody looked at`, input: object({ observedGeneration: -1 }), ...absent },
    {
      state: `no controller, and no right to list ${kind} objects`,
      input: [],
      outcome: 'notEvaluated',
      reason: 'RBAC_DENIED_READ',
      options: { registration: SHARED, unavailable: { [ARTIFACTS[component]]: 'forbidden' } },
    },
    { state: 'a cluster without Flux', input: [], ...absent },
    {
      state: 'a standalone cluster without Flux',
      input: [],
      ...absent,
      options: { registration: { role: 'standalone' } },
    },
  ];
}
