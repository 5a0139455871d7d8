import { type Artifacts, type Collected, type HelmRelease, type Kustomization, unavailable } from '#libs/core';
import { type TargetFacts, effectiveIdentities, lanesOf } from '#libs/flux';
import { type Identity, accountIdentity, groupByRules } from '#libs/rbac';
import { tenantModel, type Tenant } from '../../tenants/tenant-model.js';
import { unlessShared } from '../../tenants/unless-shared.js';
import { accessOf, questionOf } from '../access.js';
import type { PlannedFrom, QuestionPlanner } from '../plan-access-reviews.js';
import { tenantIdentities } from '../tenant-identities.js';
import { fluxNamespaceRequests } from './flux-namespace.js';
import { accountProbes } from './tenant-accounts.js';

/** Each topic leaves room for the others. */
const MAX_ACCOUNT_QUESTIONS = 60;
const MAX_PRINCIPAL_QUESTIONS = 60;

const NOT_READ: Collected<never> = unavailable('notCollected', 'It is not needed to plan.');
const NO_TARGETS: TargetFacts = { secretFacts: NOT_READ, kubeConfigMaps: NOT_READ, fleet: NOT_READ };

/**
 * Whether the accounts that objects of tenants act as may do what only a platform should: change bindings, everything,
 * read the Secrets of other tenants, create pods beside Flux. Accounts with the same rights are asked for once.
 */
export const tenantAccountQuestions: QuestionPlanner = (artifacts) => {
  const plan = planOf(artifacts);
  if (!plan) return [];
  const { model, rbac, objects } = plan;
  const instances = model.instances.state === 'collected' ? model.instances.value : [];
  // What a lane serves does not hang on the time; only whether a pod that should crash has come through does.
  const lanes = lanesOf(instances, 0);
  const owners = new Map<string, { readonly identity: Identity; readonly tenant: Tenant }>();
  for (const object of objects) {
    const tenant = model.tenantOf(object.metadata.namespace);
    if (!tenant || object.spec.kubeConfig) continue;
    for (const found of effectiveIdentities(object, lanes, NO_TARGETS)) {
      if (found.kind !== 'account') continue;
      const identity = accountIdentity(found.account);
      owners.set(identity.user, { identity, tenant });
    }
  }
  const groups = groupByRules(
    accessOf(rbac, NOT_READ).index,
    [...owners.values()].map(({ identity }) => identity),
  );
  return groups
    .flatMap(({ identities: [first] }) => {
      const owner = first && owners.get(first.user);
      if (!owner) return [];
      return accountProbes(model, owner.tenant).map(({ request }) => questionOf(owner.identity, request));
    })
    .slice(0, MAX_ACCOUNT_QUESTIONS);
};

/** Whether the principals that the registry declares for tenants have power over the namespaces where Flux runs. */
export const tenantPrincipalQuestions: QuestionPlanner = (artifacts) => {
  const plan = planOf(artifacts);
  if (!plan) return [];
  const { index } = accessOf(plan.rbac, NOT_READ);
  const requests = plan.model.fluxNamespaces.flatMap(fluxNamespaceRequests);
  const principals = plan.model.tenants.flatMap((tenant) =>
    tenantIdentities(tenant, index).flatMap(({ identity, declared }) => (declared ? [identity] : [])),
  );
  // One request for all before the next one, so that a limit leaves nobody out.
  return requests
    .flatMap((request) => principals.map((identity) => questionOf(identity, request)))
    .slice(0, MAX_PRINCIPAL_QUESTIONS);
};

interface Plan {
  readonly model: ReturnType<typeof tenantModel>;
  readonly rbac: Artifacts['rbac'];
  readonly objects: readonly (Kustomization | HelmRelease)[];
}

function planOf(artifacts: PlannedFrom): Plan | undefined {
  const { registration, rbac, kustomizations, helmReleases } = artifacts;
  if (registration.state === 'unavailable' || rbac.state === 'unavailable') return undefined;
  if (kustomizations.state === 'unavailable' || helmReleases.state === 'unavailable') return undefined;
  const { namespaces, deployments, pods, configMaps } = artifacts;
  const context = { namespaces, kustomizations, helmReleases, deployments, pods, configMaps };
  const model = tenantModel({ registration: registration.value, ...context });
  if (unlessShared(model)) return undefined;
  return { model, rbac: rbac.value, objects: [...kustomizations.value, ...helmReleases.value] };
}
