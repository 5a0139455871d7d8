import type { AccessRule, Collected, ConfigMap, Container, EnvVar, ObjectMeta, PodSpec } from '#libs/core';
import { type EnvLookup, type EnvValue, type Unresolved, expand } from './expand.js';

/** The object that a container stands in: a pod, or the template of a Deployment. */
export interface ContainerHome {
  readonly namespace: string;
  /** Absent for a template: the pod's name and uid are not known yet. */
  readonly pod?: { readonly metadata: ObjectMeta; readonly podIP?: string; readonly hostIP?: string };
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
}

export type ConfigMaps = Readonly<Record<string, Collected<ConfigMap | null>>>;

/** Far more than anybody writes. */
const MAX_SOURCES = 200;

const known = (value: string): EnvValue => ({ state: 'known', value });
const unresolved = (why: string, missing: readonly AccessRule[] = []): EnvValue => ({
  state: 'unresolved',
  why,
  missing,
});

/** Names that the kubelet may add for Services of the namespace (`enableServiceLinks`). */
const SERVICE_LINK =
  /^[A-Z][A-Z0-9_]*_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$/;

/**
 * The environment of a container as the kubelet builds it: `envFrom` first, then `env` in order, where `$(NAME)` in a
 * value sees what was set before it. Values of Secrets are never read: they are `unresolved`.
 */
export function environmentOf(container: Container, home: ContainerHome, configMaps: ConfigMaps): EnvLookup {
  const values = new Map<string, EnvValue>();
  const sources = container.envFrom ?? [];
  if (sources.length > MAX_SOURCES) return () => unresolved(`it may come from one of ${sources.length} sources`);
  const unread: (Unresolved & { readonly prefix: string })[] = [];
  for (const { prefix = '', configMapRef, secretRef } of sources) {
    const map = configMapRef && readConfigMap(configMaps, home.namespace, configMapRef.name);
    if (map && 'data' in map) {
      for (const [key, value] of Object.entries(map.data)) values.set(prefix + key, known(value));
      continue;
    }
    const source = map ?? { why: `the Secret ${home.namespace}/${secretRef?.name ?? ''}`, missing: [] };
    unread.push({ prefix, why: `it may come from ${source.why}`, missing: source.missing });
    // It may hold any name, and would win over what came before it.
    for (const name of values.keys()) if (name.startsWith(prefix)) values.delete(name);
  }
  const lookup: EnvLookup = (name) => {
    const value = values.get(name);
    if (value) return value;
    const source = unread.find(({ prefix }) => name.startsWith(prefix));
    if (source) return unresolved(source.why, source.missing);
    return SERVICE_LINK.test(name) ? unresolved('it may be set for a Service of the namespace') : undefined;
  };
  for (const variable of container.env ?? []) {
    const value = valueOf(variable, lookup, home, configMaps);
    if (value) values.set(variable.name, value);
  }
  return lookup;
}

function valueOf(
  variable: EnvVar,
  lookup: EnvLookup,
  home: ContainerHome,
  configMaps: ConfigMaps,
): EnvValue | undefined {
  const { value = '', valueFrom } = variable;
  if (value !== '' || !valueFrom) {
    const expanded = expand(value, lookup);
    const gap = expanded.unresolved[0];
    return gap ? unresolved(`it uses $(${gap.name}): ${gap.why}`, gap.missing) : known(expanded.text);
  }
  if (valueFrom.fieldRef) return fieldValue(valueFrom.fieldRef.fieldPath, home);
  if (valueFrom.secretKeyRef) {
    return unresolved(`it comes from the Secret ${home.namespace}/${valueFrom.secretKeyRef.name}`);
  }
  if (valueFrom.configMapKeyRef) {
    const { name, key, optional } = valueFrom.configMapKeyRef;
    const map = readConfigMap(configMaps, home.namespace, name);
    if ('why' in map) return unresolved(`it comes from ${map.why}`, map.missing);
    const found = map.data[key];
    if (found !== undefined) return known(found);
    // Not optional and missing: the container cannot start at all.
    return optional === true ? undefined : unresolved(`the ConfigMap ${home.namespace}/${name} has no key ${key}`);
  }
  return unresolved('it comes from the resources of the container');
}

function readConfigMap(
  configMaps: ConfigMaps,
  namespace: string,
  name: string,
): { readonly data: Readonly<Record<string, string>> } | Unresolved {
  const found = configMaps[`${namespace}/${name}`];
  const title = `the ConfigMap ${namespace}/${name}`;
  if (!found) return { why: `${title}, which was not collected`, missing: [] };
  if (found.state === 'collected') return { data: found.value?.data ?? {} };
  return { why: `${title}, which could not be read (${found.reason})`, missing: found.missing };
}

const FIELD_WITH_KEY = /^metadata\.(labels|annotations)\['(.+)'\]$/;

/** Downward API fields (https://kubernetes.io/docs/concepts/workloads/pods/downward-api/). */
function fieldValue(path: string, home: ContainerHome): EnvValue {
  const [, map, key = ''] = FIELD_WITH_KEY.exec(path) ?? [];
  if (map === 'labels') return known(home.labels[key] ?? '');
  if (map === 'annotations') return known(home.annotations[key] ?? '');
  const { pod, spec } = home;
  const fields: Readonly<Record<string, string | undefined>> = {
    'metadata.namespace': home.namespace,
    'metadata.name': pod?.metadata.name,
    'metadata.uid': pod?.metadata.uid,
    'spec.nodeName': pod && spec.nodeName,
    'spec.serviceAccountName': spec.serviceAccountName ?? 'default',
    'status.podIP': pod?.podIP,
    'status.hostIP': pod?.hostIP,
  };
  const value = fields[path];
  return value === undefined ? unresolved(`it is the field ${path} of a pod`) : known(value);
}
