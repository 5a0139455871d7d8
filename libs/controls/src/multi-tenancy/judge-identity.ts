import {
  type HelmRelease,
  type Kustomization,
  type Observation,
  type SourceKind,
  notApplicable,
  notEvaluated,
  notEvaluatedBecause,
  pass,
  subjectOf,
} from '#libs/core';
import { type EffectiveIdentity, type UnknownIdentity, effectiveIdentities } from '#libs/flux';
import { type Owner, ownerOf, sourceReferenceOf } from '../tenants/ownership.js';
import { type IdentityContext, describeActor, describeObject, identityOf } from './identity-context.js';
import { missingAccount, namespaceAdmin, refusedElsewhere, willImpersonate } from './identity-warnings.js';
import { overPrivileged } from './over-privileged.js';

type FluxObject = Kustomization | HelmRelease;
type TenantOwner = Extract<Owner, { kind: 'tenant' }>;

/** All that there is to say about the identity of one object; at least one observation. */
export function judgeIdentity(object: FluxObject, context: IdentityContext): readonly Observation[] {
  const owner = ownerOf(object, context.model, { state: 'collected', value: context.sources }, context.access);
  const subject = subjectOf(object);
  const unread = unreadSource(object, owner, context);
  if (unread) return [unread];
  if (owner.kind === 'platformManaged') {
    return [
      pass(
        subject,
        'PLATFORM_MANAGED',
        `${describeObject(object)} is the platform's: its source is, and nobody of ${owner.tenant.name} can write Flux objects in its namespace. So its rights are not a tenant's.`,
        { confidence: 'derived' },
      ),
    ];
  }
  const identities = effectiveIdentities(object, context.lanes, context.targets);
  const found = distinct(
    identities.flatMap((identity) =>
      owner.kind === 'tenant' ? ofTenant(object, owner, identity, context) : ofPlatform(object, identity, context),
    ),
  );
  const problems = found.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'notApplicable');
  return problems.length > 0 ? problems : found.slice(0, 1);
}

/** By reason: a second identity with the same problem says nothing new of the object. */
function distinct(observations: readonly Observation[]): readonly Observation[] {
  return [...new Map(observations.toReversed().map((each) => [each.reason, each])).values()].toReversed();
}

/** Whose an object is may depend on a source that could not be read. */
function unreadSource(object: FluxObject, owner: Owner, { sources, model }: IdentityContext): Observation | undefined {
  if (owner.kind === 'tenant') return undefined;
  if (!model.tenants.some(({ registration }) => registration?.gitPaths?.length)) return undefined;
  const { kind = '' } = sourceReferenceOf(object) ?? {};
  const list = Object.hasOwn(sources, kind) ? sources[kind as SourceKind] : undefined;
  return list?.state === 'unavailable' ? notEvaluatedBecause(subjectOf(object), list) : undefined;
}

function ofPlatform(object: FluxObject, identity: EffectiveIdentity, context: IdentityContext): readonly Observation[] {
  const subject = subjectOf(object);
  const { namespace = '' } = object.metadata;
  // Its default account matters where the lock-down would take the rights of the platform away.
  if (identity.kind === 'unknown' && !object.spec.kubeConfig && context.model.isPlatform(namespace)) {
    return [notKnown(object, identity)];
  }
  const observations = [
    ...willImpersonate(object, identity, context),
    ...(identity.kind === 'account' && identity.origin === 'named' ? missingAccount(object, identity, context) : []),
  ];
  if (observations.length > 0) return observations;
  return [
    pass(
      subject,
      'PLATFORM_OBJECT',
      `${describeObject(object)} and its source are the platform's, which may have the rights of an administrator.`,
      { confidence: 'derived' },
    ),
  ];
}

function notKnown(object: FluxObject, { cause, code, message, missing }: UnknownIdentity): Observation {
  const said = `Whose rights ${describeObject(object)} uses is not known. ${message}`;
  return notEvaluated(subjectOf(object), cause, code, said, { missing });
}

function ofTenant(
  object: FluxObject,
  { tenant, confidence }: TenantOwner,
  identity: EffectiveIdentity,
  context: IdentityContext,
): readonly Observation[] {
  const subject = subjectOf(object);
  if (identity.kind === 'remote') {
    const message = `${describeObject(object)} is applied to another cluster. Its rights are judged there.`;
    return [notApplicable(subject, 'REMOTE_APPLY', message)];
  }
  if (identity.kind === 'unknown') return [notKnown(object, identity)];
  const judged = context.judge(identityOf(identity), tenant);
  const grave = overPrivileged(object, tenant, identity, judged, context, confidence);
  if (grave) return [grave];
  const observations = [
    ...willImpersonate(object, identity, context),
    ...namespaceAdmin(object, identity, judged, confidence),
    ...refusedElsewhere(object, identity, judged),
    ...(identity.kind === 'account' ? missingAccount(object, identity, context) : []),
  ];
  if (observations.length > 0) return observations;
  return [
    pass(
      subject,
      'LEAST_PRIVILEGE',
      `${describeObject(object)} acts as ${describeActor(identity)}, which changes nothing and reads no Secrets outside of the namespaces of ${tenant.name}.`,
      { confidence },
    ),
  ];
}
