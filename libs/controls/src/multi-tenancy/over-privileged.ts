import {
  type Confidence,
  type Evidence,
  type Fix,
  type HelmRelease,
  type Kustomization,
  type Observation,
  fail,
  leastSure,
  subjectOf,
} from '#libs/core';
import { canWrite } from '../access/held-rights.js';
import { describeRights, rightEvidence, unbindFix } from '../access/right-evidence.js';
import type { Tenant } from '../tenants/tenant-model.js';
import { type IdentityContext, describeActor, describeObject } from './identity-context.js';
import { type Actor, sourceEvidence } from './identity-evidence.js';
import { dedicatedAccountFixes } from './identity-fixes.js';
import type { JudgedRights } from './judge-rights.js';

type NonEmpty = readonly [Evidence, ...Evidence[]];

const MAX_RIGHTS = 3;
const WORTH = 'Whatever is in its source is applied with these rights.';

/**
 * The failure of an object of a tenant that acts as a Flux controller, or as somebody with rights beyond the tenant;
 * undefined where it does not.
 */
export function overPrivileged(
  object: Kustomization | HelmRelease,
  tenant: Tenant,
  identity: Actor,
  judged: JudgedRights,
  context: IdentityContext,
  ownedWith: Confidence,
): Observation | undefined {
  const { masters, beyond, byOthers, confirmed } = judged;
  const isController = identity.kind === 'account' && context.isController(identity.account);
  if (!masters && !isController && beyond.length === 0 && byOthers.length === 0) return undefined;
  const subject = subjectOf(object);
  const atHome = context.model.tenantOf(object.metadata.namespace) !== undefined;
  const actsAs = `${describeObject(object)} of ${tenant.name} acts as ${describeActor(identity)}${because(identity)}`;
  const rights = beyond.toSorted((a, b) => Number(b.classes.has('everything')) - Number(a.classes.has('everything')));
  const chain = rights
    .slice(0, MAX_RIGHTS)
    .flatMap((right) => rightEvidence(right, `no rights outside of the namespaces of ${tenant.name}`));
  const where = sourceEvidence(identity.sources, `an account of ${tenant.name} with rights in its own namespaces`);
  const evidence = [...where, ...chain] as unknown as NonEmpty;
  const confidence = leastSure(ownedWith, confirmed.length > 0 ? 'proven' : 'derived');
  const proof = confirmed.length > 0 ? ` The API server confirms that it may ${confirmed[0]?.what}.` : '';
  const everywhere = rights.filter((right) => right.grant.namespace === null && canWrite(right));
  if (!atHome && everywhere.length > 0) {
    const message =
      `${actsAs}, and its source is the tenant's. That account may change the whole cluster: ${describeRights(everywhere)}.${proof} ${WORTH} ` +
      `Move the ${object.kind} into a namespace of ${tenant.name}, or give it an account with rights in the namespaces of ${tenant.name} alone.`;
    return fail(subject, 'TENANT_SOURCE_AS_ADMIN', message, {
      evidence,
      confidence,
      fixes: dedicatedAccountFixes(object, tenant),
    });
  }
  if (isController) {
    const message =
      `${actsAs}, which is the account of a Flux controller. ${WORTH} ` +
      `Set --default-service-account on the controllers, and name an account of ${tenant.name} in the ${object.kind}.`;
    return fail(subject, 'RUNS_AS_CONTROLLER', message, {
      evidence,
      confidence: ownedWith,
      fixes: dedicatedAccountFixes(object, tenant),
    });
  }
  if (masters || beyond.length > 0) {
    const what = masters
      ? 'It is in the group system:masters, which may do everything'
      : `It has rights outside of the namespaces of ${tenant.name}: ${describeRights(rights)}`;
    const message =
      `${actsAs}. ${what}.${proof} ${WORTH} ` +
      `Give it a RoleBinding in each namespace of ${tenant.name}, and take it out of the bindings that reach further.`;
    const fixes: readonly Fix[] = [...unbindFix(rights), ...dedicatedAccountFixes(object, tenant)];
    return fail(subject, 'SA_OVERPRIVILEGED', message, { evidence, confidence, fixes });
  }
  if (byOthers.length > 0) {
    const allowed = byOthers.map(({ what }) => what).join('; ');
    const message =
      `${actsAs}. By the answers of the API server it may ${allowed}, although no role grants it: another authorizer does. ${WORTH} ` +
      `Take these rights away where that authorizer is configured, such as the access policies of the cloud.`;
    return fail(subject, 'NON_RBAC_AUTHORIZER', message, {
      evidence: where as unknown as NonEmpty,
      confidence: leastSure(ownedWith, 'proven'),
      fixes: dedicatedAccountFixes(object, tenant),
    });
  }
  return undefined;
}

function because(identity: Actor): string {
  if (identity.kind === 'credential') return ', by the credential of a kubeconfig that leads back to this cluster';
  if (identity.pending) return ', once the pods of its controller follow their template';
  if (identity.origin === 'controller') return ', since it names none and its controller has no default';
  return identity.origin === 'default' ? ', the default of its controller' : '';
}
