import { CLUSTER_SUBJECT, defineControl, notApplicable } from '#libs/core';
import { GIT_ARTIFACTS, reconciledBuilds, unreadSources } from '../git-sources/reconciled-builds.js';
import { tenantModel, unlessTenants } from '../tenants/tenant-model.js';
import { judgeTrees } from './weak-files.js';
import { judgeSecrets } from './weak-secrets.js';

const ROTATION_DAYS = 365;

export const hardenedProvider = defineControl({
  id: 'FLUX-KEK-03',
  title: 'Encrypted files and decryption Secrets are kept with care',
  family: 'Secret Decryption',
  severity: 'medium',
  scope: ['git', 'shared', 'management'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Encryption is as good as the keys and the way they are kept: credentials that never expire, keys that others may read, values that were left in plain text. ' +
    'kustomize-controller does not verify the MAC of SOPS files, so that their integrity rests on the verification of the source.',
  audit:
    'Of the files that Kustomizations build: a Vault at http://, and values that were left in plain text, fail; PGP keys, files of a SOPS before 3.7, and data keys of key services that are older than the rotation period of the registry (365 days where it states none) are warnings. ' +
    'Of decryption Secrets: credentials of clouds and of Vault that do not expire, and an age over the rotation period, are warnings; where a tenant other than the one of the namespace may read a Secret, that fails. ' +
    'How long PGP keys are, and when they expire, is not looked at.',
  remediation:
    'Encrypt for age keys or a key service, with a current SOPS and an encrypted_regex that covers data and stringData. Use service accounts with workload identity for key services. Let nobody but Flux and the tenant read a decryption Secret, and rotate keys.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#secret-decryption',
    'https://fluxcd.io/flux/guides/mozilla-sops/',
    'https://getsops.io/docs/',
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
    'rbac',
    'accessReviews',
  ],
  examples: {
    passing: [
      {
        title: 'an age key, and files with a covering encrypted_regex',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: fleet, namespace: team-a }
          spec: { url: https://git.example.com/org/fleet, ref: { branch: main } }
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: team-a }
          spec:
            sourceRef: { kind: GitRepository, name: fleet }
            decryption: { provider: sops, secretRef: { name: sops-age } }
          ---
          kind: SecretFacts
          metadata: { name: sops-age, namespace: team-a, creationTimestamp: "2026-06-01T00:00:00Z" }
          keys: [age.agekey]
          digest: d1
          lengths: { age.agekey: 189 }
          ---
          kind: GitTree
          url: https://git.example.com/org/fleet
          ref: main
          commit: 0123456789abcdef0123456789abcdef01234567
          files:
            - path: db.yaml
              documents:
                - kind: Secret
                  name: db
                  sops: { version: 3.10.2, hasMac: true, encryptedRegex: "^(data|stringData)$", groups: [[{ id: "age:age1aaa" }]] }`,
      },
    ],
    failing: [
      {
        title: 'a Vault at http://',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: fleet, namespace: team-a }
          spec: { url: https://git.example.com/org/fleet, ref: { branch: main } }
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: team-a }
          spec:
            sourceRef: { kind: GitRepository, name: fleet }
            decryption: { provider: sops, secretRef: { name: sops-vault } }
          ---
          kind: SecretFacts
          metadata: { name: sops-vault, namespace: team-a, creationTimestamp: "2026-06-01T00:00:00Z" }
          keys: [sops.vault-token]
          digest: d1
          lengths: { sops.vault-token: 26 }
          ---
          kind: GitTree
          url: https://git.example.com/org/fleet
          ref: main
          commit: 0123456789abcdef0123456789abcdef01234567
          files:
            - path: db.yaml
              documents:
                - kind: Secret
                  name: db
                  sops: { version: 3.10.2, hasMac: true, encryptedRegex: "^(data|stringData)$", groups: [[{ id: "vault:http://vault.example.com/sops/team-a" }]] }`,
      },
    ],
  },
  evaluate: ({ kustomizations, sources, gitTrees, secretFacts, rbac, accessReviews, ...context }, { now }) => {
    const model = tenantModel({ ...context, kustomizations });
    const early = unlessTenants(model);
    if (early) return [early];
    const { rotationDays = ROTATION_DAYS } = context.registration;
    const reconciled = reconciledBuilds(kustomizations, sources, gitTrees);
    const judged = [
      ...judgeTrees(reconciled.builds, { now, rotationDays }),
      ...judgeSecrets(kustomizations, { model, secretFacts, rbac, accessReviews, now, rotationDays }),
      ...unreadSources(reconciled, 'how it is encrypted is not known'),
    ];
    if (judged.length > 0) return judged;
    const message = 'No Kustomization builds encrypted files or names a decryption Secret.';
    return [notApplicable(CLUSTER_SUBJECT, 'NO_ENCRYPTED_SECRETS', message)];
  },
});
