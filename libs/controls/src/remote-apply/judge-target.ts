import {
  type Collected,
  type Evidence,
  type FleetCluster,
  type Observation,
  fail,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { describeGrant } from '#libs/rbac';
import type { Access } from '../access/access.js';
import { kubeConfigWrites } from '../access/questions/kubeconfig-writers.js';
import { type Tenant, type TenantModel, describePrincipal } from '../tenants/tenant-model.js';
import { type KubeConfigUse, labelOfUse, objectOfUse } from './kubeconfig-uses.js';
import type { ClusterDirectory } from './match-cluster.js';
import { type RemoteApplyObject, labelOf } from './remote-apply-object.js';
import { type UseTarget, targetOfUse } from './target-of-use.js';
import { unreadableTenants } from '../tenants/unreadable-tenants.js';

/** What is the same for all objects of a cluster. */
export interface TargetSurroundings {
  readonly directory: ClusterDirectory;
  readonly model: TenantModel;
  /** Undefined where RBAC could not be read; `rbac` says why. */
  readonly access: Access | undefined;
  readonly rbac: Collected<unknown>;
}

/** What one kubeconfig leads to, and what is to be said of each object that uses it. */
export interface JudgedTarget {
  /** Undefined where it leads to none, or where that is not known. */
  readonly cluster: FleetCluster | undefined;
  /** It may lead to any cluster. */
  readonly unknown: boolean;
  readonly observations: readonly Observation[];
}

const LOST = 'The platform applies there with its own rights, and nobody watches over that cluster.';

export function judgeTarget(use: KubeConfigUse, surroundings: TargetSurroundings): JudgedTarget {
  const target = targetOfUse(use);
  const each = (judge: (object: RemoteApplyObject) => Observation): readonly Observation[] => use.objects.map(judge);
  const { directory } = surroundings;
  if (target.state === 'unreadable') {
    const observations = each((object) => notEvaluatedBecause(subjectOf(object), target.artifact));
    return { cluster: undefined, unknown: true, observations };
  }
  if (target.state === 'broken') {
    return { cluster: undefined, unknown: false, observations: each((object) => brokenTarget(object, use, target)) };
  }
  const match = directory.match(target.target);
  const { pointer, observed } = target;
  const place = (expected: string): Evidence => ({
    object: objectReference(objectOfUse(use)),
    pointer,
    observed,
    expected,
  });
  if (match.state === 'none') {
    const observations = each((object) =>
      fail(
        subjectOf(object),
        'UNREGISTERED_TARGET',
        `${labelOf(object)} is applied to ${observed}, by ${labelOfUse(use)}, and no cluster of the registry is reached so. ${LOST} ` +
          'Register the cluster with its address and CA, or correct the kubeconfig.',
        { evidence: [place('the address, CA or id of a cluster of the registry')] },
      ),
    );
    return { cluster: undefined, unknown: false, observations };
  }
  if (match.state === 'several') {
    const names = match.clusters.slice(0, 5).map(({ name }) => excerpt(name, 60));
    const observations = each((object) =>
      fail(
        subjectOf(object),
        'AMBIGUOUS_TARGET',
        `${labelOf(object)} is applied to ${observed}, by ${labelOfUse(use)}, and ${match.clusters.length} clusters of the registry are reached so: ${names.join(', ')}. ` +
          'Which of them is in the hands of this object cannot be told. Give each cluster of the registry its own address and CA.',
        { evidence: [place('what one cluster of the registry alone has')] },
      ),
    );
    return { cluster: undefined, unknown: true, observations };
  }
  const { cluster } = match;
  const observations = each((object) => judgeMapped(object, use, cluster, place, surroundings));
  return { cluster, unknown: false, observations };
}

function brokenTarget(
  object: RemoteApplyObject,
  use: KubeConfigUse,
  { code, what, todo, place }: Extract<UseTarget, { state: 'broken' }>,
): Observation {
  const isSecret = use.kind === 'Secret';
  const evidence: Evidence = place
    ? { object: objectReference(objectOfUse(use)), ...place }
    : {
        object: objectReference(object),
        pointer: `/spec/kubeConfig/${isSecret ? 'secretRef' : 'configMapRef'}/name`,
        observed: excerpt(use.name, 100),
        expected: `a ${use.kind} of the namespace`,
      };
  return fail(
    subjectOf(object),
    code,
    `${labelOf(object)} leads to no cluster: ${what}. Nothing is applied, and what it manages on its target cluster is left alone. ${todo}`,
    { evidence: [evidence] },
  );
}

function judgeMapped(
  object: RemoteApplyObject,
  use: KubeConfigUse,
  cluster: FleetCluster,
  place: (expected: string) => Evidence,
  surroundings: TargetSurroundings,
): Observation {
  const { model } = surroundings;
  const subject = subjectOf(object);
  const label = labelOf(object);
  const name = excerpt(cluster.name, 80);
  if (cluster.self === true) {
    return warn(
      subject,
      'SELF_TARGET',
      `${label} leads back to this cluster, by ${labelOfUse(use)}. It is applied with the rights of that kubeconfig in place of a service account. ` +
        'Remove spec.kubeConfig and name an account in spec.serviceAccountName; FLUX-MT-03 judges its rights.',
      { severity: 'medium', evidence: [place('another cluster')] },
    );
  }
  const home = model.tenantOf(object.metadata.namespace);
  if (home && cluster.tenants.length > 0 && !cluster.tenants.includes(home.name)) {
    return fail(
      subject,
      'CROSS_TENANT_TARGET',
      `${label} is in a namespace of the tenant ${home.name} and is applied to the cluster ${name}, which is not one of its clusters. ` +
        'So one tenant decides what runs on the cluster of another. Move the object to a namespace of the platform or of the right tenant, or correct its kubeconfig.',
      { evidence: [place(`a cluster of the tenant ${home.name}`)], confidence: home.declared ? 'proven' : 'heuristic' },
    );
  }
  const writer = judgeWriters(object, use, cluster, surroundings);
  if (writer) return writer;
  const unknown = unreadableTenants(model);
  if (!home && unknown) {
    const { cause, code, message, missing } = unknown;
    return notEvaluated(subject, cause, code, message, { missing });
  }
  return pass(
    subject,
    'MAPPED',
    `${label} is applied to the cluster ${name} of the registry and to no other. There is nothing to do.`,
    { confidence: model.confidence },
  );
}

/** Whoever can change the kubeconfig can lead what is applied somewhere else, or nowhere. */
function judgeWriters(
  object: RemoteApplyObject,
  use: KubeConfigUse,
  cluster: FleetCluster,
  { model, access, rbac }: TargetSurroundings,
): Observation | undefined {
  const tenants = model.tenants.filter(
    ({ name, principals }) => cluster.tenants.includes(name) && principals.length > 0,
  );
  if (tenants.length === 0) return undefined;
  const subject = subjectOf(object);
  if (!access) return rbac.state === 'unavailable' ? notEvaluatedBecause(subject, rbac) : undefined;
  for (const tenant of tenants) {
    const found = firstWriter(tenant, use, access);
    if (!found) continue;
    const { who, how, confidence } = found;
    const evidence: Evidence = {
      object: objectReference(objectOfUse(use)),
      pointer: '/metadata/name',
      observed: excerpt(use.name, 100),
      expected: `nobody of the tenant ${tenant.name} may change it`,
      note: how,
    };
    return fail(
      subject,
      'TENANT_CAN_REDIRECT',
      `${who} of the tenant ${tenant.name}, whose cluster ${excerpt(cluster.name, 80)} is, may change ${labelOfUse(use)}, by which ${labelOf(object)} is applied (${how}). ` +
        'So the platform does not decide alone where and with what rights it applies. Take the right to write it from the tenant, or keep kubeconfigs in a namespace where it has none.',
      { evidence: [evidence], confidence },
    );
  }
  return undefined;
}

function firstWriter(tenant: Tenant, use: KubeConfigUse, access: Access) {
  for (const identity of tenant.principals) {
    for (const request of kubeConfigWrites(use)) {
      const { allowed, confidence, grant, reason } = access.ask(identity, request);
      if (!allowed) continue;
      const how = grant ? describeGrant(grant) : (reason ?? 'the API server allows it');
      return { who: excerpt(describePrincipal(identity), 100), how: excerpt(how, 200), confidence };
    }
  }
  return undefined;
}
