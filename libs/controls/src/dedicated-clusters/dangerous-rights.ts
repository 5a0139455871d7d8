import { RBAC_GROUP } from '#libs/core';
import { type Grant, type ResourceRequest, ruleAllows } from '#libs/rbac';
import type { TenantModel } from '../tenants/tenant-model.js';

/** Where a grant counts: everywhere, in a namespace of the platform, or in another one. */
type Place = 'cluster' | 'platform' | 'namespace';

/** A right that no tenant needs, and what to say about it. */
export interface DangerousRight {
  /** Part of the subject, so it must not change. */
  readonly code: string;
  /** After "may". */
  readonly title: string;
  readonly why: string;
  holds(grant: Grant, place: Place): boolean;
}

/** Whether a rule covers a request for some name. */
function covers({ rule }: Grant, request: ResourceRequest): boolean {
  const names = rule.resourceNames?.length ? rule.resourceNames : [''];
  return names.some((name) => ruleAllows(rule, { ...request, ...(name !== '' && { name }) }));
}

function anyOf(
  grant: Grant,
  verbs: readonly string[],
  ...targets: readonly (readonly [group: string, resource: string, subresource?: string])[]
): boolean {
  return targets.some(([group, resource, subresource]) =>
    verbs.some((verb) => covers(grant, { verb, group, resource, ...(subresource !== undefined && { subresource }) })),
  );
}

function holdsEverything({ rule }: Grant): boolean {
  return rule.verbs.includes('*') && rule.apiGroups?.includes('*') === true && rule.resources?.includes('*') === true;
}

const WRITE = ['create', 'patch', 'update', 'delete', 'deletecollection'];
const ADMISSION = 'admissionregistration.k8s.io';
const ADMISSION_KINDS = [
  'validatingwebhookconfigurations',
  'mutatingwebhookconfigurations',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
].map((resource) => [ADMISSION, resource] as const);
const WORKLOADS = [
  ['', 'pods'],
  ['', 'replicationcontrollers'],
  ['apps', 'deployments'],
  ['apps', 'daemonsets'],
  ['apps', 'statefulsets'],
  ['apps', 'replicasets'],
  ['batch', 'jobs'],
  ['batch', 'cronjobs'],
] as const;
const beyondOwn = (place: Place): boolean => place !== 'namespace';

/**
 * What the ClusterRoles `admin` and `edit` give inside a tenant's own namespace is not here: `rolebindings` cannot
 * exceed one's own rights, and accounts may be impersonated that the tenant runs anyway.
 * https://kubernetes.io/docs/concepts/security/rbac-good-practices/
 */
const DANGEROUS_RIGHTS: readonly DangerousRight[] = [
  {
    code: 'WILDCARD',
    title: 'use every verb or every resource in the whole cluster',
    why: 'It also covers what the cluster gets later, the objects of the platform included.',
    holds: ({ rule }, place) =>
      place === 'cluster' &&
      (rule.resources?.length ?? 0) > 0 &&
      (rule.verbs.includes('*') || rule.resources?.includes('*') === true),
  },
  {
    code: 'ESCALATE',
    title: 'escalate or bind roles',
    why: 'With it people give themselves rights that they do not have.',
    // Who holds everything in a namespace gains nothing there, as with the role that `flux create tenant` binds.
    holds: (grant, place) =>
      !(place === 'namespace' && holdsEverything(grant)) &&
      anyOf(grant, ['escalate', 'bind'], [RBAC_GROUP, 'roles'], [RBAC_GROUP, 'clusterroles']),
  },
  {
    code: 'IMPERSONATE',
    title: 'impersonate others',
    why: 'Whoever acts as somebody else has their rights.',
    holds: (grant, place) =>
      place === 'cluster'
        ? anyOf(grant, ['impersonate'], ['', 'users'], ['', 'groups'], ['', 'serviceaccounts']) ||
          grant.rule.verbs.some((verb) => verb.startsWith('impersonate:'))
        : place === 'platform' && anyOf(grant, ['impersonate'], ['', 'serviceaccounts']),
  },
  {
    code: 'NODES_PROXY',
    title: 'reach the API of nodes (nodes/proxy)',
    why: 'It leads into every pod of a node, whoever owns it.',
    holds: (grant, place) => place === 'cluster' && anyOf(grant, ['get', 'create'], ['', 'nodes', 'proxy']),
  },
  {
    code: 'APPROVE_CERTIFICATES',
    title: 'approve certificate requests',
    why: 'A certificate can be one of the platform, and outlives its request.',
    holds: (grant, place) =>
      place === 'cluster' &&
      (anyOf(grant, ['patch', 'update'], ['certificates.k8s.io', 'certificatesigningrequests', 'approval']) ||
        anyOf(grant, ['approve', 'sign'], ['certificates.k8s.io', 'signers'])),
  },
  {
    code: 'PLATFORM_TOKENS',
    title: 'create tokens of the platform’s service accounts',
    why: 'A token has the rights of its account.',
    holds: (grant, place) => beyondOwn(place) && anyOf(grant, ['create'], ['', 'serviceaccounts', 'token']),
  },
  {
    code: 'PLATFORM_SECRETS',
    title: 'read Secrets of the platform',
    why: 'They hold its credentials for Git, for other clusters and for decryption; the answers to patch and deletecollection hold them too.',
    holds: (grant, place) =>
      beyondOwn(place) && anyOf(grant, ['get', 'list', 'watch', 'patch', 'deletecollection'], ['', 'secrets']),
  },
  {
    code: 'PLATFORM_PODS',
    title: 'run pods in namespaces of the platform',
    why: 'A pod there runs as any service account of the platform.',
    holds: (grant, place) => beyondOwn(place) && anyOf(grant, ['create'], ...WORKLOADS),
  },
  {
    code: 'ADMISSION',
    title: 'change what the cluster admits (webhook configurations, admission policies)',
    why: 'It decides about every request, those of the platform included.',
    holds: (grant, place) => place === 'cluster' && anyOf(grant, WRITE, ...ADMISSION_KINDS),
  },
  {
    code: 'API_EXTENSIONS',
    title: 'change APIServices or CustomResourceDefinitions',
    why: 'These decide who answers for an API, and deleting one deletes all its objects.',
    holds: (grant, place) =>
      place === 'cluster' &&
      anyOf(
        grant,
        WRITE,
        ['apiregistration.k8s.io', 'apiservices'],
        ['apiextensions.k8s.io', 'customresourcedefinitions'],
      ),
  },
  {
    code: 'PERSISTENT_VOLUMES',
    title: 'create PersistentVolumes',
    why: 'A volume can be a path of a node.',
    holds: (grant, place) => place === 'cluster' && anyOf(grant, ['create'], ['', 'persistentvolumes']),
  },
  {
    code: 'NAMESPACES',
    title: 'change or delete namespaces of others',
    why: 'Labels of a namespace decide which policies apply in it, and its end takes everything in it along.',
    holds: (grant, place) =>
      beyondOwn(place) &&
      anyOf(
        grant,
        ['patch', 'update', 'delete', 'deletecollection'],
        ['', 'namespaces'],
        ['', 'namespaces', 'status'],
        ['', 'namespaces', 'finalize'],
      ),
  },
];

function placeOf({ namespace }: Grant, model: TenantModel): Place {
  if (namespace === null) return 'cluster';
  return model.isPlatform(namespace) ? 'platform' : 'namespace';
}

/** The first of the dangerous rights covers the others where it is every right. */
export function dangersIn(grant: Grant, model: TenantModel): readonly DangerousRight[] {
  const place = placeOf(grant, model);
  const found = DANGEROUS_RIGHTS.filter((right) => right.holds(grant, place));
  const [first] = found;
  return first?.code === 'WILDCARD' && grant.rule.resources?.includes('*') ? [first] : found;
}

/** Names of a tenant's own namespaces in `resourceNames` are not the namespaces of others. */
export function speaksOfOthers(grant: Grant, code: string, own: readonly string[]): boolean {
  const names = grant.rule.resourceNames ?? [];
  return code !== 'NAMESPACES' || names.length === 0 || names.some((name) => !own.includes(name));
}

const FLUX_KINDS = [
  ['kustomize.toolkit.fluxcd.io', 'kustomizations'],
  ['helm.toolkit.fluxcd.io', 'helmreleases'],
] as const;

/** Whether it lets its holder write objects that Flux applies. */
export function writesFluxObjects(grant: Grant): boolean {
  return anyOf(grant, ['create', 'patch', 'update'], ...FLUX_KINDS);
}
