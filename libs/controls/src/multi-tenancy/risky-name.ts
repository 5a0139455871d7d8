import { type Artifacts, type Collected, CLUSTER_SUBJECT, type Observation, notEvaluatedBecause } from '#libs/core';
import { PLATFORM_ACCOUNTS, excerpt } from '#libs/flux';
import { accountIdentity, describeGrant } from '#libs/rbac';
import { type Access, accessOf } from '../access/access.js';
import { canWrite, rightsHeldBy } from '../access/held-rights.js';
import { tenantIdentities } from '../access/tenant-identities.js';
import type { Violation } from '../controller-flags/flag-rule.js';
import type { TenantModel } from '../tenants/tenant-model.js';

interface RbacArtifacts {
  readonly rbac: Collected<Artifacts['rbac']>;
  readonly accessReviews: Collected<Artifacts['accessReviews']>;
}

const FLUX_OBJECTS = [
  { group: 'kustomize.toolkit.fluxcd.io', resource: 'kustomizations' },
  { group: 'helm.toolkit.fluxcd.io', resource: 'helmreleases' },
];
const ADVICE =
  'The default is meant to have no rights anywhere. Use a name that no account of the platform has, such as default.';

/**
 * Whether a default account is one that the platform uses too: its name is taken in the namespace of each object, so in
 * those of Flux and the platform it stands for their account. By the rights of the accounts of that name, and by the
 * name alone where RBAC cannot be read.
 */
export function riskOfName(
  model: TenantModel,
  { rbac, accessReviews }: RbacArtifacts,
): (name: string) => Violation | undefined {
  const access = rbac.state === 'collected' ? accessOf(rbac.value, accessReviews) : undefined;
  const { fluxNamespaces, registration } = model;
  const platform = [...new Set([...fluxNamespaces, ...(registration.platformNamespaces ?? []), 'kube-system'])];
  return (name) => {
    const powerful = access ? platform.flatMap((namespace) => powerOf(access, namespace, name) ?? []) : [];
    const reachable = access && powerful.find(({ namespace }) => writerIn(namespace, model, access) !== undefined);
    if (access && reachable) {
      return {
        outcome: 'fail',
        severity: 'critical',
        reason: 'RISKY_NAME',
        what: `${runsWith(name)}, and ${reachable.text}; ${writerIn(reachable.namespace, model, access) ?? 'a tenant'} may create Flux objects in that namespace, which then act as this account`,
        advice: ADVICE,
      };
    }
    const [first] = powerful;
    if (first) {
      return {
        outcome: 'warn',
        severity: 'high',
        reason: 'RISKY_NAME',
        what: `${runsWith(name)}, and ${first.text}`,
        advice: ADVICE,
      };
    }
    if (!PLATFORM_ACCOUNTS.has(name)) return undefined;
    return {
      outcome: 'warn',
      severity: 'high',
      reason: 'RISKY_NAME',
      what: `${runsWith(name)}, the name of an account of the platform; in the namespaces of the platform it stands for that account`,
      advice: access ? ADVICE : `${ADVICE} RBAC could not be read, so this is judged by the name alone.`,
    };
  };
}

const runsWith = (name: string): string => `runs with --default-service-account=${excerpt(name)}`;

/** A right of an account of that name to change things everywhere, that is its own. */
function powerOf(access: Access, namespace: string, name: string): { namespace: string; text: string } | undefined {
  const right = rightsHeldBy(access.index, accountIdentity({ namespace, name })).find(
    (each) => each.grant.namespace === null && each.reach !== 'everyone' && canWrite(each),
  );
  return (
    right && {
      namespace,
      text: `the account ${namespace}/${excerpt(name, 80)} may change things in the whole cluster (${describeGrant(right.grant)})`,
    }
  );
}

/** Somebody of a tenant who may create Flux objects in a namespace of the platform. */
function writerIn(namespace: string, { tenants }: TenantModel, access: Access): string | undefined {
  for (const tenant of tenants) {
    const found = tenantIdentities(tenant, access.index).find(({ identity }) =>
      FLUX_OBJECTS.some(
        ({ group, resource }) => access.ask(identity, { verb: 'create', group, resource, namespace }).allowed,
      ),
    );
    if (found) return `${found.title} of ${excerpt(tenant.name, 80)}`;
  }
  return undefined;
}

/** Without RBAC a name that looks harmless may stand for anybody, which no pass may hide. */
export function nameNotJudged(
  model: TenantModel,
  { rbac }: RbacArtifacts,
  judged: readonly Observation[],
): readonly Observation[] {
  if (rbac.state === 'collected' || model.tenancy.severalTenants !== 'yes') return [];
  if (!judged.some(({ reason }) => reason === 'FLAG_SET')) return [];
  const answer = notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: 'default-service-account' }, rbac);
  return [
    {
      ...answer,
      message: `${answer.message} So the default accounts were judged by their names alone: whether an account of such a name in a namespace of Flux or the platform may change things in the whole cluster is not known. Let the auditor list roles and their bindings.`,
    },
  ];
}
