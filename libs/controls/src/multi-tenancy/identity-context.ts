import type { Artifacts, Collected, HelmRelease, Kustomization, ServiceAccount } from '#libs/core';
import {
  type AccountReference,
  type CredentialIdentity,
  type AccountIdentity,
  type ControllerInstance,
  type LaneReading,
  type TargetFacts,
  accountOfRun,
  excerpt,
  lanesOf,
} from '#libs/flux';
import { type Identity, accountIdentity, accountOf, userIdentity } from '#libs/rbac';
import type { Access } from '../access/access.js';
import type { TenantModel } from '../tenants/tenant-model.js';
import { type RightsJudge, rightsJudge } from './judge-rights.js';

/** What the verdict on one object depends on besides the object. */
export interface IdentityContext {
  readonly model: TenantModel;
  readonly access: Access;
  readonly sources: Artifacts['sources'];
  readonly lanes: LaneReading;
  readonly targets: TargetFacts;
  readonly serviceAccounts: Collected<readonly ServiceAccount[]>;
  readonly judge: RightsJudge;
  /** An account that a Flux controller runs as. */
  isController(account: AccountReference): boolean;
  /** Undefined where accounts could not be read. */
  exists(account: AccountReference): boolean | undefined;
}

export function identityContext(
  facts: Pick<IdentityContext, 'model' | 'access' | 'sources' | 'targets' | 'serviceAccounts'> & {
    readonly instances: readonly ControllerInstance[];
    /** Milliseconds since the epoch. */
    readonly now: number;
  },
): IdentityContext {
  const { instances, now, serviceAccounts, ...rest } = facts;
  const runs = instances.flatMap(({ pods, template }) => [...pods, ...(template ? [template] : [])]);
  const controllers = new Set(runs.map((run) => keyOf(accountOfRun(run))));
  const existing =
    serviceAccounts.state === 'collected'
      ? new Set(serviceAccounts.value.map(({ metadata: { namespace = '', name } }) => keyOf({ namespace, name })))
      : undefined;
  return {
    ...rest,
    serviceAccounts,
    lanes: lanesOf(instances, now),
    judge: rightsJudge(facts.access, facts.model),
    isController: (account) => controllers.has(keyOf(account)),
    exists: (account) => existing?.has(keyOf(account)),
  };
}

const keyOf = ({ namespace, name }: AccountReference): string => `${namespace}/${name}`;

/** As the API server sees it. */
export function identityOf(found: AccountIdentity | CredentialIdentity): Identity {
  if (found.kind === 'account') return accountIdentity(found.account);
  const account = accountOf(found.user);
  return account ? accountIdentity(account) : userIdentity(found.user, found.groups);
}

/** `service account team-a/deployer`, for people. */
export function describeActor(found: AccountIdentity | CredentialIdentity): string {
  const account = found.kind === 'account' ? found.account : accountOf(found.user);
  if (account) return `service account ${account.namespace}/${account.name}`;
  return excerpt(`user ${found.kind === 'credential' ? found.user : ''}`);
}

/** `Kustomization team-a/app`, for people. */
export function describeObject({ kind, metadata: { namespace, name } }: Kustomization | HelmRelease): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
