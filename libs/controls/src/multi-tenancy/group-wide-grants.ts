import { type Observation, fail, subjectOf, warn } from '#libs/core';
import { excerpt } from '#libs/flux';
import { AUTHENTICATED, type Identity, type RbacIndex, rulesFor } from '#libs/rbac';
import { baselineOf, isSelfProvisioner } from '../access/baseline.js';
import { ALL_ACCOUNTS, type HeldRight, canWrite, heldRight, isGrave, rightsHeldBy } from '../access/held-rights.js';
import { describeRights, rightEvidence, unbindFix } from '../access/right-evidence.js';

/** Any service account: somebody without a name of their own. */
const ANY_ACCOUNT: Identity = { user: '', groups: [ALL_ACCOUNTS, AUTHENTICATED] };

/** What all service accounts hold by a group, beyond what the distribution gives them: one group for each binding. */
export function groupWideRights(index: RbacIndex): readonly (readonly [HeldRight, ...HeldRight[]])[] {
  const byBinding = new Map<unknown, [HeldRight, ...HeldRight[]]>();
  for (const right of rightsHeldBy(index, ANY_ACCOUNT)) {
    const found = byBinding.get(right.grant.binding);
    if (found) found.push(right);
    else byBinding.set(right.grant.binding, [right]);
  }
  return [...byBinding.values()];
}

/** One verdict for each binding that gives rights to all service accounts. */
export function groupWideGrants(index: RbacIndex): readonly Observation[] {
  return [...groupWideRights(index).map(judged), ...selfProvisioners(index)];
}

function judged(rights: readonly [HeldRight, ...HeldRight[]]): Observation {
  const [{ grant }] = rights;
  const { kind, metadata } = grant.binding;
  const title = excerpt(`${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`);
  const message =
    `${title} gives rights to every service account of the cluster: ${describeRights(rights)}. ` +
    'So no account is without rights, the default accounts of tenants included. ' +
    'Bind the accounts that need these rights by their names, and take the group out of the binding.';
  const details = {
    confidence: 'derived' as const,
    evidence: rightEvidence(rights.find(isGrave) ?? rights[0], 'no group that all accounts are in'),
    fixes: unbindFix(rights),
  };
  const subject = subjectOf(grant.binding);
  if (!rights.some(isGrave)) return warn(subject, 'GROUP_WIDE_GRANT', message, { ...details, severity: 'medium' });
  const severity = rights.some(canWrite) ? 'critical' : 'high';
  return fail(subject, 'GROUP_WIDE_GRANT', message, { ...details, severity });
}

/** OpenShift lets everybody create projects, unless that was taken away. */
function selfProvisioners(index: RbacIndex): readonly Observation[] {
  const baseline = baselineOf(index);
  return rulesFor(index, ANY_ACCOUNT, null)
    .filter((grant) => isSelfProvisioner(grant) && baseline(grant))
    .slice(0, 1)
    .map((grant) => {
      const right = heldRight(grant, ANY_ACCOUNT);
      const message =
        `Every service account may create projects (${describeRights([right])}), and holds the rights of an administrator in those. ` +
        'This is a default of OpenShift; where tenants share the cluster, the platform usually makes the projects. ' +
        'Take the group out of the binding.';
      return warn(subjectOf(grant.binding), 'SELF_PROVISIONER', message, {
        severity: 'medium',
        evidence: rightEvidence(right, 'no group that all accounts are in'),
        fixes: unbindFix([right]),
      });
    });
}
