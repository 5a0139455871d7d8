import type { HelmRelease, Kustomization, Namespace } from '#libs/core';

/** A tenant that the cluster suggests; nobody declared it. */
export interface DerivedTenant {
  readonly name: string;
  readonly namespaces: readonly string[];
  /** It may as well be a part of the platform. */
  readonly ambiguous: boolean;
}

export interface TenantEvidence {
  readonly namespaces: readonly Namespace[];
  readonly kustomizations: readonly Kustomization[];
  readonly helmReleases: readonly HelmRelease[];
  readonly fluxNamespaces: readonly string[];
  /** Declared in the registry: never a tenant's. */
  readonly platformNamespaces: readonly string[];
  /** Label keys whose value names a tenant, most trusted first. */
  readonly tenantLabels: readonly string[];
}

/** Set by `flux create tenant`, and by Capsule (https://projectcapsule.dev). */
export const DEFAULT_TENANT_LABELS: readonly string[] = ['toolkit.fluxcd.io/tenant', 'capsule.clastix.io/tenant'];

const SYSTEM_NAMESPACES = new Set(['kube-system', 'kube-public', 'kube-node-lease']);
const RANCHER_PROJECT = 'field.cattle.io/projectId';
const HNC_DEPTH = /^(.+)\.tree\.hnc\.x-k8s\.io\/depth$/;

/**
 * Accounts that are the platform's wherever they appear: those of the controllers, and what installers and platform
 * teams call their own reconciler. Judged by name only.
 */
export const PLATFORM_ACCOUNTS: ReadonlySet<string> = new Set([
  'source-controller',
  'kustomize-controller',
  'helm-controller',
  'notification-controller',
  'image-reflector-controller',
  'image-automation-controller',
  'source-watcher',
  'source-watcher-controller',
  'flux',
  'flux-operator',
  'flux-reconciler',
  'cluster-reconciler',
  'cluster-admin',
]);

/**
 * Tenants from the first of these that tells of any: tenant labels, trees of the Hierarchical Namespace Controller,
 * Rancher projects, and namespaces that hold Flux objects.
 */
export function deriveTenants(evidence: TenantEvidence): readonly DerivedTenant[] {
  const platform = new Set(evidence.platformNamespaces);
  const candidates = evidence.namespaces.filter(({ metadata }) => !platform.has(metadata.name));
  const index = indexOf(evidence);
  for (const group of [...evidence.tenantLabels.map(byLabel), byTree, byRancherProject]) {
    const groups = group(candidates);
    if (groups.size > 0) return [...groups].map(([name, names]) => judged(name, names, index));
  }
  return namespacesWithFluxObjects(candidates, index);
}

type Groups = ReadonlyMap<string, readonly string[]>;

function grouped(
  namespaces: readonly Namespace[],
  keyOf: (namespace: Namespace) => string | undefined,
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const namespace of namespaces) {
    const key = keyOf(namespace);
    if (key === undefined || key === '') continue;
    const group = groups.get(key);
    if (group) group.push(namespace.metadata.name);
    else groups.set(key, [namespace.metadata.name]);
  }
  return groups;
}

const byLabel =
  (label: string) =>
  (namespaces: readonly Namespace[]): Groups =>
    grouped(namespaces, ({ metadata }) => metadata.labels?.[label]);

/** Every namespace is a tree of its own; a tenant's has namespaces below it. */
function byTree(namespaces: readonly Namespace[]): Groups {
  const rootOf = ({ metadata }: Namespace): string | undefined => {
    const ancestors = Object.entries(metadata.labels ?? {}).flatMap(([key, depth]) => {
      const [, name] = HNC_DEPTH.exec(key) ?? [];
      return name === undefined ? [] : [{ name, depth: Number(depth) }];
    });
    return ancestors.toSorted((a, b) => b.depth - a.depth)[0]?.name;
  };
  return new Map([...grouped(namespaces, rootOf)].filter(([, names]) => names.length > 1));
}

/** Rancher's own project holds the namespaces of Kubernetes. */
function byRancherProject(namespaces: readonly Namespace[]): Groups {
  const projects = grouped(namespaces, ({ metadata }) => metadata.annotations?.[RANCHER_PROJECT]);
  return new Map([...projects].filter(([, names]) => !names.some((name) => SYSTEM_NAMESPACES.has(name))));
}

/** The evidence, arranged for many questions: clusters have thousands of namespaces and objects. */
interface EvidenceIndex {
  readonly objectsIn: ReadonlyMap<string, readonly (Kustomization | HelmRelease)[]>;
  /** By `namespace/name`. */
  readonly kustomizations: ReadonlyMap<string, Kustomization>;
  readonly fluxNamespaces: ReadonlySet<string>;
  /** Sources of the Kustomizations in Flux namespaces that nothing else applies, such as `flux-system`. */
  readonly rootSources: ReadonlySet<string>;
}

function indexOf({ kustomizations, helmReleases, fluxNamespaces }: TenantEvidence): EvidenceIndex {
  const objectsIn = new Map<string, (Kustomization | HelmRelease)[]>();
  for (const object of [...kustomizations, ...helmReleases]) {
    const namespace = object.metadata.namespace ?? '';
    const objects = objectsIn.get(namespace);
    if (objects) objects.push(object);
    else objectsIn.set(namespace, [object]);
  }
  const roots = kustomizations.filter((kustomization) => {
    const applier = applierOf(kustomization);
    return (
      fluxNamespaces.includes(kustomization.metadata.namespace ?? '') &&
      (applier === undefined || applier === fullName(kustomization))
    );
  });
  return {
    objectsIn,
    kustomizations: new Map(kustomizations.map((kustomization) => [fullName(kustomization), kustomization])),
    fluxNamespaces: new Set(fluxNamespaces),
    rootSources: new Set(roots.flatMap((root) => sourceKey(root) ?? [])),
  };
}

function namespacesWithFluxObjects(namespaces: readonly Namespace[], index: EvidenceIndex): readonly DerivedTenant[] {
  return namespaces
    .map(({ metadata }) => metadata.name)
    .filter((name) => index.objectsIn.has(name) && !isPlatform(name, index))
    .map((name) => judged(name, [name], index))
    .filter(({ ambiguous }) => !ambiguous); // nothing but the platform's own objects calls these a tenant
}

function isPlatform(namespace: string, { fluxNamespaces }: EvidenceIndex): boolean {
  return SYSTEM_NAMESPACES.has(namespace) || fluxNamespaces.has(namespace);
}

function judged(name: string, namespaces: readonly string[], index: EvidenceIndex): DerivedTenant {
  const own = namespaces.filter((namespace) => !isPlatform(namespace, index));
  if (own.length === 0) return { name, namespaces, ambiguous: true };
  return { name, namespaces: own, ambiguous: holdsOnlyPlatformObjects(own, index) };
}

/**
 * All Flux objects there come from the repository that the platform syncs itself from, and run with the rights of
 * the controllers or of a platform account. RBAC is not read: an account with another name is taken for the tenant's.
 */
function holdsOnlyPlatformObjects(namespaces: readonly string[], index: EvidenceIndex): boolean {
  const objects = namespaces.flatMap((namespace) => index.objectsIn.get(namespace) ?? []);
  if (objects.length === 0) return false;
  return objects.every((object) => {
    const account = object.spec.serviceAccountName ?? '';
    return (account === '' || PLATFORM_ACCOUNTS.has(account)) && isFromRoot(object, index);
  });
}

function sourceKey({ metadata, spec }: Kustomization): string | undefined {
  const { sourceRef } = spec;
  return sourceRef && [sourceRef.kind, sourceRef.namespace ?? metadata.namespace ?? '', sourceRef.name].join('/');
}

/** Which Kustomization applied an object, by the labels that kustomize-controller sets. */
function applierOf({ metadata }: Kustomization | HelmRelease): string | undefined {
  const { labels = {} } = metadata;
  const name = labels['kustomize.toolkit.fluxcd.io/name'];
  return name === undefined ? undefined : `${labels['kustomize.toolkit.fluxcd.io/namespace'] ?? ''}/${name}`;
}

const fullName = ({ metadata }: Kustomization): string => `${metadata.namespace ?? ''}/${metadata.name}`;

/** A Kustomization comes from its source; a HelmRelease from the source of the Kustomization that applied it. */
function isFromRoot(object: Kustomization | HelmRelease, index: EvidenceIndex): boolean {
  const origin = object.kind === 'Kustomization' ? object : index.kustomizations.get(applierOf(object) ?? '');
  const key = origin && sourceKey(origin);
  return key !== undefined && index.rootSources.has(key);
}
