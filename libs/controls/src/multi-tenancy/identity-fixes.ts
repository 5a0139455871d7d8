import { stringify } from 'yaml';
import { type Fix, type HelmRelease, type Kustomization, nameList } from '#libs/core';
import { PLATFORM_ACCOUNTS, excerpt } from '#libs/flux';
import type { Tenant } from '../tenants/tenant-model.js';

const MAX_BINDINGS = 10;

/** Names of service accounts are DNS subdomains (RFC 1123, as Kubernetes checks them). */
const ACCOUNT_NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * An account of its own for the objects of a tenant, as `flux create tenant` lays it out, but with `admin` in place of
 * `cluster-admin`; and the object that names it.
 */
export function dedicatedAccountFixes(object: Kustomization | HelmRelease, tenant: Tenant): readonly Fix[] {
  const { namespace = 'default' } = object.metadata;
  const account = accountNameFor(tenant);
  // In a namespace of the platform the account must not have rights where it lives.
  const places = tenant.namespaces.includes(namespace) ? [namespace] : tenant.namespaces.slice(0, MAX_BINDINGS);
  const documents = [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace } },
    ...places.map((place) => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: `${account}-reconciler`, namespace: place },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
    })),
  ].map((document) => stringify(document));
  return [
    {
      form: 'manifest',
      title: `An account for the objects of ${tenant.name} in ${namespace}`,
      content: `# The role edit is enough where the tenant applies no Roles and RoleBindings.\n${lost(object, tenant)}${documents.join('---\n')}`,
    },
    nameAccountFix(object, account),
  ];
}

/** What it applies now and could not with rights in the namespaces of the tenant alone, as a comment. */
function lost({ status }: Kustomization | HelmRelease, { name, namespaces }: Tenant): string {
  const own = new Set(namespaces);
  const foreign = (status?.inventory?.entries ?? []).flatMap(({ id }) => {
    // `namespace_name_group_kind`; colons in the names of RBAC objects are written `__`.
    const [home = '', ...rest] = id.split('_');
    if (own.has(home) || rest.length < 3) return [];
    const called = rest.slice(0, -2).join('_').replaceAll('__', ':');
    return [excerpt(`${rest.at(-1) ?? ''} ${home === '' ? '' : `${home}/`}${called}`)];
  });
  if (foreign.length === 0) return '';
  return `# It applies ${nameList(foreign)} now, which these rights do not cover: move that to the platform, or bind a Role of its own outside of the namespaces of ${name}.\n`;
}

/** The object with the account that it should act as. */
export function nameAccountFix(object: Kustomization | HelmRelease, account: string): Fix {
  const { apiVersion, kind } = object;
  const { namespace = 'default', name } = object.metadata;
  const content = stringify({ apiVersion, kind, metadata: { name, namespace }, spec: { serviceAccountName: account } });
  return { form: 'manifest', title: `Name the account in the ${kind}`, content };
}

/** A name for an account of a tenant, and of nobody else. */
export function accountNameFor({ name }: Tenant): string {
  return ACCOUNT_NAME.test(name) && name !== 'default' && !PLATFORM_ACCOUNTS.has(name) ? name : 'tenant';
}

/** A cluster-admin inside of a namespace gives way to `admin`, which cannot change quotas and the namespace itself. */
export function narrowerRoleFix(binding: { readonly name: string; readonly namespace: string }, account: string): Fix {
  const document = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: `${account}-reconciler`, namespace: binding.namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace: binding.namespace }],
  };
  return {
    form: 'manifest',
    title: `Bind the role admin, then remove the RoleBinding ${binding.name}`,
    content: `# Objects of kinds that no role aggregates to admin stay behind: give these a Role of their own.\n${stringify(document)}`,
  };
}
