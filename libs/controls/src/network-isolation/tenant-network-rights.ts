import {
  type Artifacts,
  type Collected,
  CLUSTER_SUBJECT,
  type Observation,
  fail,
  notEvaluatedBecause,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import type { ResourceRequest } from '#libs/rbac';
import { accessOf } from '../access/access.js';
import { policyBypasses, policyWrites } from '../access/questions/flux-network.js';
import { unbindFix } from '../access/right-evidence.js';
import { tenantIdentities } from '../access/tenant-identities.js';
import { describeTenantRights, tenantRightEvidence, tenantRights } from '../access/tenant-rights.js';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import { unlessShared } from '../tenants/unless-shared.js';

interface RightsQuestion {
  readonly field: string;
  readonly reason: string;
  readonly why: string;
  requests(namespace: string): readonly ResourceRequest[];
}

const QUESTIONS: readonly RightsQuestion[] = [
  {
    field: 'networkpolicies',
    reason: 'TENANT_CAN_CHANGE_POLICIES',
    why: 'Whoever can change the network policies of Flux decides who reaches its ports.',
    requests: policyWrites,
  },
  {
    field: 'proxy',
    reason: 'TENANT_CAN_BYPASS_POLICIES',
    why: 'Such connections come from the API server or the node, which network policies do not concern.',
    requests: policyBypasses,
  },
];

/** Whether tenants can change the network policies where Flux runs, or go round them. */
export function tenantNetworkRights(
  model: TenantModel,
  rbac: Collected<Artifacts['rbac']>,
  reviews: Collected<Artifacts['accessReviews']>,
): readonly Observation[] {
  const answer = unlessShared(model);
  if (answer)
    return answer.outcome === 'notApplicable' ? [] : [{ ...answer, subject: { ...CLUSTER_SUBJECT, field: 'tenants' } }];
  if (rbac.state === 'unavailable') return [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: 'tenants' }, rbac)];
  const access = accessOf(rbac.value, reviews);
  const found = model.tenants.flatMap((tenant) => {
    const identities = tenantIdentities(tenant, access.index);
    return QUESTIONS.flatMap((question) => {
      const foreign = model.fluxNamespaces.filter((namespace) => !tenant.namespaces.includes(namespace));
      const rights = tenantRights(
        identities,
        access,
        foreign.flatMap((namespace) => question.requests(namespace)),
      );
      if (rights.length === 0) return [];
      const held = rights.flatMap(({ right }) => (right ? [right] : []));
      return [
        fail(
          { kind: 'Tenant', name: tenant.name, field: question.field },
          question.reason,
          `Tenant ${excerpt(tenant.name)} has rights on the network where Flux runs: ${excerpt(describeTenantRights(rights), 400)}. ${question.why} Grant tenants nothing in the namespaces of Flux.`,
          {
            evidence: tenantRightEvidence(rights, tenant, model, 'no right for tenants in the namespaces of Flux'),
            confidence: rights.every(({ confidence }) => confidence === 'proven') ? model.confidence : 'derived',
            fixes: unbindFix(held),
          },
        ),
      ];
    });
  });
  return [...found, ...undeclared(model.tenants)];
}

/** Users and groups of tenants are known from the registry alone. */
function undeclared(tenants: readonly Tenant[]): readonly Observation[] {
  if (tenants.some(({ principalsDeclared }) => principalsDeclared)) return [];
  const message =
    'The registry declares no users, groups or service accounts of the tenants, so only the service accounts of their namespaces were looked at. ' +
    'Whether their people can change the network policies of Flux is not known. Declare the principals of the tenants.';
  return [
    warn({ ...CLUSTER_SUBJECT, field: 'principals' }, 'PRINCIPALS_UNDECLARED', message, {
      severity: 'low',
      confidence: 'heuristic',
    }),
  ];
}
