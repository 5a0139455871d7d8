import type { ConfigMap } from '#libs/core';
import { parsePlainYaml, type PlainMap, type PlainValue } from '../access/plain-yaml.js';
import { projectConfigMap } from './core-objects.js';
import { Fields } from './fields.js';

/** Keys whose values are kept: switches of Cilium (`cilium-config`) and of the Amazon VPC CNI (`amazon-vpc-cni`). */
const SWITCHES: ReadonlySet<string> = new Set([
  'enable-policy',
  'policy-audit-mode',
  'enable-k8s-networkpolicy',
  'enable-cilium-network-policy',
  'enable-cilium-clusterwide-network-policy',
  'enable-network-policy-controller',
  'enable-network-policy',
]);
const MAX_SWITCH = 100;

/** Of `aws-auth`: https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html */
const IDENTITIES: ReadonlySet<string> = new Set(['mapRoles', 'mapUsers', 'mapAccounts']);
const IDENTITY_FIELDS = ['rolearn', 'userarn', 'username', 'groups'] as const;

/** Known without their values: the rest of a plugin's configuration. */
const NAMES: ReadonlySet<string> = new Set(['antrea-agent.conf']);

/** The configuration of kube-state-metrics for custom resources, of which the kinds are kept. */
const STATE_METRICS = 'CustomResourceStateMetrics';
const MAX_KINDS = 200;

/**
 * A ConfigMap of the platform: switches as they are, of `aws-auth` who is mapped to which user and groups (as JSON, which is
 * YAML as well; `null` where the text cannot be read), of a configuration of kube-state-metrics the lines that name kinds,
 * and of a longer configuration that it is there, with an empty value.
 */
export function projectPlatformConfigMap(item: unknown): ConfigMap {
  const isAwsAuth = Fields.of(item).needChild('metadata').text('name') === 'aws-auth';
  const found = projectConfigMap(item, (key) => (!isAwsAuth || IDENTITIES.has(key) ? 'value' : 'nothing'));
  const { data, ...rest } = found;
  const kept = Object.entries(data ?? {}).flatMap(([key, value]): [string, string][] => {
    const part = isAwsAuth ? identitiesOnly(value) : partOf(key, value);
    return part === undefined ? [] : [[key, part]];
  });
  return kept.length === 0 ? rest : { ...rest, data: Object.fromEntries(kept) };
}

function partOf(key: string, value: string): string | undefined {
  if (SWITCHES.has(key)) return value.length > MAX_SWITCH ? '' : value;
  if (NAMES.has(key)) return '';
  if (!value.includes(STATE_METRICS)) return undefined;
  const kinds = [...value.matchAll(/\bkind["']?\s*:\s*["']?([A-Za-z0-9]{1,100}|\*)/g)].map(
    ([, kind]) => `kind: "${kind}"`,
  );
  return [...new Set([`kind: "${STATE_METRICS}"`, ...kinds])].slice(0, MAX_KINDS).join('\n');
}

function identitiesOnly(text: string): string {
  if (text.trim() === '') return '[]';
  const parsed = parsePlainYaml(text);
  if ('problem' in parsed || !Array.isArray(parsed.value)) return 'null';
  return JSON.stringify((parsed.value as readonly PlainValue[]).map(identityOnly));
}

function identityOnly(entry: PlainValue): PlainValue {
  // `mapAccounts` is a list of account numbers.
  if (typeof entry === 'string' || typeof entry === 'number') return String(entry).slice(0, MAX_SWITCH);
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return null;
  const map = entry as PlainMap;
  return Object.fromEntries(
    IDENTITY_FIELDS.flatMap((field): [string, PlainValue][] => {
      const value = Object.hasOwn(map, field) ? map[field] : undefined;
      if (typeof value === 'string') return [[field, value]];
      return Array.isArray(value) ? [[field, value.filter((name) => typeof name === 'string')]] : [];
    }),
  );
}
