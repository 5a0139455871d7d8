import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  PROBED_RESOURCES,
  catalog,
  controlById,
  planAccessReviews,
  planProbes,
  probedPrincipals,
} from '#libs/controls';
import { ARTIFACT_NAMES, type Control, type ControlResult, type Registration, type Snapshot } from '#libs/core';
import { evaluate } from '#libs/engine';
import { ClusterClient, auditorClusterRole, collectSnapshot, proberManifest } from '#libs/kubernetes';
import { EgressPolicy } from '#libs/platform';
import type { Manifest } from './admin-client.js';
import { FaultyProxy, type RecordedRequest } from './faulty-proxy.js';
import { requestToken } from './identities.js';
import { startLab, type Lab, type RunningCluster } from './lab.js';
import { eventually } from './poll.js';

const shared = inject('lab');
const RBAC = 'rbac.authorization.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io';
const LABEL = 'platform.example.com/protected';
const labels = { [LABEL]: 'true' };
const REGISTRATION: Registration = {
  name: 'dedicated',
  role: 'tenant',
  tenancy: 'dedicated',
  fluxNamespaces: ['flux-system'],
  platformNamespaces: ['flux-system', 'flux-remote'],
  platformPrincipals: { groups: ['platform-admins'], serviceAccounts: ['flux-remote/flux'] },
  tenants: [
    { name: 'team-a', namespaces: { names: ['team-a'] }, principals: { groups: ['team-a'] } },
    { name: 'team-b', namespaces: { names: ['team-b'] }, principals: { users: ['bob'] } },
  ],
  activeVerification: { enabled: true },
};

const role = (kind: 'Role' | 'ClusterRole', path: string, rules: readonly object[], more: object = {}): Manifest => ({
  apiVersion: `${RBAC}/v1`,
  kind,
  metadata: { ...at(path), ...more },
  rules,
});
function at(path: string): { readonly name: string; readonly namespace?: string } {
  const [first = '', second] = path.split('/');
  return second === undefined ? { name: first } : { namespace: first, name: second };
}
const bind = (
  kind: 'Role' | 'ClusterRole',
  path: string,
  subjects: readonly object[],
  more: object = {},
): Manifest => ({
  apiVersion: `${RBAC}/v1`,
  kind: `${kind}Binding`,
  metadata: { ...at(path), ...more },
  roleRef: { apiGroup: RBAC, kind, name: at(path).name },
  subjects,
});
const group = (name: string) => ({ kind: 'Group', apiGroup: RBAC, name });
const account = (path: string) => ({ kind: 'ServiceAccount', ...at(path) });
const rule = (apiGroup: string, resources: readonly string[], verbs: readonly string[], resourceNames?: string[]) => ({
  apiGroups: [apiGroup],
  resources,
  verbs,
  ...(resourceNames && { resourceNames }),
});

/** What the platform's access rests on: one object at least of every class. */
const PLATFORM: readonly Manifest[] = [
  ...['team-a', 'team-b'].map((name): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  ...['flux-remote', 'flux-system'].map((name): Manifest => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels },
  })),
  role('ClusterRole', 'platform', [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }], { labels }),
  bind('ClusterRole', 'platform', [group('platform-admins'), account('flux-remote/flux')], { labels }),
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...at('flux-remote/flux'), labels } },
  // Flux impersonates this account.
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...at('flux-remote/applier'), labels } },
  role('Role', 'flux-remote/impersonator', [rule('', ['serviceaccounts'], ['impersonate'], ['applier'])], { labels }),
  bind('Role', 'flux-remote/impersonator', [account('flux-remote/flux')], { labels }),
  role('Role', 'flux-remote/applier', [rule('', ['configmaps'], ['get'])], { labels }),
  bind('Role', 'flux-remote/applier', [account('flux-remote/applier')], { labels }),
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...at('kube-system/aws-auth'), labels },
    data: { mapRoles: '[]' },
  },
  {
    apiVersion: `${ADMISSION}/v1`,
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'engine', labels },
    webhooks: [
      {
        name: 'engine.example.com',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        clientConfig: { url: 'https://engine.invalid/' },
        rules: [
          { apiGroups: ['none.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nothing'] },
        ],
      },
    ],
  },
  { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1', labels } },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      ...at('flux-system/kustomize-controller'),
      labels: { ...labels, 'app.kubernetes.io/part-of': 'flux', app: 'kustomize-controller' },
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: 'kustomize-controller' } },
      template: {
        metadata: { labels: { app: 'kustomize-controller', 'app.kubernetes.io/part-of': 'flux' } },
        spec: { containers: [{ name: 'manager', image: 'ghcr.io/fluxcd/kustomize-controller:v1.7.0' }] },
      },
    },
  },
];

/** Rights that leave the platform's access to admission; none of them leads to more. */
const RIGHTS: readonly (readonly [kind: string, place: string, rule: object])[] = [
  ['A1 ClusterRoleBinding', '', rule(RBAC, ['clusterrolebindings'], ['delete', 'patch'], ['platform'])],
  ['A2 ClusterRole', '', rule(RBAC, ['clusterroles'], ['patch'], ['platform'])],
  ['A3 ServiceAccount', 'flux-remote', rule('', ['serviceaccounts'], ['delete', 'patch'], ['flux'])],
  ['A3 Namespace', '', rule('', ['namespaces'], ['delete', 'patch'], ['flux-remote'])],
  ['A3 Namespace', '', rule('', ['namespaces/status'], ['patch'], ['flux-remote'])],
  ['A3 Namespace', '', rule('', ['namespaces/finalize'], ['update'], ['flux-remote'])],
  ['A4 ServiceAccount', 'flux-remote', rule('', ['serviceaccounts'], ['delete'], ['applier'])],
  ['A6 ValidatingWebhookConfiguration', '', rule(ADMISSION, ['validatingwebhookconfigurations'], ['create', 'delete'])],
  ['A7 Node', '', rule('', ['nodes'], ['delete'])],
  ['A7 ResourceQuota', 'flux-remote', rule('', ['resourcequotas'], ['create'])],
  ['A8 Deployment', 'flux-system', rule('apps', ['deployments'], ['delete'])],
  ['A8 Deployment', 'flux-system', rule('apps', ['deployments/scale'], ['patch'])],
];
const CLASSES = [...new Set(RIGHTS.map(([kind]) => kind))].toSorted();

function tenantRights(): readonly Manifest[] {
  const places = [...new Set(RIGHTS.map(([, place]) => place))];
  const people = [group('team-a')];
  return [
    ...places.flatMap((place) => {
      const rules = RIGHTS.filter(([, where]) => where === place).map(([, , each]) => each);
      const kind = place === '' ? 'ClusterRole' : 'Role';
      const path = place === '' ? 'team-a' : `${place}/team-a`;
      return [role(kind, path, rules), bind(kind, path, people)];
    }),
    role('Role', 'kube-system/team-b', [rule('', ['configmaps'], ['update'], ['aws-auth'])]),
    bind('Role', 'kube-system/team-b', [{ kind: 'User', apiGroup: RBAC, name: 'bob' }]),
  ];
}

const RULES = [
  { apiGroups: [RBAC], resources: ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'] },
  {
    apiGroups: [''],
    resources: ['serviceaccounts', 'configmaps', 'nodes', 'namespaces', 'namespaces/status', 'namespaces/finalize'],
  },
  { apiGroups: [ADMISSION], resources: ['validatingwebhookconfigurations'] },
  { apiGroups: ['apps'], resources: ['deployments', 'deployments/scale'] },
].map((each) => ({ ...each, apiVersions: ['*'], operations: ['UPDATE', 'DELETE'] }));
const CREATES = [
  { apiGroups: [''], resources: ['resourcequotas'] },
  { apiGroups: [ADMISSION], resources: ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'] },
].map((each) => ({ ...each, apiVersions: ['*'], operations: ['CREATE'] }));
const PROTECT = {
  failurePolicy: 'Fail',
  matchConstraints: { resourceRules: [...RULES, ...CREATES] },
  variables: [
    {
      name: 'isPlatform',
      expression:
        "request.userInfo.groups.exists(g, g in ['platform-admins', 'system:masters']) || request.userInfo.username in ['system:serviceaccount:flux-remote:flux', 'system:kube-controller-manager']",
    },
  ],
  validations: [
    {
      expression: `variables.isPlatform || oldObject == null || !has(oldObject.metadata.labels) || !('${LABEL}' in oldObject.metadata.labels)`,
      message: 'protected platform access object',
      reason: 'Forbidden',
    },
    { expression: "variables.isPlatform || request.operation != 'CREATE'", message: 'only the platform creates this' },
    { expression: "variables.isPlatform || request.subResource != 'scale'", message: 'only the platform scales this' },
  ],
};
const NAME = 'protect-platform-access';
const policy = (spec: object = PROTECT): Manifest => ({
  apiVersion: `${ADMISSION}/v1`,
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name: NAME },
  spec,
});
const binding = (more: object = {}): Manifest => ({
  apiVersion: `${ADMISSION}/v1`,
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name: NAME },
  spec: { policyName: NAME, validationActions: ['Deny'], ...more },
});
const scoped = (change: (rule: (typeof RULES)[number]) => (typeof RULES)[number]) => ({
  ...PROTECT,
  matchConstraints: { resourceRules: [...RULES.map(change), ...CREATES] },
});

describe.skipIf(!shared)('active verification of a dedicated cluster [needs lab]', () => {
  let lab: Lab;
  let cluster: RunningCluster;
  let proxy: FaultyProxy;
  let token: string;
  let before: ReadonlyMap<string, string>;
  const control = controlById('FLUX-DED-02') as Control;

  beforeAll(async () => {
    if (!shared) return;
    lab = await startLab({ programs: shared.programs, clusters: [{ name: 'dedicated', controllerManager: false }] });
    cluster = lab.cluster('dedicated');
    const { admin } = cluster;
    for (const object of [...PLATFORM, ...tenantRights()]) await admin.apply(object);
    const auditor = { namespace: 'plimsoll', name: 'plimsoll-reader' };
    const version = (await admin.request('GET', '/version')).json as { readonly gitVersion: string };
    const prober = proberManifest({
      ...probedPrincipals(REGISTRATION),
      reach: PROBED_RESOURCES,
      serverVersion: version.gitVersion,
      auditor,
    });
    const reader = auditorClusterRole(catalog);
    const manifests = [
      ...prober,
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: auditor },
      reader,
      bind('ClusterRole', 'plimsoll-reader', [{ kind: 'ServiceAccount', ...auditor }]),
      role('Role', 'kube-system/plimsoll-reader', [rule('', ['configmaps'], ['get'], ['aws-auth'])]),
      bind('Role', 'kube-system/plimsoll-reader', [{ kind: 'ServiceAccount', ...auditor }]),
    ] as readonly Manifest[];
    for (const object of manifests) await admin.apply(object);
    token = await requestToken(admin, auditor.namespace, auditor.name);
    proxy = await FaultyProxy.start(cluster);
    await settled(
      'the guard is at work',
      async () => (await audit()).snapshot.artifacts.probes.state === 'collected',
      3,
    );
    before = await versions();
    proxy.recorded.length = 0;
  });
  afterAll(async () => {
    await proxy?.stop();
    await lab?.stop();
  });

  async function audit(): Promise<{ readonly snapshot: Snapshot; readonly result: ControlResult }> {
    const egress = new EgressPolicy({ allowCidrs: ['127.0.0.0/8'], allowPorts: [] });
    const access = { server: proxy.url, caData: cluster.caPem, credential: { kind: 'token', token } } as const;
    const budget = { qps: 500, burst: 500 };
    const client = await ClusterClient.open(access, { egress, userAgent: 'plimsoll-test', budget });
    try {
      const snapshot = await collectSnapshot(client, {
        name: 'dedicated',
        registration: REGISTRATION,
        sightings: { firstSeen: {} },
        needs: ARTIFACT_NAMES.filter((name) => control.requires.includes(name) || control.optional.includes(name)),
        planReviews: planAccessReviews,
        probes: { plan: planProbes, marker: 'run_lab' },
      });
      const profile = { id: 'test@1', ruleSetVersion: 'test', controls: [control.id] };
      const [result] = evaluate([control], profile, snapshot).results;
      if (!result) throw new Error('no result');
      return { snapshot, result };
    } finally {
      await client.close();
    }
  }

  /** Policies come into effect a moment after they are written, and for another moment not in every request. */
  function settled(what: string, holds: () => Promise<boolean>, times = 8): Promise<true> {
    let inARow = 0;
    return eventually(what, async () => {
      inARow = (await holds()) ? inARow + 1 : 0;
      return inARow >= times ? true : undefined;
    });
  }

  /** Of everything that could be changed, uid and resourceVersion. */
  async function versions(): Promise<ReadonlyMap<string, string>> {
    const paths = [
      ...['namespaces', 'nodes', 'serviceaccounts', 'configmaps', 'secrets', 'resourcequotas', 'pods', 'services'].map(
        (resource) => `/api/v1/${resource}`,
      ),
      ...['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'].map((each) => `/apis/${RBAC}/v1/${each}`),
      ...['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'].map(
        (each) => `/apis/${ADMISSION}/v1/${each}`,
      ),
      '/apis/apps/v1/deployments',
      '/apis/networking.k8s.io/v1/networkpolicies',
    ];
    const lists = await Promise.all(paths.map((path) => cluster.admin.request('GET', path)));
    const items = lists.flatMap(
      ({ json }) => (json as { items: { metadata: { uid: string; resourceVersion: string } }[] }).items,
    );
    return new Map(items.map(({ metadata }) => [metadata.uid, metadata.resourceVersion]));
  }

  /** What a dry-run deletion of the binding as the tenant answers. */
  const deletion = async () =>
    (
      await cluster.admin.request(
        'DELETE',
        `/apis/${RBAC}/v1/clusterrolebindings/platform?dryRun=All`,
        { apiVersion: 'v1', kind: 'DeleteOptions', dryRun: ['All'] },
        { 'impersonate-user': 'ann', 'impersonate-group': 'team-a' },
      )
    ).status;

  /** Judges the cluster under a policy, once it is in effect. */
  async function under(objects: readonly Manifest[], status: number): Promise<readonly string[]> {
    for (const object of objects) await cluster.admin.apply(object);
    await settled('the policy is in effect', async () => (await deletion()) === status);
    const { result } = await audit();
    return linesOf(result);
  }

  const linesOf = (result: ControlResult) =>
    result.observations
      .map(({ outcome, reason, subject }) => `${outcome} ${reason} ${subject.name} ${subject.field ?? ''}`)
      .toSorted();
  const all = (verdict: string) => CLASSES.map((kind) => `${verdict} team-a ${kind}`);

  it('finds that nothing protects the access of the platform, class by class', async () => {
    const { result, snapshot } = await audit();
    const lines = linesOf(result);
    expect(lines).toEqual(
      expect.arrayContaining([
        ...all('fail UNPROTECTED').filter((line) => !line.includes(' A6 ')),
        'fail UNPROTECTED team-b A5 ConfigMap',
        'fail GUARD_REMOVABLE team-a A6 ValidatingWebhookConfiguration',
        'fail UNPROTECTED team-a A6 ValidatingWebhookConfiguration',
      ]),
    );
    expect(lines.filter((line) => !line.startsWith('fail'))).toEqual([]);
    const { probes } = snapshot.artifacts;
    if (probes.state !== 'collected') throw new Error(probes.message);
    expect(probes.requests).toContainEqual({
      method: 'DELETE',
      path: `/apis/${RBAC}/v1/clusterrolebindings/platform?dryRun=All`,
      status: 200,
      dryRun: true,
      as: 'plimsoll:member',
      auditId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('passes where a policy protects all of it', async () => {
    expect(await under([policy(), binding()], 403)).toEqual(
      [...all('pass PROTECTED'), 'pass PROTECTED team-b A5 ConfigMap'].toSorted(),
    );
  });

  it('fails where the policy only records', async () => {
    const lines = await under([policy(), binding({ validationActions: ['Audit'] })], 200);
    expect(lines).toEqual(expect.arrayContaining(['fail UNPROTECTED team-a A1 ClusterRoleBinding']));
    expect(lines.filter((line) => line.startsWith('pass'))).toEqual([]);
  });

  it('fails where the policy looks past the object', async () => {
    const past = {
      matchResources: { objectSelector: { matchLabels: { [LABEL]: 'another' } } },
    };
    const lines = await under([policy(), binding(past)], 200);
    expect(lines).toEqual(expect.arrayContaining(['fail UNPROTECTED team-a A1 ClusterRoleBinding']));
  });

  it('fails by ownerReferences where the policy sees deletions only', async () => {
    const deletesOnly = scoped((each) => ({ ...each, operations: ['DELETE'] }));
    const lines = await under([policy(deletesOnly), binding()], 403);
    expect(lines).toEqual(
      expect.arrayContaining([
        'fail UNPROTECTED team-a A1 ClusterRoleBinding',
        'fail UNPROTECTED team-a A2 ClusterRole',
        'fail UNPROTECTED team-a A3 ServiceAccount',
        'pass PROTECTED team-a A4 ServiceAccount',
        'pass PROTECTED team-a A7 Node',
      ]),
    );
  });

  it('finds the hole where the policy leaves the status of Namespaces out', async () => {
    const noStatus = scoped((each) => ({
      ...each,
      resources: each.resources.filter((resource) => resource !== 'namespaces/status'),
    }));
    const lines = await under([policy(noStatus), binding()], 403);
    expect(lines).toContain('fail GUARD_REMOVABLE team-a A3 Namespace');
    expect(lines.filter((line) => !line.includes('Namespace') && !line.startsWith('pass'))).toEqual([]);
  });

  it('fails again where the policy is gone', async () => {
    await cluster.admin.delete(binding());
    await cluster.admin.delete(policy());
    await settled('the policy is gone', async () => (await deletion()) === 200);
    expect(linesOf((await audit()).result)).toContain('fail UNPROTECTED team-a A1 ClusterRoleBinding');
  });

  it('has sent nothing that could change the cluster, and nothing has changed', async () => {
    const isReview = ({ url }: RecordedRequest) =>
      /^\/apis\/(authorization|authentication)\.k8s\.io\/v1\/(self)?subject[a-z]*reviews$/.test(url);
    const writes = proxy.recorded.filter((request) => request.method !== 'GET' && !isReview(request));
    expect(writes.length).toBeGreaterThan(100);
    expect(new Set(writes.map(({ method }) => method))).toEqual(new Set(['DELETE', 'PATCH', 'POST', 'PUT']));
    for (const { url, headers } of writes) {
      expect([url, url.endsWith('?dryRun=All')]).toEqual([url, true]);
      expect(headers['impersonate-extra-plimsoll%2fprobe']).toBe('run_lab');
      expect(headers['impersonate-user']).toBeTruthy();
    }
    // Of a deletion the body wins, so it has to say it too.
    const deletions = writes.filter(({ method }) => method === 'DELETE');
    expect(deletions.map(({ body }): unknown => JSON.parse(body))).toEqual(
      deletions.map(() => ({
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        dryRun: ['All'],
        preconditions: { uid: expect.any(String) as unknown },
      })),
    );
    expect(await versions()).toEqual(before);
  });
});
