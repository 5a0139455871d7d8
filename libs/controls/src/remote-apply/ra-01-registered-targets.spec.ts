import { describe, expect, it } from 'vitest';
import { collected, unavailable } from '#libs/core';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { HUB, byMap, fleetCluster, kubeMap, kubeSecret } from '../../../../test/support/kubeconfig-facts.js';
import { helmRelease, kustomization } from '../../../../test/support/remote-apply-objects.js';
import { snapshotOf } from '../../../../test/support/snapshot-of.js';
import { kubeConfigWriterQuestions } from '../access/questions/kubeconfig-writers.js';
import { ClusterDirectory, hostAndPort } from './match-cluster.js';
import { registeredTargets as control } from './ra-01-registered-targets.js';

const judges = tableOf(control);
const KS = 'Kustomization/spoke-a/apps';
const spoke = (fields: object = {}, name = 'spoke-a') => fleetCluster(name, fields);
const OTHER = fleetCluster('spoke-b', { server: 'https://10.0.0.2:6443', caSpkiSha256: 'bb', tenants: ['b'] });
const of = (config: object | undefined, ...more: readonly object[]) => [kustomization(), kubeSecret(config), ...more];
const withKeys = (keys: readonly string[], key?: string) => [
  kustomization({ spec: { kubeConfig: { secretRef: { name: 'kubeconfig', ...(key !== undefined && { key }) } } } }),
  { ...kubeSecret(), keys, kubeConfig: undefined },
  spoke(),
];
const TENANTS = {
  registration: {
    role: 'management',
    tenancy: 'shared',
    tenants: [
      { name: 'a', namespaces: { names: ['spoke-a'] }, principals: { groups: ['team-a'] } },
      { name: 'b', namespaces: { names: ['spoke-b'] } },
    ],
  },
} as const;

describe('applicability', () => {
  judges([
    ['an empty cluster', [], 'notApplicable NO_REMOTE_APPLY'],
    [
      'a tenant cluster among dedicated ones',
      [spoke({ tenancy: 'dedicated', delivery: 'remoteApply' })],
      'notApplicable NO_REMOTE_APPLY',
      { registration: { role: 'tenant' } },
    ],
  ]);
});

describe('where a Secret leads', () => {
  judges([
    [
      'server and CA of a registered cluster',
      of({}, spoke()),
      'pass MAPPED',
      { verdicts: [`pass MAPPED ${KS}`], message: /cluster spoke-a/ },
    ],
    [
      'the key that Flux does not read',
      withKeys(['kubeconfig']),
      'fail KEY_MISSING',
      { message: /no key value or value\.yaml/ },
    ],
    [
      'not the key that the reference names',
      withKeys(['value'], 'spoke'),
      'fail KEY_MISSING',
      { message: /no key spoke/ },
    ],
    ['a key whose facts were not read', withKeys(['value']), 'notEvaluated NOT_COLLECTED'],
    [
      'a server that is not registered',
      of({ server: 'https://10.9.9.9', caSpkiSha256: 'cc' }, spoke()),
      'fail UNREGISTERED_TARGET',
      { severity: 'high', message: /10\.9\.9\.9/ },
    ],
    ['no registered cluster at all', of({}), 'fail UNREGISTERED_TARGET'],
    ['no current context', of({ problem: 'NO_CURRENT_CONTEXT', fields: [] }, spoke()), 'fail NO_CURRENT_CONTEXT'],
    ['not YAML', of({ problem: 'NOT_YAML', fields: [] }, spoke()), 'fail KUBECONFIG_MALFORMED'],
    ['no server', of({ server: undefined }, spoke()), 'fail NO_SERVER'],
    ['the Secret does not exist', [kustomization(), spoke()], 'fail SECRET_MISSING'],
    ['neither Secret nor ConfigMap', [kustomization({ spec: { kubeConfig: {} } }), spoke()], 'fail NO_REFERENCE'],
    [
      'the address in another form',
      of(
        { server: 'https://API.example.com/', caSpkiSha256: undefined },
        spoke({ server: 'https://api.example.com:443' }),
      ),
      'pass MAPPED',
    ],
    ['the same CA at another address', of({ server: 'https://lb.example.com' }, spoke()), 'pass MAPPED'],
    [
      'one CA for two clusters, told apart by their address',
      of({}, spoke(), spoke({ server: 'https://10.0.0.9:6443' }, 'spoke-c')),
      'pass MAPPED',
      { message: /spoke-a/ },
    ],
    [
      'two clusters with this CA, at other addresses',
      of({ server: 'https://lb.example.com' }, spoke(), spoke({ server: 'https://10.0.0.9:6443' }, 'spoke-c')),
      'fail AMBIGUOUS_TARGET',
      { message: /spoke-a, spoke-c/ },
    ],
    [
      'two objects with one Secret',
      [...of({}, spoke()), helmRelease()],
      'pass MAPPED',
      { verdicts: [`pass MAPPED HelmRelease/spoke-a/apps`, `pass MAPPED ${KS}`] },
    ],
  ]);
});

describe('where a ConfigMap leads', () => {
  const map = (fields: object, ...more: readonly object[]) => [
    kustomization({ spec: byMap }),
    kubeMap(fields),
    spoke({ cloudId: 'arn:1' }),
    ...more,
  ];
  judges([
    ['the address of a registered cluster', map({}), 'pass MAPPED'],
    [
      'the id of a registered cluster',
      map({ provider: 'aws', cluster: 'arn:1', address: undefined, caSpkiSha256: undefined }),
      'pass MAPPED',
    ],
    [
      'the id wins over the address',
      map({ provider: 'aws', cluster: 'arn:1', address: 'https://10.0.0.2:6443' }, OTHER),
      'pass MAPPED',
      { message: /spoke-a/ },
    ],
    ['generic without an address', map({ address: undefined }), 'fail ADDRESS_MISSING'],
    ['an address over http, which Flux refuses', map({ address: 'http://10.0.0.1:6443' }), 'fail ADDRESS_NOT_HTTPS'],
    ['an address without a scheme', map({ address: '10.0.0.1:6443' }), 'pass MAPPED'],
    ['aws without a cluster', map({ provider: 'aws', cluster: undefined }), 'fail CLUSTER_MISSING'],
    ['gcp by address alone', map({ provider: 'gcp' }), 'pass MAPPED'],
    ['gcp with nothing', map({ provider: 'gcp', address: undefined }), 'fail CLUSTER_MISSING'],
    ['no provider', map({ provider: undefined }), 'fail PROVIDER_UNKNOWN'],
    ['the ConfigMap does not exist', [kustomization({ spec: byMap }), spoke()], 'fail CONFIG_MAP_MISSING'],
  ]);
});

describe('back to this cluster', () => {
  judges([
    [
      'by its address',
      of({ server: 'https://hub.example.com:6443', caSpkiSha256: undefined }, HUB),
      'warn SELF_TARGET',
      { severity: 'medium' },
    ],
    [
      'by the name that pods use',
      of({ server: 'https://kubernetes.default.svc', caSpkiSha256: 'x' }, HUB),
      'warn SELF_TARGET',
    ],
    ['by its CA', of({ server: 'https://lb', caSpkiSha256: 'hub' }, HUB), 'warn SELF_TARGET'],
    [
      'by the name that pods use, where the registry does not say which this is',
      of({ server: 'https://kubernetes.default.svc', caSpkiSha256: 'x' }, spoke()),
      'fail UNREGISTERED_TARGET',
    ],
  ]);
});

describe('tenants', () => {
  judges([
    [
      'an object of a tenant and its own cluster',
      of({}, spoke({ tenants: ['a'] })),
      'pass MAPPED',
      { ...TENANTS, unavailable: {} },
    ],
    [
      'an object of a tenant and the cluster of another',
      of({}, spoke({ tenants: ['b'] })),
      'fail CROSS_TENANT_TARGET',
      { ...TENANTS, message: /tenant a/ },
    ],
    [
      'an object of the platform and the cluster of a tenant',
      [
        kustomization({ metadata: { namespace: 'platform' } }),
        kubeSecret({}, { namespace: 'platform' }),
        spoke({ tenants: ['b'] }),
      ],
      'pass MAPPED',
      TENANTS,
    ],
    ['a cluster whose tenants are not stated', of({}, spoke()), 'pass MAPPED', TENANTS],
    [
      'tenants by label, and namespaces cannot be read',
      of({}, spoke({ tenants: ['b'] })),
      'notEvaluated RBAC_DENIED_READ',
      {
        registration: {
          role: 'management',
          tenancy: 'shared',
          tenants: [
            { name: 'a', namespaces: { matchLabels: { team: 'a' } } },
            { name: 'b', namespaces: { names: ['x'] } },
          ],
        },
        unavailable: { namespaces: 'forbidden' },
      },
    ],
  ]);
});

describe('who may change the kubeconfig', () => {
  const grant = (verbs: readonly string[], resources: readonly string[] = ['secrets']) => [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'edit', namespace: 'spoke-a' },
      rules: [{ apiGroups: [''], resources, verbs }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'edit', namespace: 'spoke-a' },
      subjects: [{ kind: 'Group', name: 'team-a', apiGroup: 'rbac.authorization.k8s.io' }],
      roleRef: { kind: 'Role', name: 'edit' },
    },
  ];
  const own = of({}, spoke({ tenants: ['a'] }));
  const review = (allowed: boolean | null) => ({
    kind: 'AccessReview',
    question: {
      user: '',
      groups: ['team-a', 'system:authenticated'],
      verb: 'update',
      group: '',
      resource: 'secrets',
      namespace: 'spoke-a',
      name: 'kubeconfig',
    },
    allowed,
  });
  judges([
    [
      'the tenant of the cluster may patch Secrets',
      [...own, ...grant(['patch'])],
      'fail TENANT_CAN_REDIRECT',
      { ...TENANTS, message: /group team-a/ },
    ],
    ['the tenant may read Secrets', [...own, ...grant(['get', 'list'])], 'pass MAPPED', TENANTS],
    [
      'the tenant may write ConfigMaps, and it is a Secret',
      [...own, ...grant(['*'], ['configmaps'])],
      'pass MAPPED',
      TENANTS,
    ],
    [
      'the tenant may write ConfigMaps, and it is one',
      [kustomization({ spec: byMap }), kubeMap(), spoke({ tenants: ['a'] }), ...grant(['*'], ['configmaps'])],
      'fail TENANT_CAN_REDIRECT',
      TENANTS,
    ],
    ['the API server allows it', [...own, review(true)], 'fail TENANT_CAN_REDIRECT', TENANTS],
    [
      'another tenant has the cluster',
      [
        kustomization({ metadata: { namespace: 'platform' } }),
        kubeSecret({}, { namespace: 'platform' }),
        spoke({ tenants: ['b'] }),
        ...grant(['patch']),
      ],
      'pass MAPPED',
      TENANTS,
    ],
    ['rights cannot be read', own, 'notEvaluated RBAC_DENIED_READ', { ...TENANTS, unavailable: { rbac: 'forbidden' } }],
    [
      'rights cannot be read, and nobody of the tenant is declared',
      of({}, spoke({ tenants: ['b'] })),
      'fail CROSS_TENANT_TARGET',
      { ...TENANTS, unavailable: { rbac: 'forbidden' } },
    ],
  ]);

  it('asks the API server, once for each principal and kubeconfig', () => {
    const { artifacts } = snapshotOf([...own, helmRelease()], TENANTS);
    expect(kubeConfigWriterQuestions(artifacts)).toEqual([review(null).question]);
    expect(kubeConfigWriterQuestions({ ...artifacts, registration: unavailable('timeout', 'x') })).toEqual([]);
    expect(
      kubeConfigWriterQuestions({ ...artifacts, kustomizations: collected([]), helmReleases: collected([]) }),
    ).toEqual([]);
  });
});

describe('clusters that nothing leads to', () => {
  const dedicated = (delivery?: string) => spoke({ tenancy: 'dedicated', ...(delivery && { delivery }) });
  const management = { registration: { role: 'management' } } as const;
  const CLUSTER = 'Cluster/spoke-a';
  judges([
    [
      'applied to from here, as the registry says',
      [dedicated('remoteApply')],
      'fail UNMANAGED',
      { ...management, verdicts: [`fail UNMANAGED ${CLUSTER}`] },
    ],
    ['it has its own Flux', [dedicated('inCluster')], 'notApplicable NO_REMOTE_APPLY', management],
    ['it is managed in another way', [dedicated('other')], 'notApplicable NO_REMOTE_APPLY', management],
    ['nobody says how', [dedicated()], 'warn UNMANAGED', management],
    [
      'a shared cluster',
      [spoke({ tenancy: 'shared', delivery: 'remoteApply' })],
      'notApplicable NO_REMOTE_APPLY',
      management,
    ],
    [
      'another management cluster may do it',
      [dedicated('remoteApply'), fleetCluster('hub-2', { role: 'management', server: 'https://hub2' })],
      'warn UNMANAGED',
      management,
    ],
    ['something leads to it', of({}, dedicated('remoteApply')), 'pass MAPPED', management],
    [
      'something leads somewhere, nobody knows where',
      [
        ...of({}, dedicated('remoteApply')),
        kustomization({ metadata: { name: 'b' }, spec: { kubeConfig: { secretRef: { name: 'b' } } } }),
        fleetCluster('spoke-z', {
          server: 'https://z',
          caSpkiSha256: 'zz',
          tenancy: 'dedicated',
          delivery: 'remoteApply',
        }),
      ],
      'notEvaluated TARGETS_UNKNOWN',
      {
        ...management,
        unavailableEntries: { secretFacts: { 'spoke-a/b': 'forbidden' } },
        verdicts: [
          'notEvaluated TARGETS_UNKNOWN Cluster/spoke-z',
          'notEvaluated RBAC_DENIED_READ Kustomization/spoke-a/b',
          `pass MAPPED ${KS}`,
        ],
      },
    ],
    [
      'this cluster itself',
      [fleetCluster('hub', { self: true, tenancy: 'dedicated', delivery: 'remoteApply' })],
      'notApplicable NO_REMOTE_APPLY',
      management,
    ],
  ]);
});

describe('what could not be read', () => {
  judges([
    [
      'the Secret',
      of({}, spoke()),
      'notEvaluated RBAC_DENIED_READ',
      { unavailableEntries: { secretFacts: { 'spoke-a/kubeconfig': 'forbidden' } } },
    ],
    ['the registry', of({}, spoke()), 'notEvaluated NOT_COLLECTED', { unavailable: { fleet: 'notCollected' } }],
  ]);

  it('names the Secret that the auditor may not get', () => {
    const { missing } = judge(control, of({}, spoke()), {
      unavailableEntries: { secretFacts: { 'spoke-a/kubeconfig': 'forbidden' } },
    });
    expect(missing).toEqual([
      { verb: 'get', group: '', resource: 'secrets', namespace: 'spoke-a', name: 'kubeconfig' },
    ]);
  });
});

describe('addresses', () => {
  it.each([
    ['https://A.example.com/', 'a.example.com:443'],
    ['a.example.com', 'a.example.com:443'],
    ['http://a', 'a:80'],
    ['https://a.:6443/k8s/clusters/c-1', 'a:6443'],
    ['https://[::1]:6443', '[::1]:6443'],
    ['https://a:06443', 'a:6443'],
    ['', undefined],
    ['https://', undefined],
    [undefined, undefined],
  ])('%s', (address, expected) => {
    expect(hostAndPort(address)).toBe(expected);
  });

  it('does not match clusters that share nothing but what is empty', () => {
    const clusters = [{ name: 'a', server: '', tenants: [] }];
    expect(new ClusterDirectory(clusters).match({ address: '', caSpkiSha256: '', cloudId: '' })).toEqual({
      state: 'none',
    });
  });

  const behindProxy = (id: string, path = `/k8s/clusters/${id}`) =>
    ({ name: id, server: `https://rancher.example.com:443${path}`, caSpkiSha256: 'proxy', tenants: [] }) as const;
  const proxied = new ClusterDirectory([behindProxy('c-1'), behindProxy('c-2')]);
  it.each([
    ['its path', 'https://rancher.example.com/k8s/clusters/c-2/', 'c-2'],
    ['the path of one that is not registered', 'https://rancher.example.com/k8s/clusters/c-3', 'none'],
    ['no path, as Flux reads ConfigMaps', 'rancher.example.com', 'several'],
  ])('tells clusters behind one proxy apart by %s', (_name, address, expected) => {
    const match = proxied.match({ address, caSpkiSha256: 'PROXY' });
    expect(match.state === 'one' ? match.cluster.name : match.state).toBe(expected);
  });

  it('takes an address with a path for the one cluster at that address, where the registry has no path', () => {
    const directory = new ClusterDirectory([behindProxy('c-1', '')]);
    expect(directory.match({ address: 'https://rancher.example.com/x' })).toMatchObject({
      state: 'one',
      by: 'address',
    });
  });
});
