import type { ResourceRequest } from '#libs/rbac';
import type { Tenant, TenantModel } from '../../tenants/tenant-model.js';

/** A question about an account of a tenant, and what a "yes" means, after "it may ". */
export interface AccountProbe {
  readonly request: ResourceRequest;
  readonly what: string;
}

const RBAC = 'rbac.authorization.k8s.io';

/**
 * What no account of a tenant should be allowed. `tenant` undefined: an account that belongs to nobody in particular,
 * for which the namespaces of all tenants are those of others.
 */
export function accountProbes(model: TenantModel, tenant: Tenant | undefined): readonly AccountProbe[] {
  const other = model.tenants.find(({ name, namespaces }) => name !== tenant?.name && namespaces.length > 0);
  const foreign = other?.namespaces[0];
  const flux = model.fluxNamespaces[0];
  return [
    {
      request: { verb: 'create', group: RBAC, resource: 'clusterrolebindings' },
      what: 'create ClusterRoleBindings',
    },
    { request: { verb: '*', group: '*', resource: '*' }, what: 'do everything' },
    ...(foreign === undefined
      ? []
      : [
          {
            request: { verb: 'get', resource: 'secrets', namespace: foreign },
            what: `read Secrets in ${foreign}, a namespace of ${other?.name ?? 'another tenant'}`,
          },
        ]),
    ...(flux === undefined || tenant?.namespaces.includes(flux)
      ? []
      : [
          {
            request: { verb: 'create', resource: 'pods', namespace: flux },
            what: `create pods in ${flux}, where Flux runs`,
          },
        ]),
  ];
}
