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

/**
 * A ConfigMap of the platform: switches as they are, of `aws-auth` who is mapped to which user and groups (as JSON, which is
 * YAML as well; `null` where the text cannot be read), and of a longer configuration that it is there, with an empty value.
 */
export function projectPlatformConfigMap(item: unknown): ConfigMap {
  const isAwsAuth = Fields.of(item).needChild('metadata').text('name') === 'aws-auth';
  const found = projectConfigMap(item, (key) => {
    if (isAwsAuth ? IDENTITIES.has(key) : SWITCHES.has(key)) return 'value';
    return NAMES.has(key) ? 'name' : 'nothing';
  });
  if (!found.data) return found;
  const data = Object.entries(found.data).map(([key, value]): [string, string] => [
    key,
    isAwsAuth ? identitiesOnly(value) : value.length > MAX_SWITCH ? '' : value,
  ]);
  return { ...found, data: Object.fromEntries(data) };
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
