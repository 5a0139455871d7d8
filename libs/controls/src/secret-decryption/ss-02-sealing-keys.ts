import {
  type Artifacts,
  type Collected,
  type Observation,
  CLUSTER_SUBJECT,
  defineControl,
  fail,
  notApplicable,
  notEvaluatedBecause,
  objectReference,
  pass,
} from '#libs/core';
import { TENANT_CONTEXT, type TenantModel, tenantModel, unlessTenants } from '../tenants/tenant-model.js';
import { confidenceIn, describeTenants, secretReads, tenantsEvidence, tenantsWhoMay } from './foreign-readers.js';
import {
  type SealedSecretsController,
  sealedSecretsControllers,
  subjectOfController,
} from './sealed-secrets-controller.js';
import { judgeKeys, judgePeriod, renewPeriod } from './sealing-keys.js';

interface Readers {
  readonly model: TenantModel;
  readonly rbac: Collected<Artifacts['rbac']>;
  readonly accessReviews: Collected<Artifacts['accessReviews']>;
  readonly sealingKeys: Collected<Artifacts['sealingKeys']>;
}

/** Whether a tenant may read the keys; one in whose namespace the controller runs has it for itself. */
function judgeReaders(controller: SealedSecretsController, readers: Readers): Observation {
  const { model, rbac, accessReviews, sealingKeys } = readers;
  const { namespace } = controller;
  const subject = { ...subjectOfController(controller), field: 'readers' };
  if (rbac.state === 'unavailable') return notEvaluatedBecause(subject, rbac);
  const tenants = model.tenants.filter(({ namespaces }) => !namespaces.includes(namespace));
  const keys =
    sealingKeys.state === 'collected'
      ? new Set(sealingKeys.value.flatMap(({ metadata }) => (metadata.namespace === namespace ? [metadata.name] : [])))
      : undefined;
  const found = tenantsWhoMay(tenants, secretReads(namespace), rbac.value, accessReviews, keys);
  if (found.length === 0) {
    const undeclared = tenants.some(({ principalsDeclared }) => !principalsDeclared);
    return pass(
      subject,
      'KEYS_GUARDED',
      `No tenant may read Secrets in ${namespace}, where the keys of the Sealed Secrets controller are${undeclared ? '; of tenants whose principals are not declared only the service accounts were looked at' : ''}.`,
      { confidence: undeclared ? 'heuristic' : 'derived' },
    );
  }
  const [pod] = controller.pods;
  return fail(
    subject,
    'TENANT_READS_KEYS',
    `Tenants may read Secrets in ${namespace}, where the keys of the Sealed Secrets controller are: ${describeTenants(found)}. ` +
      'With a key every SealedSecret that was ever sealed for it can be opened, those of other tenants too. ' +
      'Take the right away, or run the controller in a namespace of its own; then renew the keys and change the values.',
    {
      severity: 'high',
      confidence: confidenceIn(found, model),
      evidence: [
        {
          object: objectReference(pod),
          pointer: '/metadata/namespace',
          observed: namespace,
          expected: 'a namespace whose Secrets no tenant may read',
        },
        ...tenantsEvidence(found, model, 'no right to read these Secrets'),
      ],
    },
  );
}

export const sealingKeys = defineControl({
  id: 'FLUX-SS-02',
  title: 'Keys of the Sealed Secrets controller are renewed and guarded',
  family: 'Secret Decryption',
  severity: 'medium',
  scope: ['shared', 'dedicated'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'One key pair of the Sealed Secrets controller opens everything that was sealed for it. A new one is made every 30 days unless that is switched off, so that a key that gets known opens only so much; old keys are kept by design.',
  audit:
    'The controller is found by its image. `--key-renew-period` (or SEALED_SECRETS_KEY_RENEW_PERIOD) must not be 0; the newest active key in its namespace must not be older than that period and a week, and newer than any key that is marked as compromised. ' +
    'Tenants must not be able to read Secrets in that namespace: the declared principals and the service accounts of their namespaces are looked at, rights on single names included. A tenant that runs a controller in its own namespace has it for itself.',
  remediation:
    'Leave `--key-renew-period` at its default, give the controller a namespace of its own, and let no tenant read Secrets there. ' +
    'After a key got known, make a new one (`--key-cutoff-time`), seal everything again and change the values.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#secret-decryption',
    'https://fluxcd.io/flux/guides/sealed-secrets/',
    'https://github.com/bitnami-labs/sealed-secrets#sealing-key-renewal',
  ],
  requires: ['registration', 'operatorPods'],
  optional: [...TENANT_CONTEXT, 'sealingKeys', 'rbac', 'accessReviews'],
  examples: {
    passing: [
      {
        title: 'a key that is twelve days old',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: v1
          kind: OperatorPod
          metadata: { name: sealed-secrets-6d, namespace: sealed-secrets }
          program: sealed-secrets-controller
          owner: { kind: Deployment, name: sealed-secrets }
          container: { name: controller, image: "docker.io/bitnami/sealed-secrets-controller:0.36.6", args: [--update-status] }
          ---
          apiVersion: v1
          kind: Secret
          metadata:
            name: sealed-secrets-key8x
            namespace: sealed-secrets
            creationTimestamp: "2026-10-20T12:00:00Z"
            labels: { sealedsecrets.bitnami.com/sealed-secrets-key: active }`,
      },
    ],
    failing: [
      {
        title: 'renewal is off',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }]
          ---
          apiVersion: v1
          kind: OperatorPod
          metadata: { name: sealed-secrets-6d, namespace: sealed-secrets }
          program: sealed-secrets-controller
          owner: { kind: Deployment, name: sealed-secrets }
          container: { name: controller, image: "docker.io/bitnami/sealed-secrets-controller:0.36.6", args: [--key-renew-period=0] }`,
      },
    ],
  },
  evaluate: ({ operatorPods, ...artifacts }, { now }) => {
    const { sealingKeys: keys, rbac, accessReviews } = artifacts;
    const model = tenantModel(artifacts);
    const early = unlessTenants(model);
    if (early) return [early];
    const controllers = sealedSecretsControllers(operatorPods);
    if (controllers.length === 0) {
      const message = 'No Sealed Secrets controller runs in this cluster, as far as the names of images tell.';
      return [notApplicable(CLUSTER_SUBJECT, 'NO_CONTROLLER', message)];
    }
    return controllers.flatMap((controller) => {
      const period = renewPeriod(controller);
      const known = typeof period === 'number';
      const judgedKeys =
        keys.state === 'unavailable'
          ? [notEvaluatedBecause({ ...subjectOfController(controller), field: 'keys' }, keys)]
          : judgeKeys(controller, keys.value, known ? period : 0, now);
      return [
        known ? judgePeriod(controller, period) : period,
        ...judgedKeys,
        judgeReaders(controller, { model, rbac, accessReviews, sealingKeys: keys }),
      ];
    });
  },
});
