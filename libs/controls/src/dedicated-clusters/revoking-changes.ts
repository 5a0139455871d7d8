import {
  type AdmissionPolicy,
  type AdmissionPolicyBinding,
  type AnyBinding,
  type JsonObject,
  type JsonValue,
  type SelectorObject,
  type WebhookConfiguration,
  RBAC_GROUP,
} from '#libs/core';
import { type Identity, accountOf } from '#libs/rbac';
import { type KnownObject, ownLabels } from './known-objects.js';
import type { PlatformPrincipal } from './platform-principals.js';

/**
 * An owner that does not exist: the garbage collector would delete the object.
 * https://kubernetes.io/docs/concepts/architecture/garbage-collection/#owners-dependents
 */
const NO_OWNER: JsonObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  name: 'plimsoll-none',
  uid: '00000000-0000-4000-8000-000000000000',
};

export const OWNER_PATCH: JsonObject = { metadata: { ownerReferences: [NO_OWNER] } };
export const NO_REPLICAS: JsonObject = { spec: { replicas: 0 } };

/** The change of an object that takes away what it is there for, as a patch; undefined where only its end does. */
export function revokingChange(
  { group, resource, name, live }: KnownObject,
  platform: readonly PlatformPrincipal[],
): JsonValue | undefined {
  switch (`${resource}.${group}`) {
    case `clusterrolebindings.${RBAC_GROUP}`:
    case `rolebindings.${RBAC_GROUP}`:
      return live && withoutSubject(live as AnyBinding, platform);
    case `clusterroles.${RBAC_GROUP}`:
    case `roles.${RBAC_GROUP}`:
      return { rules: [] };
    case 'configmaps.':
      return name === 'aws-auth' ? NO_IDENTITIES : undefined;
    case 'deployments.apps':
      return NO_REPLICAS;
    case 'services.':
      return { spec: { selector: { 'plimsoll/probe': 'none' } } };
    case 'kustomizations.kustomize.toolkit.fluxcd.io':
      return { spec: { suspend: true } };
    case 'validatingwebhookconfigurations.admissionregistration.k8s.io':
    case 'mutatingwebhookconfigurations.admissionregistration.k8s.io':
      return { webhooks: [] };
    default:
      return undefined;
  }
}

/** `mapRoles` and `mapUsers` without anybody in them. */
const NO_IDENTITIES: JsonObject = { data: { mapRoles: '[]', mapUsers: '[]' } };

function withoutSubject(
  { subjects: bound, metadata }: AnyBinding,
  platform: readonly PlatformPrincipal[],
): JsonValue | undefined {
  const subjects = bound ?? [];
  const names = ({ user, groups }: Identity): boolean[] =>
    subjects.map(({ kind, name, namespace = metadata.namespace }) => {
      const account = accountOf(user);
      if (kind === 'Group') return groups.includes(name);
      if (kind === 'User') return user !== '' && name === user;
      return account !== undefined && account.name === name && account.namespace === namespace;
    });
  const index = platform.map(({ identity }) => names(identity).indexOf(true)).find((each) => each >= 0);
  return index === undefined ? undefined : [{ op: 'remove', path: `/subjects/${index}` }];
}

/** Labels that take an object out of what a policy or webhook looks at: none of its own, and those that are left out. */
export function labelsPatch(
  { live }: KnownObject,
  exclusions: Readonly<Record<string, string>>,
): JsonObject | undefined {
  if (!live) return undefined;
  const labels = { ...Object.fromEntries(ownLabels(live).map((key) => [key, null])), ...exclusions };
  return Object.keys(labels).length === 0 ? undefined : { metadata: { labels } };
}

const MAX_EXCLUSIONS = 20;
const NAME_OF_NAMESPACE = 'kubernetes.io/metadata.name';

type Policy = AdmissionPolicy | AdmissionPolicyBinding;

/** The labels by which webhooks and policies leave Namespaces out. */
export function exclusionLabels(
  webhooks: readonly WebhookConfiguration[],
  policies: readonly Policy[],
): Readonly<Record<string, string>> {
  const selectors = [
    ...webhooks.flatMap((each) => each.webhooks.map(({ namespaceSelector }) => namespaceSelector)),
    ...policies.map(({ spec }) =>
      'policyName' in spec ? spec.matchResources?.namespaceSelector : spec.matchConstraints?.namespaceSelector,
    ),
  ];
  return Object.fromEntries(selectors.flatMap(exclusionsOf).slice(0, MAX_EXCLUSIONS));
}

function exclusionsOf(selector: SelectorObject | undefined): readonly (readonly [string, string])[] {
  return (selector?.matchExpressions ?? []).flatMap(({ key, operator, values = [] }): [string, string][] => {
    if (key === NAME_OF_NAMESPACE) return [];
    if (operator === 'DoesNotExist') return [[key, 'plimsoll']];
    return operator === 'NotIn' && values[0] !== undefined ? [[key, values[0]]] : [];
  });
}

/** Kinds of which the whole object is known well enough to be sent. */
const WHOLE: ReadonlySet<string> = new Set(['namespaces.', 'serviceaccounts.', 'configmaps.']);

/** The whole object without its labels and with an owner that does not exist, for those who may only replace it. */
export function replacement(target: KnownObject): JsonObject | undefined {
  const { group, version, resource, namespace, name, uid, live } = target;
  if (!WHOLE.has(`${resource}.${group}`) || live === undefined) return undefined;
  const metadata = {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
    ownerReferences: [NO_OWNER],
  };
  const head = { apiVersion: group === '' ? version : `${group}/${version}`, kind: live.kind, metadata };
  if (resource === 'namespaces') return { ...head, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };
  return resource === 'configmaps' ? { ...head, ...NO_IDENTITIES } : head;
}

/** An object that shuts the platform out by being there; undefined for kinds of which none is known to. */
export function revokingObject(
  group: string,
  resource: string,
  version: string,
  namespace: string | undefined,
): JsonObject | undefined {
  const metadata = { name: 'plimsoll-probe', ...(namespace !== undefined && { namespace }) };
  const apiVersion = group === '' ? version : `${group}/${version}`;
  switch (`${resource}.${group}`) {
    case 'validatingwebhookconfigurations.admissionregistration.k8s.io':
      return { apiVersion, kind: 'ValidatingWebhookConfiguration', metadata, webhooks: [DENY_ALL] };
    case 'mutatingwebhookconfigurations.admissionregistration.k8s.io':
      return { apiVersion, kind: 'MutatingWebhookConfiguration', metadata, webhooks: [DENY_ALL] };
    case 'networkpolicies.networking.k8s.io':
      return {
        apiVersion,
        kind: 'NetworkPolicy',
        metadata,
        spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
      };
    case 'resourcequotas.':
      return { apiVersion, kind: 'ResourceQuota', metadata, spec: { hard: { pods: '0' } } };
    case 'policyexceptions.kyverno.io':
      return {
        apiVersion,
        kind: 'PolicyException',
        metadata,
        spec: {
          exceptions: [{ policyName: 'plimsoll-probe', ruleNames: ['*'] }],
          match: { any: [{ resources: { kinds: ['ConfigMap'] } }] },
        },
      };
    case 'policyexceptions.policies.kyverno.io':
      return {
        apiVersion,
        kind: 'PolicyException',
        metadata,
        spec: { policyRefs: [{ name: 'plimsoll-probe', kind: 'ValidatingPolicy' }] },
      };
    default:
      return undefined;
  }
}

/** Fails closed for every request, for there is nobody at its address. */
const DENY_ALL: JsonObject = {
  name: 'probe.plimsoll.example.com',
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
  failurePolicy: 'Fail',
  clientConfig: { url: 'https://probe.plimsoll.invalid/' },
  rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] }],
};
