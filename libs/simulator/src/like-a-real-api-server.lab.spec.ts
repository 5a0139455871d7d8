import { Agent, request as send } from 'undici';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab, type AttachedLab } from '../../../test/lab/attach.js';
import { createServiceAccount, requestToken } from '../../../test/lab/identities.js';
import { jsonDifferences } from '../../../test/lab/json-differences.js';
import { eventually } from '../../../test/lab/poll.js';
import { EVERYTHING, FLUX_RESOURCES, SimulatedCluster, SimulatedServer, type SimulatedObject } from './index.js';

const handle = inject('lab');

const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';
const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

interface Ask {
  readonly path: string;
  readonly method?: string;
  readonly accept?: string;
  readonly body?: unknown;
  readonly as?: 'admin' | 'stranger';
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly json: unknown;
}

/** What the auditor may read in both clusters. */
const READABLE = [
  ['', 'namespaces'],
  ['apps', 'deployments'],
  ['kustomize.toolkit.fluxcd.io', 'kustomizations'],
] as const;

const review = (verb: string, group: string, resource: string): Ask => ({
  path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  method: 'POST',
  body: {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { verb, group, resource } },
  },
});

describe.skipIf(!handle?.flux)('the simulator answers as a real API server does [needs lab]', () => {
  const namespace = 'simulator-spec';
  let lab: AttachedLab;
  let server: SimulatedServer;
  let askReal: (ask: Ask) => Promise<Answer>;
  let askSimulated: (ask: Ask) => Promise<Answer>;
  const agents: Agent[] = [];

  beforeAll(async () => {
    lab = attachLab(handle);
    const real = lab['tenant-b'];
    const auditor = { namespace, name: 'auditor' };
    const rules = READABLE.map(([group, resource]) => ({
      apiGroups: [group],
      resources: [resource],
      verbs: ['get', 'list'],
    }));
    await createServiceAccount(real.admin, { ...auditor, rules });
    await createServiceAccount(real.admin, { namespace, name: 'admin', clusterRole: 'cluster-admin' });
    const objects = [deployment(namespace), kustomization(namespace)];
    await real.admin.applyAll(objects);
    await eventually('the Deployment is observed', async () => {
      const { status } = await real.admin.get(deployment(namespace));
      return (status as { observedGeneration?: number }).observedGeneration === 1 || undefined;
    });
    askReal = asker(real.server, real.caPem, {
      auditor: await requestToken(real.admin, namespace, 'auditor'),
      admin: await requestToken(real.admin, namespace, 'admin'),
    });

    const user = (name: string) => ({
      name: `system:serviceaccount:${namespace}:${name}`,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
      denied: [],
    });
    const allowed = READABLE.flatMap(([group, resource]) => ['get', 'list'].map((verb) => ({ verb, group, resource })));
    const base = { resources: FLUX_RESOURCES, objects: [namespaceObject(namespace), ...objects.map(observed)] };
    const simulated = new SimulatedCluster({ ...base, name: 'auditor', user: { ...user('auditor'), allowed } });
    const administered = new SimulatedCluster({
      ...base,
      name: 'admin',
      user: { ...user('admin'), allowed: EVERYTHING },
    });
    server = await SimulatedServer.start({ clusters: [simulated, administered] });
    const asAuditor = asker(server.urlOf(simulated), server.caPem, { auditor: simulated.user.token, admin: '' });
    const asAdmin = asker(server.urlOf(administered), server.caPem, { auditor: '', admin: administered.user.token });
    askSimulated = (ask) => (ask.as === 'admin' ? asAdmin : asAuditor)(ask);
  });
  afterAll(async () => {
    await Promise.all(agents.map((agent) => agent.destroy()));
    await server.close();
    await lab.close();
  });

  function asker(url: string, ca: string, tokens: { readonly auditor: string; readonly admin: string }) {
    const agent = new Agent({ connect: { ca } });
    agents.push(agent);
    return async ({ path, method = 'GET', accept = 'application/json', body, as }: Ask): Promise<Answer> => {
      const token = as === 'stranger' ? 'nonsense' : tokens[as ?? 'auditor'];
      const response = await send(`${url}${path}`, {
        dispatcher: agent,
        method: method as 'GET',
        headers: { authorization: `Bearer ${token}`, accept, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.body.text();
      const contentType = String(response.headers['content-type'] ?? '');
      return {
        status: response.statusCode,
        contentType,
        text,
        json: contentType.includes('json') ? JSON.parse(text) : undefined,
      };
    };
  }

  it.each(
    titled([
      { path: '/api/v1/pods' },
      { path: '/api/v1/namespaces/x/pods' },
      { path: '/api/v1/namespaces/x/pods/one' },
      { path: '/api/v1/nodes/one' },
      { path: '/apis/apps/v1/daemonsets' },
      { path: '/apis/nosuch.example.com/v1/things' },
      { path: '/api/v1/namespaces/default', method: 'DELETE' },
      { path: '/apis/apps/v1/deployments', method: 'POST', body: {} },
      { path: '/nosuch' },
      { path: '/version', as: 'stranger' },
      { path: '/api/v1/namespaces', as: 'stranger' },
      { path: '/api/v1/namespaces/nosuch' },
      { path: `/apis/apps/v1/namespaces/${namespace}/deployments/nosuch` },
      { path: `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${namespace}/kustomizations/nosuch` },
      { path: '/api/v1/nosuch', as: 'admin' },
      { path: '/apis/apps/v1/nosuch', as: 'admin' },
      { path: '/apis/apps/v2/deployments', as: 'admin' },
      { path: '/apis/nosuch.example.com/v1/things', as: 'admin' },
      { path: '/apis/nosuch.example.com', as: 'admin' },
      { path: '/apis/kustomize.toolkit.fluxcd.io/v1beta2/kustomizations' },
      { path: '/apis/kustomize.toolkit.fluxcd.io/v1/nosuch', as: 'admin' },
      { path: '/nosuch', as: 'admin' },
      { path: '/api/v1/namespaces?limit=abc' },
      { path: '/apis/apps/v1/deployments?fieldSelector=spec.foo%3Dbar' },
      { path: '/api', accept: 'application/json;g=apidiscovery.k8s.io;v=v3;as=APIGroupDiscoveryList' },
      { path: '/readyz' },
    ]),
  )('word for word: %s', async (_, ask) => {
    const [real, simulated] = await Promise.all([askReal(ask), askSimulated(ask)]);
    expect(plain(simulated)).toEqual(plain(real));
  });

  it.each(
    titled([
      { path: '/version' },
      { path: '/api' },
      { path: '/apis' },
      { path: '/apis/apps' },
      { path: '/apis/kustomize.toolkit.fluxcd.io' },
      { path: '/apis/apps/v1' },
      { path: '/api/v1' },
      { path: '/apis/kustomize.toolkit.fluxcd.io/v1' },
      ...['networking.k8s.io', 'policy', 'node.k8s.io', 'admissionregistration.k8s.io', 'apiregistration.k8s.io']
        .concat('rbac.authorization.k8s.io')
        .map((group) => ({ path: `/apis/${group}/v1` })),
      ...['/apis/networking.k8s.io/v1/ingresses', '/apis/policy/v1/poddisruptionbudgets', '/api/v1/resourcequotas']
        .concat('/apis/node.k8s.io/v1/runtimeclasses')
        .concat('/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies')
        .map((path) => ({ path: `${path}?limit=500`, as: 'admin' as const })),
      { path: '/api', accept: AGGREGATED },
      { path: '/apis', accept: AGGREGATED },
      { path: '/api/v1/namespaces/kube-system' },
      { path: '/api/v1/namespaces/kube-system', accept: METADATA },
      { path: '/api/v1/namespaces' },
      { path: '/api/v1/namespaces?limit=2' },
      { path: '/api/v1/namespaces?limit=2', accept: METADATA_LIST },
      { path: '/api/v1/namespaces?limit=2&labelSelector=kubernetes.io/metadata.name' },
      { path: '/api/v1/namespaces?labelSelector=no%3Dsuch' },
      { path: '/api/v1/namespaces?limit=500&resourceVersion=0' },
      { path: '/api/v1/namespaces?limit=2&continue=garbage' },
      { path: '/api/v1/namespaces?labelSelector=a%20b%20c' },
      { path: `/apis/apps/v1/namespaces/${namespace}/deployments?limit=500` },
      { path: '/apis/apps/v1/deployments?labelSelector=app.kubernetes.io/part-of%3Dsimulator-spec' },
      { path: `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${namespace}/kustomizations?limit=500` },
      { path: `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${namespace}/kustomizations/apps` },
      { path: '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/nosuch/kustomizations' },
      { path: `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${namespace}/kustomizations`, accept: METADATA_LIST },
      review('list', '', 'namespaces'),
      review('list', '', 'pods'),
      review('delete', 'apps', 'deployments'),
      {
        path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
        method: 'POST',
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
      },
    ]),
  )('in shape: %s', async (_, ask) => {
    const [real, simulated] = await Promise.all([askReal(ask), askSimulated(ask)]);
    expect(simulated.status).toBe(real.status);
    expect(simulated.contentType).toBe(real.contentType);
    expect(jsonDifferences(simulated.json, real.json)).toEqual([]);
  });

  it('a continue token leads to the rest of the list, without a count where a selector is used', async () => {
    for (const ask of [askReal, askSimulated]) {
      const first = (await ask({ path: '/api/v1/namespaces?limit=3' })).json as List;
      const { metadata, items } = first;
      const rest = (await ask({ path: `/api/v1/namespaces?limit=500&continue=${metadata.continue}` })).json as List;
      expect(rest.metadata.continue).toBeUndefined();
      expect(rest.items.length).toBe(metadata.remainingItemCount);
      expect(rest.items.map((item) => item.metadata.name)).not.toContain(items[0]?.metadata.name);
      const selected = (await ask({ path: '/api/v1/namespaces?limit=1&labelSelector=kubernetes.io/metadata.name' }))
        .json as List;
      expect(selected.metadata.continue).toBeDefined();
      expect(selected.metadata.remainingItemCount).toBeUndefined();
    }
  });
});

function titled(asks: readonly Ask[]): (readonly [string, Ask])[] {
  return asks.map((ask) => {
    const accept = /as=\w+/.exec(ask.accept ?? '')?.[0];
    const resource = /"resource":"(\w+)"/.exec(JSON.stringify(ask.body) ?? '')?.[1];
    return [[ask.method ?? 'GET', ask.path, accept, resource, ask.as && `as ${ask.as}`].filter(Boolean).join(' '), ask];
  });
}

/** Two spellings of one JSON value are equal. */
function plain({ text, ...answer }: Answer): unknown {
  return answer.json === undefined ? { ...answer, text: text.trim() } : answer;
}

interface List {
  readonly metadata: { readonly continue?: string; readonly remainingItemCount?: number };
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

const namespaceObject = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
  spec: { finalizers: ['kubernetes'] },
  status: { phase: 'Active' },
});

/** What the controllers (and the default of the custom resource) add. */
function observed(object: SimulatedObject): SimulatedObject {
  if (object.kind === 'Kustomization') return { ...object, status: { observedGeneration: -1 } };
  const at = '2026-01-01T00:00:00Z';
  const condition = { status: 'True', message: '', lastUpdateTime: at, lastTransitionTime: at };
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { 'deployment.kubernetes.io/revision': '1' } },
    status: {
      observedGeneration: 1,
      conditions: [
        { ...condition, type: 'Available', reason: 'MinimumReplicasAvailable' },
        { ...condition, type: 'Progressing', reason: 'NewReplicaSetAvailable' },
      ],
    },
  };
}

const deployment = (namespace: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'one', namespace, labels: { 'app.kubernetes.io/part-of': 'simulator-spec' } },
  spec: {
    replicas: 0,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    strategy: { type: 'Recreate' },
    selector: { matchLabels: { app: 'one' } },
    template: {
      metadata: { labels: { app: 'one' } },
      spec: {
        containers: [
          {
            name: 'one',
            image: 'example.com/one:1',
            imagePullPolicy: 'IfNotPresent',
            resources: {},
            terminationMessagePath: '/dev/termination-log',
            terminationMessagePolicy: 'File',
          },
        ],
        dnsPolicy: 'ClusterFirst',
        restartPolicy: 'Always',
        schedulerName: 'default-scheduler',
        securityContext: {},
        terminationGracePeriodSeconds: 30,
      },
    },
  },
});

const kustomization = (namespace: string) => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata: { name: 'apps', namespace },
  spec: { force: false, interval: '10m', path: './', prune: true, sourceRef: { kind: 'GitRepository', name: 'apps' } },
});
