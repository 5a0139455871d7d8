import { CLUSTER_SUBJECT, defineControl, notApplicable } from '#libs/core';
import { type Tenant, TENANT_CONTEXT, tenantModel, unlessTenants } from '../tenants/tenant-model.js';
import { judgeSealedSecret } from './judge-sealed-secret.js';
import { sealedSecretsControllers } from './sealed-secrets-controller.js';
import { guestsIn } from './secret-readers.js';

const SEALED_SECRETS = { group: 'bitnami.com', resource: 'sealedsecrets' };
const NOBODY: ReadonlyMap<string, readonly Tenant[]> = new Map();

export const sealedSecretsScope = defineControl({
  id: 'FLUX-SS-01',
  title: 'SealedSecrets are sealed for one name in one namespace',
  family: 'Secret Decryption',
  severity: 'high',
  scope: ['shared', 'git'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'A SealedSecret is bound to its name and namespace, unless it was sealed with a wider scope. Sealed cluster-wide, its ciphertext can be copied into any namespace and is unsealed there. Where tenants share a cluster, Flux recommends the strict scope.',
  audit:
    'The scope is read as the controller does, from the annotations of the SealedSecret itself: only the text "true" counts, and cluster-wide wins over namespace-wide. ' +
    'Cluster-wide fails where tenants share the cluster. Namespace-wide is a warning, and fails where several tenants live in the namespace, or where others may create SealedSecrets there. ' +
    'A template with a wider scope than the object is a mismatch, which fails where it is cluster-wide; the deprecated `spec.data` is a warning. Objects that are in Git only are not looked at: the controller unseals what is in the cluster.',
  remediation:
    'Seal the values again with `kubeseal --scope strict`. Ciphertext stays valid for the scope that it was sealed for, so change values whose wide ciphertext others could read.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#secret-decryption',
    'https://fluxcd.io/flux/guides/sealed-secrets/',
    'https://github.com/bitnami-labs/sealed-secrets#scopes',
  ],
  requires: ['registration', 'sealedSecrets'],
  optional: [...TENANT_CONTEXT, 'rbac', 'accessReviews', 'operatorPods'],
  examples: {
    passing: [
      {
        title: 'no annotation',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: bitnami.com/v1alpha1
          kind: SealedSecret
          metadata: { name: db, namespace: team-a }
          spec: {}`,
      },
    ],
    failing: [
      {
        title: 'cluster-wide, and one whose template says so',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: bitnami.com/v1alpha1
          kind: SealedSecret
          metadata:
            name: db
            namespace: team-a
            annotations: { sealedsecrets.bitnami.com/cluster-wide: "true" }
          spec: {}
          ---
          apiVersion: bitnami.com/v1alpha1
          kind: SealedSecret
          metadata: { name: api, namespace: team-a }
          spec: { templateAnnotations: { sealedsecrets.bitnami.com/cluster-wide: "true" } }`,
      },
    ],
  },
  evaluate: ({ sealedSecrets, rbac, accessReviews, operatorPods, ...context }) => {
    const model = tenantModel(context);
    const early = unlessTenants(model);
    if (early) return [early];
    if (sealedSecrets.length === 0) {
      return [notApplicable(CLUSTER_SUBJECT, 'NO_SEALED_SECRETS', 'There is no SealedSecret in this cluster.')];
    }
    const controllers = operatorPods.state === 'collected' ? sealedSecretsControllers(operatorPods.value) : [];
    const controller = controllers.length === 1 ? controllers[0] : undefined;
    const namespaces = new Set(sealedSecrets.map(({ metadata }) => metadata.namespace ?? ''));
    const guests =
      rbac.state === 'collected' ? guestsIn(namespaces, SEALED_SECRETS, model, rbac.value, accessReviews) : NOBODY;
    const surroundings = { model, rbac, accessReviews, guests, controller };
    return sealedSecrets.flatMap((object) => judgeSealedSecret(object, surroundings));
  },
});
