import { type Evidence, type Observation, type Registration, fail, leastSure, nameList } from '#libs/core';
import { excerpt } from '#libs/flux';
import { type Tenant, describePrincipal } from '../tenants/tenant-model.js';
import type { Stand } from './attempt-standing.js';

import { describePath, evidencePlace, grantEvidence, principalEvidence } from './escalation-text.js';
import { bindingsOf } from './guards.js';
import type { TargetArtifacts } from './known-objects.js';
import type { RevocationPair } from './revocation-pairs.js';

const KINDS: ReadonlySet<string> = new Set(['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding']);

/**
 * Policies that refused a tenant something, and that the same tenant may change or delete: no admission sees that, so it
 * is told from rights alone.
 * https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function judgeUnseenGuards(
  tenant: Tenant,
  stands: readonly Stand[],
  unseen: readonly RevocationPair[],
  sources: Pick<TargetArtifacts, 'admissionPolicies' | 'webhookConfigurations' | 'registration'>,
): readonly Observation[] {
  const policies = new Set(
    stands.flatMap(({ by }) => (by?.mechanism === 'validatingAdmissionPolicy' ? [by.name] : [])),
  );
  return [...policies].flatMap((policy): readonly Observation[] => {
    const names = new Set([policy, ...bindingsOf(policy, sources).map(({ metadata }) => metadata.name)]);
    const pairs = unseen.filter(
      ({ tenant: who, object, requests }) =>
        who === tenant &&
        KINDS.has(object.kind) &&
        (object.name === undefined || names.has(object.name)) &&
        requests.some(({ verb }) => verb !== 'create'),
    );
    const [first, ...others] = evidenceOf(pairs, sources.registration);
    if (first === undefined) return [];
    const elsewhere = pairs.some(({ revocations }) => revocations.some(({ answer }) => answer.nonRbac));
    const way = pairs[0] && pairs[0].path.length > 0 ? ` ${describePath(pairs[0].path)}` : '';
    const who = nameList(
      new Set(
        pairs.map(({ holder, principals }) => excerpt(describePrincipal(holder ?? principals[0] ?? NOBODY), 100)),
      ),
    );
    return [
      fail(
        { kind: 'Tenant', name: tenant.name, field: `policy ${policy}` },
        'GUARD_REMOVABLE',
        `The ValidatingAdmissionPolicy ${excerpt(policy, 120)} keeps tenant ${tenant.name} from taking the platform’s access away, and ${who} may change or delete it or its binding.${way} ` +
          'No admission policy sees changes of admission policies, so only rights can protect it. Take this right away from the tenant.' +
          (elsewhere ? ` ${ELSEWHERE}` : ''),
        {
          confidence: leastSure('derived', tenant.declared ? 'proven' : 'heuristic'),
          evidence: [first, ...others.slice(0, 9)],
        },
      ),
    ];
  });
}

const ELSEWHERE =
  'The API server allows it although no RBAC object does: another authorizer, such as access entries or roles of the cloud, decides too, and there it must be taken away.';

/** The rules that grant it; where no object of the cluster does, who has it. */
function evidenceOf(pairs: readonly RevocationPair[], registration: Registration): readonly Evidence[] {
  const found = pairs.flatMap(({ tenant, holder, principals, revocations }) =>
    revocations.flatMap(({ answer }): readonly Evidence[] => {
      if (answer.grant) return grantEvidence(answer.grant, 'no right of a tenant to policies and their bindings');
      const place = principalEvidence(registration, tenant.name, principals[0] ?? holder ?? NOBODY);
      return [answer.nonRbac ? { ...place, note: excerpt(answer.reason ?? 'allowed by the API server') } : place];
    }),
  );
  return [...new Map(found.map((each) => [evidencePlace(each), each])).values()];
}

const NOBODY = { user: '', groups: [] };
