import { CLUSTER_SUBJECT, type Kustomization, type Observation, defineControl, notApplicable } from '#libs/core';
import { GIT_ARTIFACTS, reconciledBuilds, unreadSources } from '../git-sources/reconciled-builds.js';
import { tenantModel } from '../tenants/tenant-model.js';
import type { Surroundings } from './decryption-subject.js';
import { judgeInventory, judgeStatus } from './judge-applied.js';
import { judgeFiles } from './judge-files.js';
import { judgeSettings } from './judge-settings.js';
import { kustomizeSettings } from './kustomize-settings.js';
import { unreferencedSecrets } from './unreferenced-secrets.js';

const fails = (observations: readonly Observation[]): boolean => observations.some(({ outcome }) => outcome === 'fail');

export const sopsDecryption = defineControl({
  id: 'FLUX-SEC-03',
  title: 'SOPS decryption is set where encrypted files are applied',
  family: 'Secret Decryption',
  severity: 'high',
  scope: ['management', 'shared', 'dedicated', 'standalone', 'git'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Flux decrypts only where a Kustomization says so, with the key that it names. Without `spec.decryption` a Secret with encrypted data stops the build, but other encrypted files are applied as they are, and the Kustomization is ready all the same. ' +
    'kustomize-controller does not verify the MAC of SOPS files: their integrity rests on the verification of the source.',
  audit:
    'For every Kustomization the build is followed through the files of its source, from `spec.path` on. ' +
    'Encrypted files without `spec.decryption` fail, and so do a provider other than sops, a Secret that is missing or holds no key that Flux decrypts with, a service account without the feature gate ObjectLevelWorkloadIdentity, keys that open none of the recipients, Secrets in plain text, and a last run that failed at decryption. ' +
    'Without a `secretRef` each recipient needs another path: age `--sops-age-secret`, key services an account or an identity of the controller, Vault a token. ' +
    'Files with the annotation `kustomize.toolkit.fluxcd.io/decrypt: disabled`, and secrets in the folder that no build reads, are warnings. ' +
    'Where the source could not be read, that is said; then a Kustomization without decryption that applied Secrets fails, by its inventory.',
  remediation:
    'Set `spec.decryption` with `provider: sops` and a `secretRef` in the namespace of the Kustomization, or a service account for a key service of the cloud. For the root sync of the Flux Operator add a patch to the FluxInstance, for that of `flux bootstrap` one to flux-system/kustomization.yaml. ' +
    'Change values that were ever plain before they are encrypted.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#secret-decryption',
    'https://fluxcd.io/flux/guides/mozilla-sops/',
    'https://fluxcd.io/flux/components/kustomize/kustomizations/#decryption',
  ],
  requires: ['registration', 'kustomizations'],
  optional: [...GIT_ARTIFACTS, 'secretFacts', 'deployments', 'pods', 'configMaps', 'serviceAccounts', 'fluxInstances'],
  examples: {
    passing: [
      {
        title: 'an encrypted file, and a Secret with an age key',
        yaml: `
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: fleet, namespace: flux-system }
          spec: { url: https://git.example.com/org/fleet, ref: { branch: main } }
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: flux-system }
          spec:
            path: ./apps
            sourceRef: { kind: GitRepository, name: fleet }
            decryption: { provider: sops, secretRef: { name: sops-age } }
          ---
          kind: SecretFacts
          metadata: { name: sops-age, namespace: flux-system }
          keys: [age.agekey]
          digest: d1
          lengths: { age.agekey: 189 }
          ---
          kind: GitTree
          url: https://git.example.com/org/fleet
          ref: main
          commit: 0123456789abcdef0123456789abcdef01234567
          files:
            - path: apps/database.yaml
              documents:
                - apiVersion: v1
                  kind: Secret
                  name: database
                  sops: { hasMac: true, groups: [[{ id: "age:age1fleet" }]] }`,
      },
    ],
    failing: [
      {
        title: 'an encrypted file, and no decryption: the ciphertext is applied',
        yaml: `
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: fleet, namespace: flux-system }
          spec: { url: https://git.example.com/org/fleet, ref: { branch: main } }
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: flux-system }
          spec: { path: ./apps, sourceRef: { kind: GitRepository, name: fleet } }
          status: { conditions: [{ type: Ready, status: "True" }] }
          ---
          kind: GitTree
          url: https://git.example.com/org/fleet
          ref: main
          commit: 0123456789abcdef0123456789abcdef01234567
          files:
            - path: apps/database.yaml
              documents:
                - apiVersion: v1
                  kind: Secret
                  name: database
                  sops: { hasMac: true, groups: [[{ id: "age:age1fleet" }]] }`,
      },
      {
        title: 'the key of the Secret has a name that Flux does not take',
        yaml: `
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: flux-system }
          spec:
            path: ./apps
            sourceRef: { kind: OCIRepository, name: apps }
            decryption: { provider: sops, secretRef: { name: sops-age } }
          status:
            conditions:
              - { type: Ready, status: "False", reason: BuildFailed, message: "decryption failed for 'database': cannot get sops data key" }
          ---
          kind: SecretFacts
          metadata: { name: sops-age, namespace: flux-system }
          keys: [age.key]
          digest: d1
          lengths: { age.key: 189 }`,
      },
    ],
  },
  evaluate: ({ kustomizations, sources, gitTrees, secretFacts, serviceAccounts, fluxInstances, ...context }) => {
    if (kustomizations.length === 0) {
      return [notApplicable(CLUSTER_SUBJECT, 'NO_KUSTOMIZATION', 'There is no Kustomization in this cluster.')];
    }
    const reconciled = reconciledBuilds(kustomizations, sources, gitTrees);
    const settings = kustomizeSettings(tenantModel(context).instances, serviceAccounts);
    const surroundings: Surroundings = { settings, secretFacts, fluxInstances };
    /** That the last run failed is news only where nothing else explains it. */
    const withStatus = (kustomization: Kustomization, judged: readonly Observation[]) => [
      ...judged,
      ...judgeStatus(kustomization).filter(({ outcome }) => outcome === 'pass' || !fails(judged)),
    ];
    return [
      ...reconciled.builds.flatMap((build) => {
        const set = judgeSettings(build.kustomization, surroundings);
        const canDecrypt = set.every(({ outcome }) => outcome === 'pass');
        return withStatus(build.kustomization, [...set, ...judgeFiles(build, surroundings, canDecrypt)]);
      }),
      ...reconciled.unread.flatMap(({ kustomization }) =>
        withStatus(kustomization, [
          ...judgeSettings(kustomization, surroundings),
          ...judgeInventory(kustomization, secretFacts),
        ]),
      ),
      ...unreferencedSecrets(reconciled),
      ...unreadSources(reconciled, 'whether it is encrypted, and by which keys, is not known'),
    ];
  },
});
