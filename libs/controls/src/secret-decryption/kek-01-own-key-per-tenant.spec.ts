import { describe, expect, it } from 'vitest';
import type { SopsFacts } from '#libs/core';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, controller } from '../../../../test/support/flux-installation.js';
import {
  REPOSITORY,
  gitRepository,
  gitTree,
  kustomizationFile,
  kustomizationOf,
} from '../../../../test/support/git-source.js';
import { PLAIN_FILE, decryptionSecret, sealedFile, sopsFor } from '../../../../test/support/sops-files.js';
import { ownKeyPerTenant as control } from './kek-01-own-key-per-tenant.js';

const judges = tableOf(control);
const shared = { registration: SHARED };
const low = {
  registration: { ...SHARED, tenants: SHARED.tenants.map((tenant) => ({ ...tenant, isolation: 'low' as const })) },
};
const recovery = { registration: { ...SHARED, recoveryRecipients: ['age1rec'] } };
const A = sopsFor('age:age1aaa');
const B = sopsFor('age:age1bbb');
const decryption = { provider: 'sops', secretRef: { name: 'sops-age' } };
const told = (...recipients: readonly string[]) => ({ decryption: { recipients } });
const secret = (team: string, more: object = {}) => decryptionSecret(`${team}/sops-age`, ['age.agekey'], more);

const builds = (team: string, spec: object = { decryption }) =>
  kustomizationOf(`${team}/apps`, { path: `./tenants/${team}`, ...spec });
/** Each team builds its folder of one repository, where it has one file. */
const fleet = (a: SopsFacts, b: SopsFacts, more: Parameters<typeof gitTree>[0] = {}, spec?: object) => [
  gitRepository('flux-system/fleet'),
  builds('team-a', spec),
  builds('team-b', spec),
  gitTree({ 'tenants/team-a/db.yaml': sealedFile(a), 'tenants/team-b/db.yaml': sealedFile(b), ...more }),
];
const secrets = [secret('team-a'), secret('team-b')];
const kms = (context: readonly string[], role?: string): SopsFacts => ({
  hasMac: true,
  groups: [[{ id: 'aws:arn:aws:kms:eu-west-1:1:key/k', context, ...(role !== undefined && { role }) }]],
});
const asAccount = { decryption: { provider: 'sops', serviceAccountName: 'sops' } };
const account = (team: string, arn: string) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'sops', namespace: team, annotations: { 'eks.amazonaws.com/role-arn': arn } },
});
const sealed = (namespace: string) => ({
  apiVersion: 'bitnami.com/v1alpha1',
  kind: 'SealedSecret',
  metadata: { name: 'db', namespace },
  spec: {},
});
const sealer = (namespace: string, args: readonly string[] = []) => ({
  apiVersion: 'v1',
  kind: 'OperatorPod',
  metadata: { name: 'sealed-secrets-7d', namespace },
  program: 'sealed-secrets-controller',
  owner: { kind: 'Deployment', name: 'sealed-secrets' },
  container: { name: 'controller', image: 'bitnami/sealed-secrets-controller:0.36.6', args },
});
const both = ['pass OWN_KEY Tenant/team-a', 'pass OWN_KEY Tenant/team-b'];

describe('FLUX-KEK-01', () => {
  judges([
    ['a key for each', [...fleet(A, B), ...secrets], 'pass OWN_KEY', { ...shared, verdicts: both }],
    [
      'one key for both',
      [...fleet(A, A), ...secrets],
      'fail SHARED_KEK',
      { ...shared, severity: 'high', verdicts: ['fail SHARED_KEK Tenant/team-a', 'fail SHARED_KEK Tenant/team-b'] },
    ],
    [
      'each its own, and a recipient for recovery',
      [...fleet(sopsFor('age:age1aaa', 'age:age1rec'), sopsFor('age:age1bbb', 'age:age1rec')), ...secrets],
      'pass OWN_KEY',
      recovery,
    ],
    [
      'the same, and nobody declared the recipient',
      [...fleet(sopsFor('age:age1aaa', 'age:age1rec'), sopsFor('age:age1bbb', 'age:age1rec')), ...secrets],
      'warn SHARED_RECIPIENT',
      shared,
    ],
    [
      'the same, and the Secrets tell that neither has it',
      [
        ...fleet(sopsFor('age:age1aaa', 'age:age1rec'), sopsFor('age:age1bbb', 'age:age1rec')),
        secret('team-a', told('age1aaa')),
        secret('team-b', told('age1bbb')),
      ],
      'pass OWN_KEY',
      shared,
    ],
    [
      'one key for both, of a kind that Secrets do not tell',
      [...fleet(sopsFor('age:age1pq1x'), sopsFor('age:age1pq1x')), secret('team-a', told()), secret('team-b', told())],
      'fail SHARED_KEK',
      shared,
    ],
    [
      'one key for both, that only the Secrets of one tell',
      [...fleet(A, A), secret('team-a', told('age1aaa')), secret('team-b', told())],
      'fail SHARED_KEK',
      shared,
    ],
    [
      'the key for recovery is in the Secret of a tenant',
      [
        ...fleet(sopsFor('age:age1aaa', 'age:age1rec'), sopsFor('age:age1bbb', 'age:age1rec')),
        secret('team-a', told('age1aaa')),
        secret('team-b', told('age1bbb', 'age1rec')),
      ],
      'fail SHARED_KEK',
      { ...recovery, verdicts: ['fail SHARED_KEK Tenant/team-a', 'pass OWN_KEY Tenant/team-b'] },
    ],
    [
      'identical Secrets',
      [...fleet(A, B), secret('team-a', { digest: 'x' }), secret('team-b', { digest: 'x' })],
      'fail SAME_PRIVATE_KEY',
      shared,
    ],
    [
      'different Secrets with one private key among others',
      [...fleet(A, B), secret('team-a', told('age1aaa', 'age1both')), secret('team-b', told('age1bbb', 'age1both'))],
      'fail SAME_PRIVATE_KEY',
      shared,
    ],
    [
      'identical Secrets without any key',
      [
        ...fleet(A, B),
        decryptionSecret('team-a/sops-age', ['x'], { digest: 'x' }),
        decryptionSecret('team-b/sops-age', ['x'], { digest: 'x' }),
      ],
      'pass OWN_KEY',
      shared,
    ],
    [
      'two key groups, and another tenant has the key of one',
      [
        ...fleet({ hasMac: true, groups: [[{ id: 'age:age1aaa' }], [{ id: 'age:age1rec' }]], threshold: 2 }, B),
        secret('team-a', told('age1aaa', 'age1recA')),
        secret('team-b', told('age1bbb', 'age1rec')),
      ],
      'pass OWN_KEY',
      shared,
    ],
    [
      'two key groups of which one is enough, and another tenant has its key',
      [
        ...fleet({ hasMac: true, groups: [[{ id: 'age:age1aaa' }], [{ id: 'age:age1rec' }]], threshold: 1 }, B),
        secret('team-a', told('age1aaa')),
        secret('team-b', told('age1bbb', 'age1rec')),
      ],
      'fail SHARED_KEK',
      shared,
    ],
    [
      'one key of a key service, with contexts',
      fleet(kms(['tenant=a']), kms(['tenant=b']), {}, asAccount),
      'warn SHARED_SERVICE_KEY',
      shared,
    ],
    [
      'one key of a key service, with roles',
      fleet(kms([], 'a'), kms([], 'b'), {}, asAccount),
      'warn SHARED_SERVICE_KEY',
      shared,
    ],
    [
      'one key of a key service, with the same context',
      fleet(kms(['tenant=x']), kms(['tenant=x']), {}, asAccount),
      'fail SHARED_KEK',
      shared,
    ],
    [
      'a key of a key service for each, and one role for both',
      [
        ...fleet(sopsFor('gcp:projects/a'), sopsFor('gcp:projects/b'), {}, asAccount),
        account('team-a', 'arn:1'),
        account('team-b', 'arn:1'),
      ],
      'fail SHARED_KEK',
      shared,
    ],
    [
      'a key of a key service and a role for each',
      [
        ...fleet(sopsFor('gcp:projects/a'), sopsFor('gcp:projects/b'), {}, asAccount),
        account('team-a', 'arn:1'),
        account('team-b', 'arn:2'),
      ],
      'pass OWN_KEY',
      shared,
    ],
    [
      'which role they have is not known',
      fleet(sopsFor('gcp:projects/a'), sopsFor('gcp:projects/b'), {}, asAccount),
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { serviceAccounts: 'forbidden' } },
    ],
    ['one key for both, and low isolation', [...fleet(A, A), ...secrets], 'pass SHARED_KEK', low],
    [
      'one key for both, and low isolation for one of them',
      [...fleet(A, A), ...secrets],
      'fail SHARED_KEK',
      {
        registration: { ...SHARED, tenants: [{ ...SHARED.tenants[0], isolation: 'low' as const }, SHARED.tenants[1]] },
      },
    ],
    [
      'identical Secrets, and low isolation',
      [...fleet(A, B), secret('team-a', { digest: 'x' }), secret('team-b', { digest: 'x' })],
      'pass SAME_PRIVATE_KEY',
      low,
    ],
    [
      'one Sealed Secrets controller for both',
      [sealed('team-a'), sealed('team-b'), sealer('kube-system')],
      'fail CLUSTER_LEVEL_KEK',
      { ...shared, severity: 'high', verdicts: ['fail CLUSTER_LEVEL_KEK Deployment/kube-system/sealed-secrets'] },
    ],
    [
      'a Sealed Secrets controller for each',
      [
        ...fleet(A, B),
        ...secrets,
        sealed('team-a'),
        sealed('team-b'),
        sealer('team-a', ['--all-namespaces=false']),
        sealer('team-b', ['--all-namespaces=false']),
      ],
      'pass OWN_KEY',
      shared,
    ],
    [
      'a Sealed Secrets controller with the namespaces of both',
      [
        sealed('team-a'),
        sealed('team-b'),
        sealer('sealing', ['--all-namespaces=false', '--additional-namespaces=team-a,team-b']),
      ],
      'fail CLUSTER_LEVEL_KEK',
      shared,
    ],
    [
      'one Sealed Secrets controller, and low isolation',
      [sealed('team-a'), sealed('team-b'), sealer('kube-system')],
      'pass CLUSTER_LEVEL_KEK',
      low,
    ],
    [
      'SealedSecrets of one tenant',
      [sealed('team-a'), sealer('kube-system')],
      'notApplicable NO_ENCRYPTED_SECRETS',
      shared,
    ],
    [
      'SealedSecrets, and no controller that is known',
      [sealed('team-a'), sealed('team-b')],
      'notEvaluated CONTROLLER_NOT_FOUND',
      shared,
    ],
    [
      'SealedSecrets, and pods may not be listed',
      [sealed('team-a'), sealed('team-b'), sealer('kube-system')],
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { operatorPods: 'forbidden' } },
    ],
    [
      'SealedSecrets may not be listed',
      [...fleet(A, B), ...secrets],
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { sealedSecrets: 'forbidden' } },
    ],
    [
      'a rule of .sops.yaml for everything',
      [
        ...fleet(A, B, { '.sops.yaml': { creationRules: [{ pathRegex: '.*', groups: [['age:age1aaa']] }] } }),
        ...secrets,
      ],
      'warn CATCH_ALL_RULE',
      { ...shared, message: /Rule 1 of \.sops\.yaml \(\.\*\).*team-a, team-b/ },
    ],
    [
      'a rule of .sops.yaml for each, then one for everything',
      [
        ...fleet(A, B, {
          '.sops.yaml': {
            creationRules: [
              { pathRegex: '^tenants/team-a/.*', groups: [] },
              { pathRegex: String.raw`tenants/team-b/.*\.yaml$`, groups: [] },
              { groups: [] },
            ],
          },
        }),
        ...secrets,
      ],
      'pass OWN_KEY',
      shared,
    ],
    [
      'a rule in a folder, which sees paths from there on',
      [
        ...fleet(A, B, { 'tenants/.sops.yaml': { creationRules: [{ pathRegex: '^team-.*', groups: [] }] } }),
        ...secrets,
      ],
      'warn CATCH_ALL_RULE',
      shared,
    ],
    [
      'a pattern that is not tried',
      [
        ...fleet(A, B, { '.sops.yaml': { creationRules: [{ pathRegex: '(a+)+$', groups: [] }, { groups: [] }] } }),
        ...secrets,
      ],
      'pass OWN_KEY',
      shared,
    ],
    [
      'the global key of the controller opens files of a tenant',
      [
        ...fleet(A, B, {}, { decryption: { provider: 'sops' } }),
        ...controller('kustomize-controller', ['--sops-age-secret=g']),
      ],
      'fail SHARED_KEK',
      shared,
    ],
    [
      'whether the controller has a global key is not known',
      [
        ...fleet(A, B, {}, { decryption: { provider: 'sops' } }),
        ...controller('kustomize-controller', ['--sops-age-secret=g']),
      ],
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { pods: 'forbidden' } },
    ],
    [
      'a file that both build is theirs together',
      [
        gitRepository('flux-system/fleet'),
        builds('team-a'),
        builds('team-b'),
        gitTree({
          'tenants/team-a/kustomization.yaml': kustomizationFile('resources ../../common.yaml'),
          'tenants/team-b/kustomization.yaml': kustomizationFile('resources ../../common.yaml'),
          'common.yaml': sealedFile(A),
        }),
        ...secrets,
      ],
      'pass OWN_KEY',
      shared,
    ],
    [
      'files in the paths that the registry gives them',
      [
        gitRepository('flux-system/fleet'),
        kustomizationOf('flux-system/all', { path: './tenants' }),
        gitTree({ 'tenants/team-a/db.yaml': sealedFile(A), 'tenants/team-b/db.yaml': sealedFile(A) }),
      ],
      'fail SHARED_KEK',
      {
        registration: {
          ...SHARED,
          tenants: SHARED.tenants.map((tenant) => ({
            ...tenant,
            gitPaths: [{ repo: `${REPOSITORY}.git`, paths: [`./tenants/${tenant.name}/`] }],
          })),
        },
      },
    ],
    [
      'a repository of the registry that was not read',
      [...fleet(A, B), ...secrets],
      'notEvaluated SOURCE_UNREADABLE',
      {
        registration: {
          ...SHARED,
          tenants: [
            { ...SHARED.tenants[0], gitPaths: [{ repo: 'https://other.example/x', paths: ['.'] }] },
            SHARED.tenants[1],
          ],
        },
      },
    ],
    [
      'no source was read',
      [...fleet(A, A), ...secrets],
      'notEvaluated SOURCE_UNREADABLE',
      {
        ...shared,
        unavailable: { gitTrees: 'notCollected' },
        verdicts: ['notEvaluated SOURCE_UNREADABLE Tenant/team-a', 'notEvaluated SOURCE_UNREADABLE Tenant/team-b'],
      },
    ],
    [
      'no source was read, and the Secrets are the same',
      [...fleet(A, B), secret('team-a', { digest: 'x' }), secret('team-b', { digest: 'x' })],
      'fail SAME_PRIVATE_KEY',
      { ...shared, unavailable: { gitTrees: 'notCollected' } },
    ],
    [
      'one Secret may not be read',
      [...fleet(A, B), ...secrets],
      'notEvaluated RBAC_DENIED_READ',
      {
        ...shared,
        unavailableEntries: { secretFacts: { 'team-b/sops-age': 'forbidden' } },
        verdicts: ['notEvaluated RBAC_DENIED_READ Tenant/team-b'],
      },
    ],
    [
      'nothing encrypted',
      [gitRepository('flux-system/fleet'), builds('team-a', {}), gitTree({ 'tenants/team-a/x.yaml': PLAIN_FILE })],
      'notApplicable NO_ENCRYPTED_SECRETS',
      shared,
    ],
    [
      'one tenant',
      fleet(A, A),
      'notApplicable NO_TENANT_BOUNDARY',
      { registration: { role: 'tenant', tenancy: 'dedicated', tenants: [SHARED.tenants[0]] } },
    ],
    ['no tenants', fleet(A, A), 'notApplicable NO_TENANT_BOUNDARY', { registration: { role: 'standalone' } }],
    [
      'tenants are not named',
      fleet(A, A),
      'notEvaluated TENANTS_UNDEFINED',
      { registration: { role: 'tenant', tenancy: 'shared' } },
    ],
  ]);

  it('shows how to make a key, with the names of the tenant', () => {
    const [observation] = judge(control, [...fleet(A, A), ...secrets], shared).observations;
    const content = observation?.fixes?.[0]?.content ?? '';
    expect(content).toContain(
      'kubectl --namespace team-a create secret generic sops-age --from-file=age.agekey=team-a.agekey',
    );
    expect(content).toContain(
      'sops updatekeys --yes tenants/team-a/db.yaml && sops rotate --in-place tenants/team-a/db.yaml',
    );
    expect(content).toContain('path_regex: ^tenants/team-a/.*');
  });

  it('stays short and quick where a thousand tenants share one key', () => {
    const names = Array.from({ length: 1000 }, (_each, index) => `team-${index}`);
    const tenants = names.map((name) => ({ name, namespaces: { names: [name] } }));
    const files = Object.fromEntries(names.map((name) => [`tenants/${name}/db.yaml`, sealedFile(A)]));
    const input = [gitRepository('flux-system/fleet'), ...names.map((name) => builds(name)), gitTree(files)];
    const started = performance.now();
    const result = judge(control, input, { registration: { ...SHARED, tenants } });
    expect(result.counts.fail).toBe(1000);
    expect(JSON.stringify(result.observations[0]).length).toBeLessThan(10_000);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
