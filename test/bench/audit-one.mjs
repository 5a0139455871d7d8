// Child of collect.mjs: reads and judges one simulated cluster, the way it is asked to, and reports time and memory.
import { Agent, request } from 'undici';
import { createGunzip } from 'node:zlib';
import { catalog, DEFAULT_PROFILE, profileById } from '#libs/controls';
import { ARTIFACT_NAMES } from '#libs/core';
import { evaluate } from '#libs/engine';
import { ClusterClient, collectSnapshot } from '#libs/kubernetes';
import { EgressPolicy } from '#libs/platform';

const { mode, caPem, cluster, rounds } = JSON.parse(process.argv[2]);
const LISTS = [
  '/api/v1/namespaces',
  '/api/v1/pods',
  '/api/v1/serviceaccounts',
  '/apis/apps/v1/deployments',
  '/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations',
  '/apis/helm.toolkit.fluxcd.io/v2/helmreleases',
  ...['gitrepositories', 'ocirepositories', 'helmrepositories', 'helmcharts', 'buckets'].map(
    (kind) => `/apis/source.toolkit.fluxcd.io/v1/${kind}`,
  ),
  '/apis/notification.toolkit.fluxcd.io/v1beta3/alerts',
  '/apis/notification.toolkit.fluxcd.io/v1beta3/providers',
  '/apis/notification.toolkit.fluxcd.io/v1/receivers',
  ...['imagepolicies', 'imagerepositories', 'imageupdateautomations'].map(
    (kind) => `/apis/image.toolkit.fluxcd.io/v1/${kind}`,
  ),
  '/apis/source.extensions.fluxcd.io/v1beta1/artifactgenerators',
  ...['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'].map(
    (kind) => `/apis/rbac.authorization.k8s.io/v1/${kind}`,
  ),
  '/api/v1/nodes',
  '/api/v1/events',
  '/apis/apps/v1/daemonsets',
  '/apis/node.k8s.io/v1/runtimeclasses',
  '/apis/networking.k8s.io/v1/networkpolicies',
  '/apis/networking.k8s.io/v1/ingresses',
  '/apis/apiregistration.k8s.io/v1/apiservices',
  ...['webhookconfigurations', 'admissionpolicies', 'admissionpolicybindings']
    .map((kind) => `/apis/admissionregistration.k8s.io/v1/validating${kind}`)
    .concat('/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'),
  '/api/v1/namespaces/flux-system/services',
  '/api/v1/namespaces/flux-system/resourcequotas',
  '/apis/policy/v1/namespaces/flux-system/poddisruptionbudgets',
];

/** The same lists, paged and parsed, and nothing done with them. */
async function bareFetch() {
  const agent = new Agent({ connections: 4, connect: { ca: caPem } });
  let objects = 0;
  for (const path of LISTS) {
    let next = '';
    do {
      const response = await request(`${cluster.server}${path}?limit=500${next}`, {
        dispatcher: agent,
        headers: { authorization: `Bearer ${cluster.token}`, 'accept-encoding': 'gzip' },
      });
      const body = response.headers['content-encoding'] === 'gzip' ? response.body.pipe(createGunzip()) : response.body;
      const chunks = [];
      for await (const chunk of body) chunks.push(chunk);
      const list = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      objects += list.items?.length ?? 0;
      next = list.metadata?.continue ? `&continue=${encodeURIComponent(list.metadata.continue)}` : '';
    } while (next !== '');
  }
  await agent.close();
  return { objects };
}

async function audit() {
  const client = await ClusterClient.open(
    { server: cluster.server, caData: caPem, credential: { kind: 'token', token: cluster.token } },
    {
      egress: new EgressPolicy({ allowCidrs: ['127.0.0.0/8'], allowPorts: [] }),
      userAgent: 'plimsoll-bench',
      budget: { wallMs: 300_000, bytes: 8e9, requests: 100_000, qps: 100_000, burst: 100_000 },
    },
  );
  const started = performance.now();
  const snapshot = await collectSnapshot(client, {
    name: 'bench',
    registration: { name: 'bench', role: 'tenant', tenancy: 'shared' },
    sightings: { firstSeen: {} },
    needs: ARTIFACT_NAMES,
  });
  const collected = performance.now();
  const assessment = evaluate(catalog, profileById(DEFAULT_PROFILE), snapshot);
  const evaluated = performance.now();
  await client.close();
  return {
    collectMs: collected - started,
    evaluateMs: evaluated - collected,
    coverage: assessment.coverage.ratio,
    requests: snapshot.stats?.requests,
  };
}

const results = [];
for (let round = 0; round < rounds; round += 1) {
  const started = performance.now();
  const detail = mode === 'bare' ? await bareFetch() : await audit();
  results.push({ ms: performance.now() - started, ...detail });
}
process.send({ results, maxRssBytes: process.resourceUsage().maxRSS * 1024 }, () => process.exit(0));
