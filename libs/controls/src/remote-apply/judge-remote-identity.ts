import {
  type Collected,
  type Evidence,
  type Observation,
  type Registration,
  fail,
  notApplicable,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { MASTERS } from '#libs/rbac';
import type { Access } from '../access/access.js';
import { type TenantModel, describePrincipal, principalsOf } from '../tenants/tenant-model.js';
import type { ServingFlags } from './kubeconfig-flags.js';
import {
  type KubeConfigUse,
  type SecretUse,
  labelOfUse,
  namesOf,
  objectOfUse,
  subjectOfUse,
} from './kubeconfig-uses.js';
import type { ClusterDirectory } from './match-cluster.js';
import { type RemoteIdentity, identityOfUse } from './remote-identity.js';
import { type RemoteApplyObject, labelOf } from './remote-apply-object.js';
import { targetOfUse } from './target-of-use.js';

/** What the verdict on a remote identity depends on. */
export interface IdentitySurroundings {
  readonly registration: Registration;
  readonly directory: ClusterDirectory;
  readonly model: TenantModel;
  readonly flags: ServingFlags;
  /** RBAC of this cluster, for objects that lead back to it. */
  readonly access: Access | undefined;
  readonly rbac: Collected<unknown>;
}

/** Who acts on the target cluster by one kubeconfig, and whether that is somebody of its own with no more than it needs. */
export function judgeRemoteIdentity(use: KubeConfigUse, surroundings: IdentitySurroundings): readonly Observation[] {
  const subject = subjectOfUse(use);
  const label = labelOfUse(use);
  const target = targetOfUse(use);
  if (target.state === 'unreadable') return [notEvaluatedBecause(subject, target.artifact)];
  if (target.state === 'broken') {
    return [
      notApplicable(
        subject,
        'NO_TARGET',
        `${label} leads to no cluster (${target.what}), so nobody acts by it. FLUX-RA-01 says what to do.`,
      ),
    ];
  }
  const restricted = judgeTenantReleases(use, surroundings);
  if (use.kind === 'ConfigMap') {
    return [
      ...restricted,
      notEvaluated(
        subject,
        'notCollected',
        'CLOUD_IDENTITY',
        `Who acts by ${label} on the target cluster is decided there, by its trust in the cloud or the issuer of this cluster. Nothing is known of it from here. Audit the target cluster itself, and name this identity among its platform principals.`,
      ),
    ];
  }
  const found = identityOfUse(use);
  if (!found) {
    return [
      ...restricted,
      notEvaluated(
        subject,
        'undecidable',
        'UNKNOWN_IDENTITY',
        `The credential in ${label} does not say whom it stands for, so nothing can be told of that identity. Use a client certificate or a token of a service account, or workload identity.`,
      ),
    ];
  }
  const match = surroundings.directory.match(target.target);
  const cluster = match.state === 'one' ? match.cluster : undefined;
  const faults = [...judgeItself(use, found, surroundings), ...restricted];
  if (cluster?.self === true) return judgeHere(use, found, faults, surroundings);
  const who = excerpt(describePrincipal(found.identity), 100);
  const where = cluster ? `the cluster ${excerpt(cluster.name, 80)}` : 'the target cluster';
  return [
    ...faults,
    notEvaluated(
      subject,
      'notCollected',
      'TARGET_RBAC_UNKNOWN',
      `${who} acts by ${label} on ${where}, and the roles of that cluster are not part of this audit. So it is not known whether it may do more than it needs, or may impersonate the accounts that objects name. Audit ${where} itself, and name ${who} among its platform principals.`,
    ),
  ];
}

function place(use: SecretUse, { pointer, observed }: RemoteIdentity, expected: string): Evidence {
  return { object: objectReference(objectOfUse(use)), pointer, observed: excerpt(observed, 100), expected };
}

/** What the identity is, whatever it may do. */
function judgeItself(
  use: SecretUse,
  found: RemoteIdentity,
  { registration }: IdentitySurroundings,
): readonly Observation[] {
  const subject = subjectOfUse(use);
  const { identity } = found;
  const who = excerpt(describePrincipal(identity), 100);
  const label = `The kubeconfig in ${labelOfUse(use)}, of ${namesOf(use.objects)},`;
  const observations: Observation[] = [];
  if (identity.groups.includes(MASTERS)) {
    observations.push(
      fail(
        subject,
        'SYSTEM_MASTERS',
        `${label} acts as a member of ${MASTERS}. No role limits that group, and nothing can be taken from it. Give Flux an identity of its own on the target cluster, with roles.`,
        { severity: 'high', evidence: [place(use, found, `an identity outside ${MASTERS}`)] },
      ),
    );
  }
  const entry = (registration.breakGlass ?? []).find(({ principals }) =>
    principalsOf(principals).some(({ user }) => user !== '' && user === identity.user),
  );
  if (entry) {
    observations.push(
      fail(
        subject,
        'BREAK_GLASS_IDENTITY',
        `${label} acts as ${who}, which is also the break-glass access ${excerpt(entry.name, 80)}. So its use cannot be told from everyday work, and what breaks one breaks the other. Give Flux an identity of its own.`,
        { severity: 'high', evidence: [place(use, found, 'an identity that is used for nothing else')] },
      ),
    );
  }
  if (identity.user.includes('@') || identity.user === 'kubernetes-admin') {
    observations.push(
      warn(
        subject,
        'NOT_DEDICATED',
        `${label} acts as ${who}, which looks like somebody who also signs in by hand. Then nobody can tell in the audit log what Flux did. Give Flux an identity of its own.`,
        { severity: 'medium', evidence: [place(use, found, 'an identity of Flux alone')], confidence: 'heuristic' },
      ),
    );
  }
  return observations;
}

/** Releases of tenants should not act with the rights of the platform. */
function judgeTenantReleases(use: KubeConfigUse, { model, flags }: IdentitySurroundings): readonly Observation[] {
  return use.objects
    .filter(
      (object) =>
        object.kind === 'HelmRelease' &&
        model.tenantOf(object.metadata.namespace) !== undefined &&
        accountOfObject(object, flags) === undefined,
    )
    .map((object) =>
      warn(
        subjectOf(object),
        'UNRESTRICTED_RELEASE',
        `${labelOf(object)} of the tenant ${model.tenantOf(object.metadata.namespace)?.name ?? ''} names no service account, so its chart is installed with all rights of the credential in ${labelOfUse(use)}. ` +
          'A chart may hold anything. Set spec.serviceAccountName to an account of the target cluster that may only do what the application needs.',
        {
          severity: 'medium',
          evidence: [
            {
              object: objectReference(object),
              pointer: '/spec/serviceAccountName',
              observed: null,
              expected: 'a restricted account of the target cluster',
            },
          ],
          confidence: model.confidence,
        },
      ),
    );
}

/** Undefined where no account is impersonated, null where that is not known. */
function accountOfObject(object: RemoteApplyObject, flags: ServingFlags): string | undefined | null {
  const named = object.spec.serviceAccountName;
  return named === undefined || named === '' ? flags.defaultAccount(object) : named;
}

/** The target is this cluster, whose roles were read. */
function judgeHere(
  use: SecretUse,
  found: RemoteIdentity,
  faults: readonly Observation[],
  { access, rbac, flags }: IdentitySurroundings,
): readonly Observation[] {
  if (!access) {
    return rbac.state === 'unavailable' ? [...faults, notEvaluatedBecause(subjectOfUse(use), rbac)] : faults;
  }
  const who = excerpt(describePrincipal(found.identity), 100);
  const denied = use.objects.flatMap((object): readonly Observation[] => {
    const name = accountOfObject(object, flags);
    const { namespace = '' } = object.metadata;
    if (name === undefined) return [];
    if (name === null) {
      return [
        notEvaluated(
          subjectOf(object),
          'undecidable',
          'DEFAULT_ACCOUNT_UNKNOWN',
          `It cannot be told whether ${labelOf(object)} acts as a default account, because the flags of its controller could not be read. Let the auditor read Deployments and Pods.`,
        ),
      ];
    }
    const request = { verb: 'impersonate', resource: 'serviceaccounts', namespace, name };
    const { allowed, confidence } = access.ask(found.identity, request);
    if (allowed) return [];
    return [
      fail(
        subjectOf(object),
        'IMPERSONATION_MISSING',
        `${labelOf(object)} acts as the service account ${namespace}/${excerpt(name, 80)}, and ${who}, whom its kubeconfig stands for, may not impersonate it. So every request is refused (403), and nothing is applied. Grant it the verb impersonate on that account.`,
        {
          severity: 'medium',
          evidence: [place(use, found, `the right to impersonate ${namespace}/${name}`)],
          confidence,
        },
      ),
    ];
  });
  const observations = [...faults, ...denied];
  if (observations.length > 0) return observations;
  return [
    pass(
      subjectOfUse(use),
      'IDENTITY_SOUND',
      `${who} acts by ${labelOfUse(use)} on this cluster, is nobody else, and may impersonate the accounts that objects name. FLUX-MT-03 judges its rights. There is nothing to do here.`,
      { confidence: 'derived' },
    ),
  ];
}
