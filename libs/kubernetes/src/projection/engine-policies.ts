import type { EnginePolicy, JsonObject, JsonValue } from '#libs/core';
import { Fields } from './fields.js';
import { clusterMetadata, namespacedMetadata } from './metadata.js';
import { policyBody } from './policy-body.js';

export interface EngineKind {
  readonly group: string;
  readonly kind: string;
  readonly resource: string;
  /** Whose fields are known, newest first. */
  readonly versions: readonly string[];
}

/** Kinds with fixed names; Gatekeeper's constraints have a kind for each template. */
export const ENGINE_KINDS: readonly EngineKind[] = [
  { group: 'kyverno.io', kind: 'ClusterPolicy', resource: 'clusterpolicies', versions: ['v1', 'v2beta1'] },
  { group: 'kyverno.io', kind: 'Policy', resource: 'policies', versions: ['v1', 'v2beta1'] },
  { group: 'kyverno.io', kind: 'PolicyException', resource: 'policyexceptions', versions: ['v2', 'v2beta1'] },
  {
    group: 'policies.kyverno.io',
    kind: 'ValidatingPolicy',
    resource: 'validatingpolicies',
    versions: ['v1', 'v1beta1', 'v1alpha1'],
  },
  {
    group: 'policies.kyverno.io',
    kind: 'PolicyException',
    resource: 'policyexceptions',
    versions: ['v1', 'v1beta1', 'v1alpha1'],
  },
  {
    group: 'templates.gatekeeper.sh',
    kind: 'ConstraintTemplate',
    resource: 'constrainttemplates',
    versions: ['v1', 'v1beta1'],
  },
  { group: 'config.gatekeeper.sh', kind: 'Config', resource: 'configs', versions: ['v1alpha1'] },
];

export const CONSTRAINTS = 'constraints.gatekeeper.sh';
/** Gatekeeper itself makes constraints of `v1beta1`. */
export const CONSTRAINT_VERSIONS = ['v1beta1', 'v1', 'v1alpha1'];

const GROUPS: ReadonlySet<string> = new Set([...ENGINE_KINDS.map(({ group }) => group), CONSTRAINTS]);

/** A policy of an engine. Custom resources say in lists too what they are. */
export function projectEnginePolicy(item: unknown): EnginePolicy {
  const object = Fields.of(item);
  const apiVersion = object.needText('apiVersion');
  const kind = object.needText('kind');
  if (!GROUPS.has(apiVersion.split('/', 1)[0] ?? '')) throw object.malformed('apiVersion');
  if (!/^[A-Za-z0-9]{1,253}$/.test(kind)) throw object.malformed('kind');
  const isNamespaced = object.needChild('metadata').has('namespace');
  const { spec } = policyBody(object);
  return {
    apiVersion,
    kind,
    metadata: isNamespaced ? namespacedMetadata(object) : clusterMetadata(object),
    spec: withoutContents(spec),
  };
}

/**
 * Kyverno's rules may hold whole objects to be generated, Secrets among them, and headers for calls: none of it decides
 * about what is let in. That they are there stays. https://kyverno.io/docs/policy-types/cluster-policy/generate/
 */
function withoutContents(spec: JsonObject): JsonObject {
  return Array.isArray(spec['rules']) ? { ...spec, rules: spec['rules'].map(ruleWithoutContents) } : spec;
}

function ruleWithoutContents(rule: JsonValue): JsonValue {
  if (!isObject(rule)) return rule;
  const { context } = rule;
  return {
    ...rule,
    ...(rule['generate'] !== undefined && { generate: {} }),
    ...(Array.isArray(context) && { context: context.map((entry) => nameOnly(entry)) }),
  };
}

function nameOnly(entry: JsonValue): JsonValue {
  return isObject(entry) && typeof entry['name'] === 'string' ? { name: entry['name'] } : {};
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
