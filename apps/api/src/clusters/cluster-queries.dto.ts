import { z } from 'zod';
import { CONDITION_TYPES, type ClusterFilter, type ConditionStatus, type ConditionType } from '#libs/persistence';
import { listQuery } from '../http/page.js';
import { anyOf, Flag, flag, text } from '../http/schema.js';
import { LabelSelectorText, selectorOf } from '../shared/label-selector.schema.js';
import { CLUSTER_ROLES } from './clusters.dto.js';

const CONDITION = new RegExp(`^(?:${CONDITION_TYPES.join('|')}):(?:True|False|Unknown)$`);

export const ClusterQuery = listQuery(
  ['name', 'createdAt', 'lastAuditedAt', 'coverage', 'openCritical', 'kubernetesVersion'],
  'name',
  {
    q: text(100).optional().describe('Part of the name.'),
    labelSelector: LabelSelectorText.optional(),
    tenant: anyOf(text(63)).describe('Name or id of a tenant.'),
    role: anyOf(z.enum(CLUSTER_ROLES)),
    tenancy: anyOf(z.enum(['dedicated', 'shared'])),
    condition: anyOf(z.string().regex(CONDITION, 'Write it as Reachable:False.')).describe(
      'A condition and its status, such as `Reachable:False`; all that are given must hold.',
    ),
    compliant: Flag.describe('Nothing failed and everything that applies was judged.'),
    unreachable: Flag.describe('The last attempt did not reach it.'),
  },
);
export type ClusterQuery = z.infer<typeof ClusterQuery>;

const switches = {
  verify: flag(true).describe('`false`: do not contact the cluster now.'),
  requireVerified: flag(false).describe('Store nothing unless the cluster could be verified.'),
  dryRun: flag(false).describe('Check everything, store nothing.'),
};
export const RegisterQuery = z.strictObject(switches);
export type RegisterQuery = z.infer<typeof RegisterQuery>;

export const DeleteQuery = z.strictObject({
  purge: flag(false).describe('Delete its history, too.'),
  dryRun: switches.dryRun,
});
export type DeleteQuery = z.infer<typeof DeleteQuery>;

export function filterOf(query: ClusterQuery): ClusterFilter {
  const { q, tenant, role, tenancy, compliant, unreachable } = query;
  const conditions = query.condition?.map((text) => {
    const [type, status] = text.split(':') as [ConditionType, ConditionStatus];
    return { type, status };
  });
  const labelSelector = selectorOf(query.labelSelector);
  return { q, tenant, role, tenancy, compliant, unreachable, conditions, labelSelector };
}
