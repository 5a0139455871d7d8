import type { ControlCase } from './expect-control.js';
import { fluxObject, namespace } from './flux-installation.js';

/** What a control about tenants says where the registry or the cluster tells of none, or nobody can tell. */
export function tenantBoundaryCases(installation: {
  /** All is as it should be. */
  readonly closed: readonly object[];
  /** Something is not. */
  readonly open: readonly object[];
}): ControlCase[] {
  const { closed, open } = installation;
  const sourceRef = { kind: 'GitRepository', name: 'flux-system', namespace: 'flux-system' };
  const platformLabelled = [
    namespace('flux-system'),
    namespace('monitoring', { 'toolkit.fluxcd.io/tenant': 'platform' }),
    fluxObject('Kustomization', 'flux-system/flux-system', { sourceRef }),
    fluxObject('Kustomization', 'monitoring/stack', { sourceRef }),
  ];
  return [
    {
      state: 'the registry says standalone',
      input: open,
      options: { registration: { role: 'standalone' } },
      outcome: 'notApplicable',
      reason: 'NO_TENANT_BOUNDARY',
    },
    {
      state: 'the registry says dedicated, with one tenant',
      input: open,
      options: { registration: { role: 'tenant', tenancy: 'dedicated', tenants: [{ name: 'team-a' }] } },
      outcome: 'notApplicable',
      reason: 'NO_TENANT_BOUNDARY',
    },
    {
      state: 'nothing stated, no tenant seen',
      input: open,
      outcome: 'warn',
      reason: 'NO_TENANT_BOUNDARY',
      verdicts: ['warn NO_TENANT_BOUNDARY Cluster/cluster'],
    },
    { state: 'nothing stated, no tenant seen, and all is set', input: closed, outcome: 'pass', reason: 'FLAG_SET' },
    {
      state: 'nothing stated, one namespace of a tenant, with objects of the root repository as its controller',
      input: [...open, ...platformLabelled],
      outcome: 'notEvaluated',
      reason: 'TENANTS_AMBIGUOUS',
      message: /monitoring/,
    },
    {
      state: 'the same, and the registry calls the namespace the platform',
      input: [...open, ...platformLabelled],
      options: { registration: { platformNamespaces: ['monitoring'] } },
      outcome: 'warn',
      reason: 'NO_TENANT_BOUNDARY',
    },
    {
      state: 'shared, but no tenant is declared or seen',
      input: closed,
      options: { registration: { role: 'tenant', tenancy: 'shared' } },
      outcome: 'notEvaluated',
      reason: 'TENANTS_UNDEFINED',
    },
    ...(['namespaces', 'kustomizations', 'helmReleases'] as const).map((name): ControlCase => ({
      state: `nothing stated, and ${name} may not be listed`,
      input: closed,
      options: { unavailable: { [name]: 'forbidden' } },
      outcome: 'notEvaluated',
      reason: 'RBAC_DENIED_READ',
    })),
    {
      state: 'a management cluster without tenants',
      input: open,
      options: { registration: { role: 'management', tenancy: 'dedicated' } },
      outcome: 'notApplicable',
      reason: 'NO_TENANT_BOUNDARY',
    },
  ];
}
