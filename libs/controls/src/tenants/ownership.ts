import {
  type Artifacts,
  type Collected,
  type CrossNamespaceReference,
  type HelmRelease,
  type Kustomization,
  type Source,
  derived,
} from '#libs/core';
import type { Access } from '../access/access.js';
import type { Tenant, TenantModel } from './tenant-model.js';

/** Whose an object is: the platform's, a tenant's, or the platform's inside the namespace of a tenant. */
export type Owner =
  | { readonly kind: 'platform' }
  | {
      readonly kind: 'tenant';
      readonly tenant: Tenant;
      /** The tenant's principals are not declared, so it may as well be the platform's. */
      readonly confidence: 'derived' | 'heuristic';
    }
  /** In a tenant's namespace, where none of its principals can write Flux objects, and from a source of the platform. */
  | { readonly kind: 'platformManaged'; readonly tenant: Tenant };

const RESOURCES: Readonly<Record<string, { readonly group: string; readonly resource: string }>> = {
  Kustomization: { group: 'kustomize.toolkit.fluxcd.io', resource: 'kustomizations' },
  HelmRelease: { group: 'helm.toolkit.fluxcd.io', resource: 'helmreleases' },
};

/**
 * Whose a Kustomization or HelmRelease is: the tenant's in whose namespace it is, or else the tenant's whose source it
 * applies. `access` absent = RBAC could not be read, so nothing can be told to be the platform's inside a tenant.
 */
export function ownerOf(
  object: Kustomization | HelmRelease,
  model: TenantModel,
  sources: Collected<Artifacts['sources']>,
  access: Access | undefined,
): Owner {
  const { namespace } = object.metadata;
  const home = model.tenantOf(namespace);
  const source = sourceTenant(object, model, sources);
  if (!home) return source ? { kind: 'tenant', tenant: source, confidence: 'derived' } : { kind: 'platform' };
  const confidence = home.principalsDeclared ? 'derived' : 'heuristic';
  if (!source && home.principalsDeclared && access && !mayWriteFluxObjects(home, namespace ?? '', access)) {
    return { kind: 'platformManaged', tenant: home };
  }
  return { kind: 'tenant', tenant: home, confidence };
}

/** Whether some declared principal of the tenant can create or change Kustomizations or HelmReleases in the namespace. */
function mayWriteFluxObjects(tenant: Tenant, namespace: string, access: Access): boolean {
  const known = writableNamespaces(tenant, access);
  const found = known.get(namespace);
  if (found !== undefined) return found;
  const may = tenant.principals.some((identity) =>
    Object.values(RESOURCES).some(({ group, resource }) =>
      ['create', 'patch', 'update'].some((verb) => access.ask(identity, { verb, group, resource, namespace }).allowed),
    ),
  );
  known.set(namespace, may);
  return may;
}

/** Answers so far: namespaces hold many objects. */
const writableNamespaces = derived((_tenant: Tenant, _access: Access) => new Map<string, boolean>());

/** The source that an object names, with its namespace filled in. */
export function sourceReferenceOf(object: Kustomization | HelmRelease): CrossNamespaceReference | undefined {
  const reference =
    object.kind === 'Kustomization'
      ? object.spec.sourceRef
      : (object.spec.chartRef ?? object.spec.chart?.spec.sourceRef);
  const namespace = reference?.namespace ?? object.metadata.namespace;
  return reference && { ...reference, ...(namespace !== undefined && { namespace }) };
}

/** The tenant whose source an object applies: by the source's namespace, or by the repositories of the registry. */
function sourceTenant(
  object: Kustomization | HelmRelease,
  model: TenantModel,
  sources: Collected<Artifacts['sources']>,
): Tenant | undefined {
  const reference = sourceReferenceOf(object);
  if (!reference) return undefined;
  const { namespace } = object.metadata;
  if (reference.namespace !== namespace) {
    const tenant = model.tenantOf(reference.namespace);
    if (tenant) return tenant;
  }
  if (sources.state === 'unavailable') return undefined;
  const source = sourcesByName(sources.value).get(`${reference.kind}/${reference.namespace}/${reference.name}`);
  const url = source?.spec.url;
  if (url === undefined) return undefined;
  const path = object.kind === 'Kustomization' ? (object.spec.path ?? '') : '';
  return model.tenants.find(({ registration }) =>
    registration?.gitPaths?.some(
      ({ repo, paths }) =>
        sameRepository(repo, url) && (paths.length === 0 || paths.some((owned) => isWithin(path, owned))),
    ),
  );
}

const sourcesByName = derived((sources: Artifacts['sources']): ReadonlyMap<string, Source> => {
  const all = Object.values(sources).flatMap((list) => (list.state === 'collected' ? list.value : []));
  return new Map(all.map((source) => [`${source.kind}/${source.metadata.namespace}/${source.metadata.name}`, source]));
});

/** Git hosts take `https://`, `ssh://` and `git@host:` forms of one repository, with and without `.git`. */
export function sameRepository(left: string, right: string): boolean {
  return repositoryKey(left) === repositoryKey(right);
}

/** The same text for all forms of the URL of one repository. */
export function repositoryKey(url: string): string {
  const scp = /^[\w.-]+@([^:/]+):(?!\d+\/)(.+)$/.exec(url);
  const rest = scp ? `${scp[1]}/${scp[2]}` : url.replace(/^[a-z+]+:\/\/(?:[^@/]+@)?/i, '');
  const [host = '', ...path] = rest.split('/');
  return [host.toLowerCase().replace(/:(?:443|22)$/, ''), ...path].join('/').replace(/(?:\.git)?\/*$/, '');
}

/** Whether a path is a folder or lies in it; `./` before and `/` after do not count. */
export function isWithin(path: string, folder: string): boolean {
  const [inner, outer] = [path, folder].map((part) => part.replace(/^(?:\.?\/)+|\/+$/g, ''));
  return outer === '' || inner === outer || (inner ?? '').startsWith(`${outer ?? ''}/`);
}
