import {
  type Confidence,
  type HelmRelease,
  type Kustomization,
  type Observation,
  notEvaluatedBecause,
  subjectOf,
  warn,
} from '#libs/core';
import { type AccountIdentity, type EffectiveIdentity, excerpt } from '#libs/flux';
import { describeRights, rightEvidence } from '../access/right-evidence.js';
import { type IdentityContext, describeActor, describeObject } from './identity-context.js';
import { type Actor, sourceEvidence } from './identity-evidence.js';
import { nameAccountFix, narrowerRoleFix } from './identity-fixes.js';
import type { JudgedRights } from './judge-rights.js';

type FluxObject = Kustomization | HelmRelease;

const MAX_RIGHTS = 3;

/** Every right inside of the own namespace, as the example of upstream has it. */
export function namespaceAdmin(
  object: FluxObject,
  identity: Actor,
  { everythingInside }: JudgedRights,
  confidence: Confidence,
): readonly Observation[] {
  const [first] = everythingInside;
  if (!first) return [];
  const message =
    `${describeObject(object)} acts as ${describeActor(identity)}, which may do everything in ${namespacesOf(everythingInside)}: ${describeRights(everythingInside)}. ` +
    'That includes quotas, network policies and tokens of all accounts there, which are often meant to bind the tenant. ' +
    'Bind the role admin instead, and a Role for what else it applies.';
  const { namespace, name } = first.grant.binding.metadata;
  const fixes =
    namespace === undefined || identity.kind !== 'account' || first.reach !== 'own'
      ? []
      : [narrowerRoleFix({ namespace, name }, identity.account.name)];
  const evidence = everythingInside.slice(0, MAX_RIGHTS).flatMap((right) => rightEvidence(right, 'the role admin'));
  return [warn(subjectOf(object), 'NAMESPACE_ADMIN', message, { severity: 'medium', confidence, evidence, fixes })];
}

function namespacesOf(rights: readonly { readonly grant: { readonly namespace: string | null } }[]): string {
  return excerpt([...new Set(rights.map(({ grant }) => grant.namespace ?? ''))].join(', '));
}

/** RBAC grants what another authorizer refuses. */
export function refusedElsewhere(
  object: FluxObject,
  identity: Actor,
  { refused }: JudgedRights,
): readonly Observation[] {
  if (refused.length === 0) return [];
  const message =
    `${describeObject(object)} acts as ${describeActor(identity)}. By RBAC it may ${refused.map(({ what }) => what).join('; ')}, and yet the API server says no: another authorizer refuses it. ` +
    'The rights of the account then hang on that authorizer. Take them out of its roles, too.';
  return [
    warn(subjectOf(object), 'NON_RBAC_AUTHORIZER', message, {
      severity: 'medium',
      evidence: sourceEvidence(identity.sources, 'an account without these rights'),
    }),
  ];
}

/** With the lock-down on, an object of the platform without an account loses its rights. */
export function willImpersonate(
  object: FluxObject,
  identity: EffectiveIdentity,
  { model }: IdentityContext,
): readonly Observation[] {
  const { namespace } = object.metadata;
  if (identity.kind !== 'account' || identity.origin !== 'default') return [];
  if (model.tenantOf(namespace) || namespace === undefined || !model.isPlatform(namespace)) return [];
  const message =
    `${describeObject(object)} names no service account, so it acts as ${describeActor(identity)}, the default of its controller. ` +
    'In a namespace of the platform that account usually has no rights, and what has none is not applied any more. ' +
    `Set spec.serviceAccountName to the account of the platform, such as kustomize-controller.`;
  return [
    warn(subjectOf(object), 'WILL_IMPERSONATE', message, {
      severity: 'medium',
      evidence: sourceEvidence(identity.sources, 'spec.serviceAccountName set'),
      fixes: [nameAccountFix(object, object.kind === 'HelmRelease' ? 'helm-controller' : 'kustomize-controller')],
    }),
  ];
}

/** An account that does not exist, or of which that is not known. */
export function missingAccount(
  object: FluxObject,
  identity: AccountIdentity,
  context: IdentityContext,
): readonly Observation[] {
  if (identity.origin === 'controller') return [];
  const exists = context.exists(identity.account);
  if (exists === true) return [];
  const subject = subjectOf(object);
  if (exists === undefined) {
    const { serviceAccounts } = context;
    return serviceAccounts.state === 'unavailable' ? [notEvaluatedBecause(subject, serviceAccounts)] : [];
  }
  const { namespace, name } = identity.account;
  const message =
    `${describeObject(object)} acts as ${describeActor(identity)}, which does not exist. Bindings to its name count all the same; ` +
    'but when the object is deleted, what it applied stays behind, because Flux looks for the account then. Create the account.';
  return [
    warn(subject, 'SA_MISSING', message, {
      severity: 'medium',
      evidence: sourceEvidence(identity.sources, 'the name of an account that exists'),
      fixes: [
        {
          form: 'manifest',
          title: 'Create the account',
          content: `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${JSON.stringify(name)}\n  namespace: ${JSON.stringify(namespace)}\n`,
        },
      ],
    }),
  ];
}
