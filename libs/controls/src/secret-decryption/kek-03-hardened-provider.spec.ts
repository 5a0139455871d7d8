import { describe, expect, it } from 'vitest';
import type { SopsFacts } from '#libs/core';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED } from '../../../../test/support/flux-installation.js';
import {
  REPOSITORY,
  gitRepository,
  gitTree,
  kustomizationFile,
  kustomizationOf,
} from '../../../../test/support/git-source.js';
import { NOW } from '../../../../test/support/snapshot-of.js';
import { decryptionSecret, sealedFile, sopsFor } from '../../../../test/support/sops-files.js';
import { hardenedProvider as control } from './kek-03-hardened-provider.js';

const judges = tableOf(control);
const shared = { registration: SHARED };
const daysAgo = (days: number) => new Date(Date.parse(NOW) - days * 86_400_000).toISOString();
const GOOD: SopsFacts = { ...sopsFor('age:age1aaa'), encryptedRegex: '^(data|stringData)$' };
const TREE = `GitTree/${REPOSITORY}`;
const SECRET = 'Secret/team-a/sops-age';

const secret = (keys: readonly string[] = ['age.agekey'], days = 10) =>
  decryptionSecret('team-a/sops-age', keys, {
    metadata: { name: 'sops-age', namespace: 'team-a', creationTimestamp: daysAgo(days) },
  });
const fleet = (facts: SopsFacts, more: object = secret()) => [
  gitRepository('flux-system/fleet'),
  kustomizationOf('team-a/web', { decryption: { provider: 'sops', secretRef: { name: 'sops-age' } } }),
  gitTree({ 'apps/db.yaml': sealedFile(facts) }),
  more,
];
const key = (id: string, createdAt?: string): SopsFacts => ({
  ...GOOD,
  groups: [[{ id, ...(createdAt !== undefined && { createdAt }) }]],
});
const mayRead = (subject: object, { namespace, names }: { namespace?: string; names?: readonly string[] } = {}) => [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'reader' },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'], ...(names && { resourceNames: names }) }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name: 'reader', ...(namespace !== undefined && { namespace }) },
    subjects: [subject],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' },
  },
];
const accounts = (team: string) => ({ kind: 'Group', name: `system:serviceaccounts:${team}` });

describe('FLUX-KEK-03', () => {
  judges([
    [
      'all is well',
      fleet(GOOD),
      'pass FILES_HARDENED',
      {
        ...shared,
        verdicts: [
          `pass FILES_HARDENED ${TREE}`,
          `pass SECRET_KEPT ${SECRET}`,
          `pass SECRET_GUARDED ${SECRET} readers`,
        ],
      },
    ],
    [
      'static keys of a cloud',
      fleet(GOOD, secret(['sops.aws-kms'])),
      'warn STATIC_CREDENTIAL',
      { ...shared, message: /sops\.aws-kms/ },
    ],
    ['a token of Vault', fleet(GOOD, secret(['age.agekey', 'sops.vault-token'])), 'warn STATIC_CREDENTIAL', shared],
    [
      'a Vault at http',
      fleet(key('vault:http://vault.example/sops/k')),
      'fail VAULT_HTTP',
      { ...shared, severity: 'high' },
    ],
    ['a Vault at https', fleet(key('vault:https://vault.example/sops/k')), 'pass FILES_HARDENED', shared],
    ['values left in plain text', fleet({ ...GOOD, partlyPlain: true }), 'fail PARTIALLY_ENCRYPTED', shared],
    ['PGP', fleet(key('pgp:ABCD')), 'warn PGP_IN_USE', { ...shared, severity: 'low' }],
    ['written by SOPS 3.6', fleet({ ...GOOD, version: '3.6.1' }), 'warn OLD_SOPS', shared],
    ['written by SOPS 3.7', fleet({ ...GOOD, version: '3.7.0' }), 'pass FILES_HARDENED', shared],
    ['written by SOPS 3.10', fleet({ ...GOOD, version: '3.10.0' }), 'pass FILES_HARDENED', shared],
    ['by what is not said', fleet({ ...GOOD, version: 'dev' }), 'pass FILES_HARDENED', shared],
    [
      'without encrypted_regex',
      fleet(sopsFor('age:age1aaa')),
      'pass SECRET_KEPT',
      {
        ...shared,
        verdicts: [`pass SECRET_KEPT ${SECRET}`, `pass SECRET_GUARDED ${SECRET} readers`, `pass NAMES_HIDDEN ${TREE}`],
      },
    ],
    ['a data key of 400 days', fleet(key('gcp:projects/x', daysAgo(400))), 'warn DATA_KEY_OLD', shared],
    ['a data key of 300 days', fleet(key('gcp:projects/x', daysAgo(300))), 'pass FILES_HARDENED', shared],
    [
      'a data key of 100 days, and rotation every 90',
      fleet(key('gcp:projects/x', daysAgo(100))),
      'warn DATA_KEY_OLD',
      { registration: { ...SHARED, rotationDays: 90 } },
    ],
    ['a data key of no known age', fleet(key('gcp:projects/x')), 'pass FILES_HARDENED', shared],
    ['age has no such time', fleet(key('age:age1aaa', daysAgo(400))), 'pass FILES_HARDENED', shared],
    [
      'a Secret of 400 days',
      fleet(GOOD, secret(['age.agekey'], 400)),
      'warn KEY_OLD',
      { ...shared, message: /400 days old/ },
    ],
    ['a Secret of no known age', fleet(GOOD, decryptionSecret('team-a/sops-age')), 'pass FILES_HARDENED', shared],
    [
      'another tenant may read the Secret',
      [...fleet(GOOD), ...mayRead(accounts('team-b'), { namespace: 'team-a' })],
      'fail FOREIGN_READERS',
      { ...shared, severity: 'high', message: /team-b \(service account team-b\/default may get secrets in team-a\)/ },
    ],
    [
      'another tenant may read all Secrets',
      [...fleet(GOOD), ...mayRead(accounts('team-b'))],
      'fail FOREIGN_READERS',
      shared,
    ],
    [
      'its own tenant may read it',
      [...fleet(GOOD), ...mayRead(accounts('team-a'), { namespace: 'team-a' })],
      'pass FILES_HARDENED',
      shared,
    ],
    [
      'another tenant may read this one by name',
      [...fleet(GOOD), ...mayRead(accounts('team-b'), { namespace: 'team-a', names: ['sops-age'] })],
      'fail FOREIGN_READERS',
      shared,
    ],
    [
      'another tenant may read another one by name',
      [...fleet(GOOD), ...mayRead(accounts('team-b'), { namespace: 'team-a', names: ['x'] })],
      'pass FILES_HARDENED',
      shared,
    ],
    [
      'another tenant may read other namespaces',
      [...fleet(GOOD), ...mayRead(accounts('team-b'), { namespace: 'other' })],
      'pass FILES_HARDENED',
      shared,
    ],
    [
      'the API server lets another tenant in, and RBAC does not',
      [
        ...fleet(GOOD),
        {
          kind: 'AccessReview',
          question: {
            user: 'system:serviceaccount:team-b:default',
            groups: ['system:serviceaccounts', 'system:serviceaccounts:team-b', 'system:authenticated'],
            verb: 'get',
            group: '',
            resource: 'secrets',
            namespace: 'team-a',
          },
          allowed: true,
        },
      ],
      'fail FOREIGN_READERS',
      shared,
    ],
    [
      'who may read it is not known',
      fleet(GOOD),
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { rbac: 'forbidden' } },
    ],
    [
      'the Secret may not be read',
      fleet(GOOD),
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailableEntries: { secretFacts: { 'team-a/sops-age': 'forbidden' } } },
    ],
    [
      'no source was read',
      fleet({ ...GOOD, partlyPlain: true }),
      'notEvaluated SOURCE_UNREADABLE',
      { ...shared, unavailable: { gitTrees: 'notCollected' } },
    ],
    [
      'a build from elsewhere',
      [
        gitRepository('flux-system/fleet'),
        kustomizationOf('team-a/web'),
        gitTree({ 'apps/kustomization.yaml': kustomizationFile('resources https://x.example/y.yaml') }),
      ],
      'notEvaluated BUILD_INCOMPLETE',
      shared,
    ],
    ['the Secret does not exist', fleet(GOOD, decryptionSecret('other/x')), 'pass FILES_HARDENED', shared],
    [
      'nothing encrypted',
      [gitRepository('flux-system/fleet'), kustomizationOf('team-a/web'), gitTree({ 'apps/x.yaml': {} })],
      'notApplicable NO_ENCRYPTED_SECRETS',
      shared,
    ],
    [
      'no tenants',
      fleet(key('vault:http://x/y/z')),
      'notApplicable NO_TENANT_BOUNDARY',
      { registration: { role: 'standalone' } },
    ],
  ]);

  it('tells of many files in one finding', () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_each, index) => [`apps/${index}.yaml`, sealedFile(key('pgp:ABCD'))]),
    );
    const input = [gitRepository('flux-system/fleet'), kustomizationOf('team-a/web'), gitTree(files)];
    const [observation, ...others] = judge(control, input, shared).observations;
    expect([others.length, observation?.evidence.length]).toEqual([0, 10]);
    expect(observation?.message).toMatch(/40 documents .* and 37 more/);
  });

  it('asks quickly about many tenants that may not read each other', () => {
    const names = Array.from({ length: 1000 }, (_each, index) => `team-${index}`);
    const decryption = { provider: 'sops', secretRef: { name: 'sops-age' } };
    const input = [
      ...names.map((name) => kustomizationOf(`${name}/web`, { decryption })),
      ...names.map((name) => decryptionSecret(`${name}/sops-age`)),
    ];
    const tenants = names.map((name) => ({ name, namespaces: { names: [name] } }));
    const started = performance.now();
    const result = judge(control, input, { registration: { ...SHARED, tenants } });
    expect(result.counts.pass).toBe(2000);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
