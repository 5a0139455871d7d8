import { describe, expect, it } from 'vitest';
import { clusterPolicy, kyvernoWebhook, nativePolicy } from '../../../../test/support/admission-policies.js';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, controller, fluxObject } from '../../../../test/support/flux-installation.js';
import { account, bindEverywhere, bindIn, clusterRole, group, rule } from '../../../../test/support/rbac-objects.js';
import { tenantSources as control } from './x-21-tenant-sources.js';

const principals = { groups: ['team-a'] };
const high = {
  registration: {
    ...SHARED,
    tenants: [{ ...SHARED.tenants[0], isolation: 'high' as const, principals }, SHARED.tenants[1]],
  },
};
const undeclared = { registration: { ...SHARED, tenants: [{ ...SHARED.tenants[0], principals }, SHARED.tenants[1]] } };
const may = (resources: string, verbs = 'create') =>
  clusterRole('sources', [rule(verbs, resources, 'source.toolkit.fluxcd.io')]);
const bound = bindIn('team-a', 'sources', group('team-a'));
const flux = [
  ...controller('kustomize-controller', ['--default-service-account=default']),
  ...controller('helm-controller', []),
];
const git = [...flux, may('gitrepositories'), bound];
const all = [...flux, may('*'), bound];
const RESOURCES = ['gitrepositories', 'ocirepositories', 'helmrepositories', 'buckets'];
const FROM_GIT = "object.spec.url.startsWith('https://git.example.com/')";
const allowed = nativePolicy(`has(object.spec.url) && ${FROM_GIT}`, RESOURCES);
const withGate = controller('kustomize-controller', ['--feature-gates=ExternalArtifact=true']);
const external = [may('externalartifacts'), bound];

describe('FLUX-X-21', () => {
  tableOf(control)([
    [
      'any GitRepository, declared high',
      git,
      'fail ANY_SOURCE',
      {
        ...high,
        severity: 'medium',
        verdicts: ['fail ANY_SOURCE Tenant/team-a', 'pass NO_SOURCES_BY_TENANT Tenant/team-b'],
        message: /group team-a may create gitrepositories in team-a/,
      },
    ],
    ['any GitRepository, high by default', git, 'warn ANY_SOURCE', undeclared],
    [
      'a policy about GitRepositories',
      [...git, ...nativePolicy(FROM_GIT, ['gitrepositories'])],
      'pass SOURCES_RESTRICTED',
      high,
    ],
    ['a policy about all kinds', [...all, ...allowed], 'pass SOURCES_RESTRICTED', high],
    [
      'a policy about some kinds',
      [...all, ...nativePolicy(FROM_GIT, ['gitrepositories', 'helmrepositories'])],
      'fail ANY_SOURCE',
      { ...high, message: /Bucket, OCIRepository/ },
    ],
    [
      'a policy that audits',
      [...git, ...nativePolicy(FROM_GIT, ['gitrepositories'], { actions: ['Audit'] })],
      'fail ANY_SOURCE',
      { ...high, message: /does not refuse this/ },
    ],
    [
      'Kyverno allows one host',
      [
        ...git,
        kyvernoWebhook(),
        clusterPolicy(['GitRepository'], { pattern: { spec: { url: 'https://git.example.com/?*' } } }),
      ],
      'pass SOURCES_RESTRICTED',
      high,
    ],
    [
      'Kyverno allows any host',
      [
        ...git,
        kyvernoWebhook(),
        clusterPolicy(['GitRepository'], { pattern: { spec: { url: 'https://?* | ssh://?*' } } }),
      ],
      'fail ANY_SOURCE',
      high,
    ],
    [
      'Kyverno leaves the tenant out',
      [
        ...git,
        kyvernoWebhook(),
        clusterPolicy(
          ['GitRepository'],
          { pattern: { spec: { url: 'https://git.example.com/?*' } } },
          { excluded: ['team-*'] },
        ),
      ],
      'fail ANY_SOURCE',
      high,
    ],
    [
      'a policy that is not understood',
      [
        ...git,
        ...nativePolicy('isURL(object.spec.url) && url(object.spec.url).getHost() in ["git.example.com"]', [
          'gitrepositories',
        ]),
      ],
      'notEvaluated POLICY_NOT_UNDERSTOOD',
      high,
    ],
    ['nobody may create sources', flux, 'pass NO_SOURCES_BY_TENANT', high],
    [
      'somebody may change them only',
      [...flux, may('gitrepositories', 'get list patch'), bound],
      'pass NO_SOURCES_BY_TENANT',
      high,
    ],
    [
      'an account of the tenant may',
      [...flux, may('gitrepositories'), bindIn('team-a', 'sources', account('team-a/deployer'))],
      'fail ANY_SOURCE',
      high,
    ],
    [
      'the controller applies what the tenant has, as itself',
      [
        ...controller('kustomize-controller', []),
        clusterRole('cluster-admin', [rule('*', '*', '*')]),
        bindEverywhere('cluster-admin', account('flux-system/kustomize-controller')),
        fluxObject('Kustomization', 'team-a/apps', { sourceRef: { kind: 'GitRepository', name: 'apps' } }),
      ],
      'fail ANY_SOURCE',
      { ...high, message: /service account flux-system\/kustomize-controller may create/ },
    ],
    [
      'kinds that are not served',
      git,
      'notApplicable NO_SOURCE_API',
      { ...high, notServed: ['source.toolkit.fluxcd.io'] },
    ],
    [
      'tenants without a namespace',
      git,
      'notApplicable NO_TENANT_NAMESPACES',
      { registration: { ...SHARED, tenants: [{ name: 'a' }, { name: 'b' }] } },
    ],
    ['a standalone cluster', git, 'notApplicable NO_TENANT_BOUNDARY', { registration: { role: 'standalone' } }],
    [
      'a dedicated cluster',
      git,
      'notApplicable NO_TENANT_BOUNDARY',
      { registration: { role: 'tenant', tenancy: 'dedicated', tenants: [SHARED.tenants[0]] } },
    ],
    [
      'policies could not be read',
      git,
      'notEvaluated RBAC_DENIED_READ',
      { ...high, unavailable: { admissionPolicies: 'forbidden' } },
    ],
    ['ExternalArtifacts, gate off', [...flux, ...external], 'pass NO_SOURCES_BY_TENANT', high],
    [
      'ExternalArtifacts, gate on',
      [...withGate, ...external],
      'fail ANY_SOURCE',
      { ...high, message: /ExternalArtifact/ },
    ],
    [
      'ExternalArtifacts, gate on, for a controller only',
      [
        ...withGate,
        ...external,
        ...nativePolicy("request.userInfo.username == 'system:serviceaccount:flux-system:source-watcher'", [
          'externalartifacts',
        ]),
      ],
      'pass SOURCES_RESTRICTED',
      high,
    ],
    [
      'a gate that nobody can read',
      [
        ...controller('helm-controller', ['--feature-gates=$(GATES)'], {
          env: [{ name: 'GATES', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
        }),
      ],
      'notEvaluated GATE_UNKNOWN',
      high,
    ],
  ]);

  it('writes the policy with the hosts of today', () => {
    const source = (name: string, url: string) => ({
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name, namespace: 'team-a' },
      spec: { url },
    });
    const [observation] = judge(
      control,
      [
        ...git,
        source('a', 'https://git.example.com/team-a/app'),
        source('b', 'ssh://git@git.example.com/x'),
        source('c', 'nonsense'),
      ],
      high,
    ).observations;
    expect(observation?.fixes?.[0]?.content).toContain(
      '["https://git.example.com/","ssh://git@git.example.com/"].exists(prefix, object.spec.url.startsWith(prefix))',
    );
    expect(observation?.fixes?.[0]?.content).toMatch(
      /key: kubernetes\.io\/metadata\.name\n\s+operator: In\n\s+values:\n\s+- team-a/,
    );
  });
});
