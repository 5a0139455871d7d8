import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED } from '../../../../test/support/flux-installation.js';
import { gitRepository } from '../../../../test/support/git-source.js';
import { NOW } from '../../../../test/support/snapshot-of.js';
import { decryptionSecret } from '../../../../test/support/sops-files.js';
import { sourceCredentials as control } from './x-22-source-credentials.js';

const judges = tableOf(control);
const shared = { registration: SHARED };
const daysAgo = (days: number) => new Date(Date.parse(NOW) - days * 86_400_000).toISOString();
const source = (path: string, spec: object = {}, url = 'https://git.example.com/x') =>
  gitRepository(path, url, { secretRef: { name: 'git' }, ...spec });
const secret = (namespace: string, digest: string, keys: readonly string[] = ['username', 'password'], days = 5) =>
  decryptionSecret(`${namespace}/git`, keys, {
    digest,
    metadata: { name: 'git', namespace, creationTimestamp: daysAgo(days) },
  });
const A = 'Secret/team-a/git';
const B = 'Secret/team-b/git';

describe('FLUX-X-22', () => {
  judges([
    [
      'a credential for each tenant',
      [source('team-a/app'), source('team-b/app'), secret('team-a', '1'), secret('team-b', '2')],
      'pass CREDENTIAL_KEPT',
      { ...shared, verdicts: [`pass CREDENTIAL_KEPT ${A}`, `pass CREDENTIAL_KEPT ${B}`] },
    ],
    [
      'one credential for two tenants',
      [source('team-a/app'), source('team-b/app'), secret('team-a', '1'), secret('team-b', '1')],
      'fail SHARED_CREDENTIAL',
      { ...shared, severity: 'medium', verdicts: [`fail SHARED_CREDENTIAL ${A}`, `fail SHARED_CREDENTIAL ${B}`] },
    ],
    [
      'one credential in two namespaces of a tenant',
      [source('a-1/app'), source('a-2/app'), secret('a-1', '1'), secret('a-2', '1')],
      'pass CREDENTIAL_KEPT',
      {
        registration: { ...SHARED, tenants: [{ name: 'a', namespaces: { names: ['a-1', 'a-2'] } }, SHARED.tenants[1]] },
      },
    ],
    [
      'a tenant has the credential of the platform',
      [source('team-a/app'), source('flux-system/app'), secret('team-a', '1'), secret('flux-system', '1')],
      'warn SHARED_WITH_PLATFORM',
      shared,
    ],
    [
      'two namespaces of the platform',
      [source('infra/app'), source('flux-system/app'), secret('infra', '1'), secret('flux-system', '1')],
      'pass CREDENTIAL_KEPT',
      shared,
    ],
    [
      'Secrets without anything in them',
      [source('team-a/app'), source('team-b/app'), secret('team-a', '1', []), secret('team-b', '1', [])],
      'pass CREDENTIAL_KEPT',
      shared,
    ],
    [
      'a token for GitHub',
      [source('team-a/app', {}, 'https://github.com/org/x'), secret('team-a', '1')],
      'warn PERSONAL_TOKEN',
      { ...shared, severity: 'low', message: /key password/ },
    ],
    [
      'a bearer token for GitHub',
      [source('team-a/app', {}, 'https://github.com/org/x'), secret('team-a', '1', ['bearerToken'])],
      'warn PERSONAL_TOKEN',
      shared,
    ],
    [
      'a GitHub App',
      [
        source('team-a/app', { provider: 'github' }, 'https://github.com/org/x'),
        secret('team-a', '1', ['githubAppID', 'githubAppPrivateKey']),
      ],
      'pass CREDENTIAL_KEPT',
      shared,
    ],
    [
      'a deploy key',
      [source('team-a/app', {}, 'ssh://github.com/org/x'), secret('team-a', '1', ['identity'])],
      'pass CREDENTIAL_KEPT',
      shared,
    ],
    [
      'a password for another host',
      [source('team-a/app', {}, 'https://github.com.example/x'), secret('team-a', '1')],
      'pass CREDENTIAL_KEPT',
      shared,
    ],
    [
      'two years old',
      [source('team-a/app'), secret('team-a', '1', ['identity'], 730)],
      'warn CREDENTIAL_OLD',
      { ...shared, message: /730 days ago/ },
    ],
    [
      'as old as is allowed',
      [source('team-a/app'), secret('team-a', '1', ['identity'], 365)],
      'pass CREDENTIAL_KEPT',
      shared,
    ],
    [
      'older than the registry allows',
      [source('team-a/app'), secret('team-a', '1', ['identity'], 31)],
      'warn CREDENTIAL_OLD',
      { registration: { ...SHARED, rotationDays: 30 } },
    ],
    [
      'workload identity, and a Secret besides',
      [source('team-a/app', { provider: 'azure' }), secret('team-a', '1')],
      'warn SECRET_BESIDE_PROVIDER',
      shared,
    ],
    [
      'workload identity alone',
      [gitRepository('team-a/app', 'https://dev.azure.com/x', { provider: 'azure' })],
      'pass WORKLOAD_IDENTITY',
      shared,
    ],
    ['a Secret that does not exist', [source('team-a/app')], 'warn SECRET_MISSING', shared],
    [
      'a Secret that may not be read',
      [source('team-a/app'), secret('team-a', '1')],
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailableEntries: { secretFacts: { 'team-a/git': 'forbidden' } } },
    ],
    [
      'the Secret of another tenant may not be read: it could be the same',
      [source('team-a/app'), source('team-b/app'), secret('team-a', '1'), secret('team-b', '1')],
      'notEvaluated RBAC_DENIED_READ',
      {
        ...shared,
        unavailableEntries: { secretFacts: { 'team-b/git': 'forbidden' } },
        verdicts: [`notEvaluated RBAC_DENIED_READ ${B}`],
      },
    ],
    [
      'no Secret was read',
      [source('team-a/app'), source('team-b/app'), secret('team-a', '1'), secret('team-b', '1')],
      'notEvaluated NOT_COLLECTED',
      { ...shared, unavailable: { secretFacts: 'notCollected' } },
    ],
    [
      'buckets may not be listed',
      [source('team-a/app'), secret('team-a', '1')],
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailableSources: { Bucket: 'forbidden' } },
    ],
    [
      'who shares the cluster is not known',
      [source('team-a/app'), source('team-b/app'), secret('team-a', '1'), secret('team-b', '1')],
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { namespaces: 'forbidden' } },
    ],
    [
      "a cluster without tenants: the same credential twice is nobody else's",
      [source('team-a/app'), source('team-b/app'), secret('team-a', '1'), secret('team-b', '1')],
      'pass CREDENTIAL_KEPT',
      { registration: { role: 'standalone' } },
    ],
    ['public sources', [gitRepository('team-a/app')], 'notApplicable NO_CREDENTIALS', shared],
    ['no source', [], 'notApplicable NO_CREDENTIALS', shared],
  ]);

  it('judges a Secret of many sources once', () => {
    const sources = Array.from({ length: 5 }, (_each, index) => source(`team-a/app-${index}`));
    const result = judge(control, [...sources, secret('team-a', '1', ['identity'], 730)], shared);
    expect(result.observations).toHaveLength(1);
    expect(result.message).toContain('GitRepository app-0, GitRepository app-1, GitRepository app-2 and 2 more');
  });
});
