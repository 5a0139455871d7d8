import { accessRuleKey, ARTIFACT_READS, type AccessRule, type Control } from '#libs/core';

/** What every reading needs besides the artifacts: the identity of the cluster. Discovery comes with `system:authenticated`. */
export const BASE_READS: readonly AccessRule[] = [
  { verb: 'get', group: '', resource: 'namespaces', name: 'kube-system' },
];

/** Read by name where a Flux container takes its environment from it; granted, if at all, per namespace and name. */
const CONFIG_MAP_READ: AccessRule = { verb: 'get', group: '', resource: 'configmaps' };

/** The permissions that some controls can use, base reads first, each once. */
export function readsOf(controls: readonly Pick<Control, 'reads'>[]): readonly AccessRule[] {
  const rules = new Map<string, AccessRule>();
  for (const rule of [...BASE_READS, ...controls.flatMap(({ reads }) => reads)]) rules.set(accessRuleKey(rule), rule);
  return [...rules.values()];
}

/** What a control cannot do without: the permissions behind the artifacts that it requires. */
export function requiredReads(control: Pick<Control, 'requires'>): readonly AccessRule[] {
  return control.requires.flatMap((name) => ARTIFACT_READS[name]);
}

/** What tells of clusters, beside Flux; read on a management cluster that was named as a source, and never in an audit. */
export const DISCOVERY_READS: readonly AccessRule[] = [
  { verb: 'list', group: 'cluster.x-k8s.io', resource: 'clusters' },
  { verb: 'list', group: 'lib.projectsveltos.io', resource: 'sveltosclusters' },
  { verb: 'list', group: 'multicluster.x-k8s.io', resource: 'clusterprofiles' },
];

/** Every `resource.group` that a collector may read; `*.group` for all of a group. The request guard refuses all others. */
export const READABLE: ReadonlySet<string> = new Set(
  [...BASE_READS, ...DISCOVERY_READS, CONFIG_MAP_READ, ...Object.values(ARTIFACT_READS).flat()]
    .filter(({ verb }) => verb === 'get' || verb === 'list')
    .map(({ group, resource }) => resourceKey(group, resource)),
);

export function resourceKey(group: string, resource: string): string {
  return `${resource}.${group}`;
}
