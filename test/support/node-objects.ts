import type { Node, PodGroup, RuntimeClass } from '#libs/core';
import { type ControllerOptions, controller } from './flux-installation.js';
import { NOW } from './snapshot-of.js';

export function node(name: string, spec: Node['spec'] = {}, labels: Readonly<Record<string, string>> = {}): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/os': 'linux', ...labels } },
    spec,
  };
}

export function runtimeClass(name: string, handler: string): RuntimeClass {
  return { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name }, handler };
}

/** A pod of kustomize-controller on a node. */
export function fluxOn(nodeName: string, options: ControllerOptions = {}): object {
  const pod = controller('kustomize-controller', [], options).at(-1) as { spec: object };
  return { ...pod, spec: { ...pod.spec, nodeName } };
}

/** Pods of `Deployment web` by node name, with the minutes since the oldest of them started. */
export function podGroup(
  namespace: string,
  minutes: Readonly<Record<string, number | undefined>>,
  more: Partial<PodGroup> = {},
): object {
  const started = (ago: number) => new Date(Date.parse(NOW) - ago * 60_000).toISOString();
  const nodes = Object.entries(minutes).map(([name, ago]) => [
    name,
    { count: 1, ...(ago !== undefined && { oldestStart: started(ago) }) },
  ]);
  return {
    kind: 'PodGroup',
    namespace,
    owner: { kind: 'Deployment', name: 'web' },
    serviceAccountName: 'default',
    risks: [],
    mirror: false,
    nodes: Object.fromEntries(nodes) as PodGroup['nodes'],
    ...more,
  };
}
