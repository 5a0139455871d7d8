import {
  CLUSTER_SUBJECT,
  type Collected,
  type Observation,
  type ServiceAccount,
  objectReference,
  warn,
} from '#libs/core';
import { excerpt, readFlag, workloadIdentityFlags } from '#libs/flux';
import type { Inspection } from '../controller-flags/inspect-controllers.js';
import { cloudRoleOf } from './cloud-identity.js';

const MAX_EVIDENCE = 10;
const SHOWN = 5;

/** Default accounts of two tenants that stand for the same role in a cloud. */
export function sharedCloudRoles(
  inspection: Inspection,
  serviceAccounts: Collected<readonly ServiceAccount[]>,
): readonly Observation[] {
  if (serviceAccounts.state === 'unavailable') return [];
  const names = defaultNames(inspection);
  const tenantOf = new Map(
    inspection.tenancy.tenants.flatMap(({ name, namespaces }) => namespaces.map((namespace) => [namespace, name])),
  );
  const roles = new Map<string, { tenant: string; account: ServiceAccount }[]>();
  for (const account of serviceAccounts.value) {
    const tenant = tenantOf.get(account.metadata.namespace ?? '');
    const role = cloudRoleOf(account);
    if (tenant === undefined || role === undefined || !names.has(account.metadata.name)) continue;
    const holders = roles.get(role);
    if (holders) holders.push({ tenant, account });
    else roles.set(role, [{ tenant, account }]);
  }
  return [...roles].flatMap(([role, holders]) => {
    const tenants = [...new Set(holders.map(({ tenant }) => tenant))].sort();
    if (tenants.length < 2) return [];
    return [
      warn(
        { ...CLUSTER_SUBJECT, field: role },
        'SHARED_CLOUD_ROLE',
        `The default accounts of ${tenants.slice(0, SHOWN).join(', ')}${tenants.length > SHOWN ? ` and ${tenants.length - SHOWN} more` : ''} stand for one role in the cloud: ${excerpt(role)}. ` +
          'What one tenant may do there, the others may do too. Give each tenant a role of its own.',
        {
          severity: 'high',
          evidence: holders.slice(0, MAX_EVIDENCE).map(({ account }) => ({
            object: objectReference(account),
            pointer: '/metadata/annotations',
            observed: role,
            expected: 'a role of this tenant alone',
          })),
        },
      ),
    ];
  });
}

/** Names of the accounts that the controllers use by default, for whatever purpose. */
function defaultNames(inspection: Inspection): ReadonlySet<string> {
  const names = inspection.instances.flatMap(({ component, pods, template }) =>
    [...pods, ...(template ? [template] : [])].flatMap((run) =>
      workloadIdentityFlags(component).flatMap((flag) => {
        const reading = readFlag(run.arguments, flag, run.env);
        return reading.state === 'value' && typeof reading.value === 'string' ? [reading.value] : [];
      }),
    ),
  );
  return new Set(names.filter((name) => name !== ''));
}
