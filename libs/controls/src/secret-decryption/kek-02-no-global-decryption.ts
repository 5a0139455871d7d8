import { type Observation, collected, defineControl } from '#libs/core';
import { ADMISSION_ARTIFACTS } from '../admission/admission-view.js';
import {
  CONTEXT_ARTIFACTS,
  CONTROLLER_ARTIFACTS,
  inspectControllers,
  instancesOf,
} from '../controller-flags/inspect-controllers.js';
import { judgeFlags } from '../controller-flags/judge-flags.js';
import { GIT_ARTIFACTS, reconciledBuilds } from '../git-sources/reconciled-builds.js';
import { PROOF_ARTIFACTS } from '../probes/policy-proof.js';
import { tenantModel } from '../tenants/tenant-model.js';
import { unlessShared } from '../tenants/unless-shared.js';
import { decryptionPolicy, weighDecryptionPolicy } from './decryption-policy.js';
import { fallbackRules, judgeCloudIdentity, judgeVaultToken, reliance } from './global-fallbacks.js';

const COMPONENTS = ['kustomize-controller'] as const;

export const noGlobalDecryption = defineControl({
  id: 'FLUX-KEK-02',
  title: 'kustomize-controller has no decryption key that all tenants share',
  family: 'Secret Decryption',
  severity: 'high',
  scope: ['shared', 'management'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Where a Kustomization decrypts and names neither a Secret nor an account, kustomize-controller falls back to what it has itself: the age key of `--sops-age-secret`, a token for Vault, its login there, or its identity of a cloud. ' +
    'Flux recommends a key-encryption key for each tenant; a key that the controller lends to everybody is none.',
  audit:
    'Every kustomize-controller must run without `--sops-age-secret` and without the variable VAULT_TOKEN; without `--default-decryption-service-account` also without `--sops-vault-configmap`, and without an identity of a cloud where files are encrypted for its key service. ' +
    'An admission policy that refuses decryption without a key of its own in every namespace of a tenant, also while its engine is away, makes it a warning, and a pass where active verification had it refuse a dry-run in the name of tenants. ' +
    'Applies where tenants share the cluster.',
  remediation:
    'Give each tenant a decryption Secret in its namespace, or an account with a key of its own, and name it in `spec.decryption`. Then remove the fallback, and set `--default-decryption-service-account`. ' +
    'Until then let admission refuse `spec.decryption` without `secretRef` and `serviceAccountName` in namespaces of tenants.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#secret-decryption',
    'https://fluxcd.io/flux/components/kustomize/kustomizations/#decryption',
    'https://fluxcd.io/flux/installation/configuration/sops/',
  ],
  requires: CONTROLLER_ARTIFACTS,
  optional: [...CONTEXT_ARTIFACTS, ...GIT_ARTIFACTS, 'serviceAccounts', ...PROOF_ARTIFACTS, ...ADMISSION_ARTIFACTS],
  examples: {
    passing: [
      {
        title: 'no fallback',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args: [--watch-all-namespaces=true]`,
      },
    ],
    failing: [
      {
        title: 'an age key for all',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args: [--sops-age-secret=sops-age-global]`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const model = tenantModel(artifacts);
    const early = unlessShared(model);
    if (early) return [early];
    const inspection = inspectControllers(artifacts, context);
    const policy = decryptionPolicy(model);
    const { confidence } = model;
    const flags = judgeFlags(
      {
        components: COMPONENTS,
        rules: (instance) => fallbackRules(instance, policy),
        namesField: true,
        severity: 'high',
        confidence,
        context: reliance(artifacts.kustomizations),
      },
      inspection,
    );
    const { kustomizations, sources, gitTrees, serviceAccounts } = artifacts;
    const builds =
      kustomizations.state === 'collected'
        ? collected(reconciledBuilds(kustomizations.value, sources, gitTrees))
        : kustomizations;
    const others = instancesOf(inspection, COMPONENTS).flatMap((instance) => [
      judgeVaultToken(instance, policy),
      judgeCloudIdentity(instance, serviceAccounts, builds, { inspection, policy }),
    ]);
    const asSure = (each: Observation): Observation => (confidence === 'heuristic' ? { ...each, confidence } : each);
    const weigh = weighDecryptionPolicy(model, artifacts);
    return [...flags, ...others.map(asSure)].map(weigh);
  },
});
