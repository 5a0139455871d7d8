import { parseAllDocuments } from 'yaml';
import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import {
  type ControllerOptions,
  SHARED,
  controller,
  fluxObject,
  namespace,
} from '../../../../test/support/flux-installation.js';
import { gitRepository, gitTree, kustomizationFile, kustomizationOf } from '../../../../test/support/git-source.js';
import { sealedFile, sopsFor } from '../../../../test/support/sops-files.js';
import { noGlobalDecryption as control } from './kek-02-no-global-decryption.js';

const judges = tableOf(control);
const shared = { registration: SHARED };
const kustomize = (args: readonly string[] = [], options?: ControllerOptions) =>
  controller('kustomize-controller', args, options);
const withEnv = (...env: NonNullable<ControllerOptions['env']>) => kustomize([], { env });
const DEFAULT = ['--default-decryption-service-account=default', '--feature-gates=ObjectLevelWorkloadIdentity=true'];
const role = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: {
    name: 'kustomize-controller',
    namespace: 'flux-system',
    annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/flux' },
  },
};
const KMS = sopsFor('aws:arn:aws:kms:eu-west-1:1:key/k');
const fleet = (facts: ReturnType<typeof sopsFor>) => [
  gitRepository('flux-system/fleet'),
  kustomizationOf('team-a/web', { decryption: { provider: 'sops' } }),
  gitTree({ 'apps/db.yaml': sealedFile(facts) }),
];
const C = 'Deployment/flux-system/kustomize-controller manager';
const decrypts = (path: string, decryption: object) =>
  fluxObject('Kustomization', path, { decryption: { provider: 'sops', ...decryption } });

describe('FLUX-KEK-02', () => {
  judges([
    [
      'no fallback',
      kustomize(),
      'pass NO_FALLBACK',
      {
        ...shared,
        verdicts: [
          `pass NO_FALLBACK ${C} VAULT_TOKEN`,
          `pass NO_FALLBACK ${C} cloud identity`,
          `pass NO_FALLBACK ${C} sops-age-secret`,
          `pass NO_FALLBACK ${C} sops-vault-configmap`,
        ],
      },
    ],
    [
      'an age key for all',
      kustomize(['--sops-age-secret=platform']),
      'fail GLOBAL_AGE_KEY',
      { ...shared, severity: 'high' },
    ],
    ['an empty one', kustomize(['--sops-age-secret=']), 'pass NO_FALLBACK', shared],
    ['taken back later', kustomize(['--sops-age-secret=platform', '--sops-age-secret=']), 'pass NO_FALLBACK', shared],
    [
      'an age key for all, and a default account',
      kustomize(['--sops-age-secret=platform', ...DEFAULT]),
      'fail GLOBAL_AGE_KEY',
      shared,
    ],
    [
      'on one shard',
      [...kustomize(), ...kustomize(['--sops-age-secret=x'], { name: 'kustomize-controller-s1' })],
      'fail GLOBAL_AGE_KEY',
      shared,
    ],
    ['the template will bring it', kustomize(['--sops-age-secret=x'], { podArgs: [] }), 'fail PENDING_UNSAFE', shared],
    ['a build before the flag', kustomize([], { flux: '2.6.4' }), 'pass NO_FALLBACK', shared],
    ['a token for Vault', withEnv({ name: 'VAULT_TOKEN', value: 'x' }), 'fail GLOBAL_VAULT_TOKEN', shared],
    [
      'a token for Vault from a Secret',
      withEnv({ name: 'VAULT_TOKEN', valueFrom: { secretKeyRef: { name: 'vault', key: 'token' } } }),
      'fail GLOBAL_VAULT_TOKEN',
      shared,
    ],
    ['an empty token', withEnv({ name: 'VAULT_TOKEN', value: '' }), 'pass NO_FALLBACK', shared],
    ['the address of Vault alone', withEnv({ name: 'VAULT_ADDR', value: 'https://v' }), 'pass NO_FALLBACK', shared],
    [
      'whatever a Secret holds',
      kustomize([], { envFrom: [{ secretRef: { name: 'env' } }] }),
      'notEvaluated UNRESOLVED_ENV',
      shared,
    ],
    ['a login to Vault as the controller', kustomize(['--sops-vault-configmap=v']), 'fail GLOBAL_VAULT_LOGIN', shared],
    [
      'a login to Vault, and a default account',
      kustomize(['--sops-vault-configmap=v', ...DEFAULT]),
      'pass NO_FALLBACK',
      shared,
    ],
    [
      'a role in the cloud, and files for its key service',
      [...kustomize(), role, ...fleet(KMS)],
      'fail CONTROLLER_IDENTITY',
      shared,
    ],
    [
      'a role in the cloud, and age files',
      [...kustomize(), role, ...fleet(sopsFor('age:age1x'))],
      'pass NO_FALLBACK',
      shared,
    ],
    [
      'a role in the cloud, and a default account',
      [...kustomize(DEFAULT), role, ...fleet(KMS)],
      'pass NO_FALLBACK',
      shared,
    ],
    ['no role, and files for a key service', [...kustomize(), ...fleet(KMS)], 'pass NO_FALLBACK', shared],
    [
      'a role in the cloud, and a source that was not read',
      [...kustomize(), role, ...fleet(KMS)],
      'notEvaluated SOURCE_UNREADABLE',
      { ...shared, unavailable: { gitTrees: 'notCollected' } },
    ],
    [
      'a role in the cloud, and a build from elsewhere',
      [
        ...kustomize(),
        role,
        gitRepository('flux-system/fleet'),
        kustomizationOf('team-a/web'),
        gitTree({ 'apps/kustomization.yaml': kustomizationFile('resources https://x.example/y.yaml') }),
      ],
      'notEvaluated BUILD_INCOMPLETE',
      shared,
    ],
    [
      'a role in the cloud, and Kustomizations may not be listed',
      [...kustomize(), role, ...fleet(KMS)],
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { kustomizations: 'forbidden' } },
    ],
    [
      'service accounts may not be listed',
      kustomize(),
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { serviceAccounts: 'forbidden' } },
    ],
    [
      'it says who relies on it',
      [
        ...kustomize(['--sops-age-secret=platform']),
        decrypts('team-a/web', {}),
        decrypts('team-b/api', { secretRef: { name: 'own' } }),
      ],
      'fail GLOBAL_AGE_KEY',
      { ...shared, message: /1 Kustomization decrypts without naming a key, and may rely on it: team-a\/web\./ },
    ],
    [
      'several tenants that nobody declared',
      [
        ...kustomize(['--sops-age-secret=x']),
        namespace('a', { 'toolkit.fluxcd.io/tenant': 'a' }),
        namespace('b', { 'toolkit.fluxcd.io/tenant': 'b' }),
      ],
      'fail GLOBAL_AGE_KEY',
    ],
    [
      'one tenant',
      kustomize(['--sops-age-secret=x']),
      'notApplicable NO_TENANT_BOUNDARY',
      { registration: { role: 'tenant', tenancy: 'dedicated', tenants: [{ name: 'a' }] } },
    ],
    [
      'no tenants',
      kustomize(['--sops-age-secret=x']),
      'notApplicable NO_TENANT_BOUNDARY',
      { registration: { role: 'standalone' } },
    ],
    ['nobody seen', kustomize(['--sops-age-secret=x']), 'notApplicable NO_TENANT_BOUNDARY'],
    [
      'tenants are not named',
      kustomize(),
      'notEvaluated TENANTS_UNDEFINED',
      { registration: { role: 'tenant', tenancy: 'shared' } },
    ],
    [
      'whether there are tenants is not known',
      kustomize(),
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { namespaces: 'forbidden' } },
    ],
    ['no kustomize-controller', controller('helm-controller', []), 'notApplicable NO_CONTROLLER', shared],
  ]);

  describe('with an admission policy', () => {
    const bad = kustomize(['--sops-age-secret=platform']);
    const namespaces = SHARED.tenants.map(({ name }) => namespace(name, { 'kubernetes.io/metadata.name': name }));
    const policyOf = (): readonly object[] => {
      const [observation] = judge(control, bad, shared).observations;
      const fix = observation?.fixes?.find(({ title }) => title.includes('admission'));
      return parseAllDocuments(fix?.content ?? '').map((document) => document.toJS() as object);
    };

    it('that it suggests itself, it is a warning', () => {
      const result = judge(control, [...bad, ...namespaces, ...policyOf()], shared);
      expect([result.outcome, result.reason]).toEqual(['warn', 'COMPENSATED']);
      expect(result.message).toContain('ValidatingAdmissionPolicy decryption-names-its-key');
    });

    it('that only audits, it fails', () => {
      const audited = JSON.parse(JSON.stringify(policyOf()).replace('"Deny"', '"Audit"')) as object[];
      expect(judge(control, [...bad, ...namespaces, ...audited], shared).outcome).toBe('fail');
    });

    it('that leaves a tenant out, it fails', () => {
      const partly = JSON.parse(JSON.stringify(policyOf()).replace(',"team-b"', '')) as object[];
      expect(judge(control, [...bad, ...namespaces, ...partly], shared).outcome).toBe('fail');
    });

    it('that could not be read, it fails', () => {
      const input = [...bad, ...namespaces, ...policyOf()];
      expect(judge(control, input, { ...shared, unavailable: { admissionPolicies: 'forbidden' } }).outcome).toBe(
        'fail',
      );
    });
  });
});
