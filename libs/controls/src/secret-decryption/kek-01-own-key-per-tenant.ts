import {
  type Observation,
  CLUSTER_SUBJECT,
  causeOfUnavailable,
  codeOfUnavailable,
  defineControl,
  notApplicable,
  notEvaluated,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { GIT_ARTIFACTS, type ReconciledBuilds, reconciledBuilds } from '../git-sources/reconciled-builds.js';
import { tenantModel } from '../tenants/tenant-model.js';
import { unlessShared } from '../tenants/unless-shared.js';
import { judgeCreationRules } from './creation-rules.js';
import { type Setting, kustomizeSettings } from './kustomize-settings.js';
import { judgeSealedTenants } from './sealed-tenants.js';
import { secretsIn } from './secrets-in-build.js';
import { keyHolders } from './key-holders.js';
import { subjectOfTenant } from './same-private-key.js';
import { judgeTenant } from './shared-keys.js';
import { kindOfRecipient, recipientKey } from './sops-recipients.js';
import { type TenantKeys, tenantKeys, usableKeys } from './tenant-keys.js';

/** Why the keys of a tenant are not known in full: each reason once. */
function gapsOf({ tenant, gaps }: TenantKeys): readonly Observation[] {
  const said = new Map<string, Observation>();
  for (const gap of gaps) {
    const isArtifact = 'state' in gap;
    const reason = isArtifact ? codeOfUnavailable(gap.reason) : gap.reason;
    const why = isArtifact ? gap.message.replace(/\.$/, '') : gap.why;
    if (said.has(reason)) continue;
    said.set(
      reason,
      notEvaluated(
        subjectOfTenant(tenant),
        isArtifact ? causeOfUnavailable(gap.reason) : gap.cause,
        reason,
        `Which keys tenant ${excerpt(tenant.name)} has, and what is encrypted for them, is not known in full: ${why}. Let it be read, or look at it by hand.`,
        { missing: isArtifact ? gap.missing : [] },
      ),
    );
  }
  return [...said.values()];
}

/** Age keys that kustomize-controller uses for Kustomizations that name no Secret. */
function globalKeys({ builds }: ReconciledBuilds, recovery: ReadonlySet<string>): ReadonlySet<string> {
  const found = builds.flatMap(({ kustomization, closure }) => {
    const { decryption } = kustomization.spec;
    if (!decryption || decryption.secretRef) return [];
    return [...usableKeys(secretsIn(closure).items, recovery, false).certain];
  });
  return new Set(found.filter((key) => kindOfRecipient(key) === 'age'));
}

/** Files are encrypted for a key that the controller may lend to all. */
function unknownFallback(setting: Setting): readonly Observation[] {
  if (setting.state !== 'unknown') return [];
  const { why, unavailable } = setting;
  const message = `Whether kustomize-controller lends its age key to all tenants is not known: ${why}. Let its Deployment and pods be read.`;
  const subject = { ...CLUSTER_SUBJECT, field: 'sops-age-secret' };
  return [
    unavailable
      ? notEvaluated(subject, causeOfUnavailable(unavailable.reason), codeOfUnavailable(unavailable.reason), message, {
          missing: unavailable.missing,
        })
      : notEvaluated(subject, 'undecidable', 'FALLBACK_UNKNOWN', message),
  ];
}

export const ownKeyPerTenant = defineControl({
  id: 'FLUX-KEK-01',
  title: 'Each tenant has a key-encryption key of its own',
  family: 'Secret Decryption',
  severity: 'high',
  scope: ['git', 'shared', 'management'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'What is encrypted for a key can be read by whoever holds it, wherever the ciphertext can be read. Where tenants share a cluster and its repositories, Flux recommends a key-encryption key for each tenant.',
  audit:
    "The recipients of all encrypted files that the Kustomizations in a tenant's namespaces build, and of those in its paths of the registry, are compared with the keys that other tenants have: by their decryption Secrets where these tell, else by what their own files can be opened with, by cloud roles, and by the age key that the controller lends to all. Key groups and thresholds count. " +
    'A key of another tenant that opens a file fails, and so does one private key, or one Secret, in namespaces of two tenants, and one Sealed Secrets controller for several. Recipients that the registry declares for recovery do not count, unless a tenant holds them. ' +
    'One key of a key service with different contexts, a recipient of which it is not known who holds it, and rules of .sops.yaml that hold for several tenants are warnings. With low isolation for all that are concerned a shared key is only told.',
  remediation:
    'Make a key for each tenant, keep it in a Secret of its namespace, and write a rule for its path into .sops.yaml. Then `sops updatekeys` and `sops rotate` its files, and change the values that others could read. ' +
    'Run a Sealed Secrets controller for each tenant, or use SOPS. Declare recovery recipients in the registry.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#secret-decryption',
    'https://fluxcd.io/flux/guides/mozilla-sops/',
    'https://getsops.io/docs/#key-groups',
  ],
  requires: ['registration', 'kustomizations'],
  optional: [
    ...GIT_ARTIFACTS,
    'namespaces',
    'helmReleases',
    'deployments',
    'pods',
    'configMaps',
    'secretFacts',
    'serviceAccounts',
    'sealedSecrets',
    'operatorPods',
  ],
  examples: {
    passing: [
      {
        title: 'a key for each tenant',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: fleet, namespace: flux-system }
          spec: { url: https://git.example.com/org/fleet, ref: { branch: main } }
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: team-a }
          spec:
            path: ./tenants/team-a
            sourceRef: { kind: GitRepository, name: fleet, namespace: flux-system }
            decryption: { provider: sops, secretRef: { name: sops-age } }
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: team-b }
          spec:
            path: ./tenants/team-b
            sourceRef: { kind: GitRepository, name: fleet, namespace: flux-system }
            decryption: { provider: sops, secretRef: { name: sops-age } }
          ---
          kind: SecretFacts
          metadata: { name: sops-age, namespace: team-a }
          keys: [age.agekey]
          digest: d1
          lengths: { age.agekey: 189 }
          ---
          kind: SecretFacts
          metadata: { name: sops-age, namespace: team-b }
          keys: [age.agekey]
          digest: d2
          lengths: { age.agekey: 189 }
          ---
          kind: GitTree
          url: https://git.example.com/org/fleet
          ref: main
          commit: 0123456789abcdef0123456789abcdef01234567
          files:
            - path: tenants/team-a/db.yaml
              documents: [{ kind: Secret, name: db, sops: { hasMac: true, groups: [[{ id: "age:age1aaa" }]] } }]
            - path: tenants/team-b/db.yaml
              documents: [{ kind: Secret, name: db, sops: { hasMac: true, groups: [[{ id: "age:age1bbb" }]] } }]`,
      },
    ],
    failing: [
      {
        title: 'the same private key in namespaces of two tenants',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: team-a }
          spec:
            sourceRef: { kind: OCIRepository, name: apps }
            decryption: { provider: sops, secretRef: { name: sops-age } }
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: team-b }
          spec:
            sourceRef: { kind: OCIRepository, name: apps }
            decryption: { provider: sops, secretRef: { name: sops-age } }
          ---
          kind: SecretFacts
          metadata: { name: sops-age, namespace: team-a }
          keys: [age.agekey]
          digest: same
          lengths: { age.agekey: 189 }
          ---
          kind: SecretFacts
          metadata: { name: sops-age, namespace: team-b }
          keys: [age.agekey]
          digest: same
          lengths: { age.agekey: 189 }`,
      },
    ],
  },
  evaluate: ({
    kustomizations,
    sources,
    gitTrees,
    secretFacts,
    serviceAccounts,
    sealedSecrets,
    operatorPods,
    ...context
  }) => {
    const model = tenantModel({ ...context, kustomizations });
    const early = unlessShared(model);
    if (early) return [early];
    const builds = reconciledBuilds(kustomizations, sources, gitTrees);
    const recovery = new Set((context.registration.recoveryRecipients ?? []).map(recipientKey));
    const all = tenantKeys({ model, builds, secretFacts, serviceAccounts, recovery });
    const { ageSecret } = kustomizeSettings(model.instances, serviceAccounts);
    const global = ageSecret.state === 'no' ? new Set<string>() : globalKeys(builds, recovery);
    const holders = keyHolders(all, ageSecret.state === 'yes' ? global : new Set());
    const gaps = [...all.flatMap(gapsOf), ...(global.size > 0 ? unknownFallback(ageSecret) : [])];
    const judged = [
      ...gaps,
      ...all.flatMap((own) => judgeTenant(own, holders, model, gaps.length === 0)),
      ...judgeSealedTenants(model, sealedSecrets, operatorPods),
      ...judgeCreationRules(builds.trees, all, model),
    ];
    if (judged.length > 0) return judged;
    const message =
      'No tenant of this cluster has encrypted files or decryption Secrets, and no two of them use one Sealed Secrets controller.';
    return [notApplicable(CLUSTER_SUBJECT, 'NO_ENCRYPTED_SECRETS', message)];
  },
});
