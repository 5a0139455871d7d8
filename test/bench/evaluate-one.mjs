// Child of evaluate.mjs: 10,000 objects in 220 namespaces, 20 tenants, in the proportions of a busy shared cluster.
import { catalog } from '#libs/controls';
import { ARTIFACT_NAMES, SOURCE_KINDS } from '#libs/core';
import { evaluate } from '#libs/engine';
import { fluxInstallation } from '#libs/simulator';

const TENANTS = 20;
const NAMESPACES_EACH = 10;
const APPS = 1_600;

const names = (count, prefix) => Array.from({ length: count }, (_, number) => `${prefix}${number}`);
const uid = (name) => `uid-${name}`;
const meta = (name, namespace, more = {}) => ({
  name,
  ...(namespace && { namespace }),
  uid: uid(`${namespace}-${name}`),
  resourceVersion: '1',
  generation: 1,
  creationTimestamp: '2026-01-01T00:00:00Z',
  ...more,
});
const tenants = names(TENANTS, 'team-');
const namespaces = tenants.flatMap((tenant) => names(NAMESPACES_EACH, `${tenant}-`));
const nodes = names(100, 'node-');
const at = (list, number) => list[number % list.length];
const ready = (generation) => ({
  observedGeneration: generation,
  lastAppliedRevision: 'main@sha1:0123456789012345678901234567890123456789',
  conditions: [
    { type: 'Ready', status: 'True', reason: 'ReconciliationSucceeded', lastTransitionTime: '2026-11-01T11:58:00Z' },
  ],
  history: [{ lastReconciled: '2026-11-01T11:58:00Z', lastReconciledStatus: 'ReconciliationSucceeded' }],
});

function values() {
  const apps = names(APPS, 'app-');
  const rbac = 'rbac.authorization.k8s.io/v1';
  const flux = fluxInstallation({ lockDown: 'multiTenancy' });
  const sources = (kind, resource) =>
    apps.slice(0, 800).map((name, number) => ({
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind,
      metadata: meta(name, at(namespaces, number)),
      spec: { interval: '5m', url: `https://git.example.com/${resource}/${name}`, ref: { branch: 'main' } },
      status: { conditions: ready(1).conditions, artifact: { revision: ready(1).lastAppliedRevision } },
    }));
  return {
    namespaces: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: meta('flux-system') },
      ...namespaces.map((name) => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: meta(name, undefined, { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } }),
      })),
    ],
    deployments: flux.deployments,
    pods: flux.pods,
    kustomizations: apps.map((name, number) => ({
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: meta(name, at(namespaces, number)),
      spec: {
        interval: '10m',
        prune: true,
        path: './',
        serviceAccountName: 'deployer',
        sourceRef: { kind: 'GitRepository', name: at(apps.slice(0, 800), number) },
        ...(number % 40 === 0 && { kubeConfig: { secretRef: { name: 'kubeconfig' } } }),
      },
      status: { ...ready(1), inventory: { entries: names(20, 'x_y_apps_Deployment').map((id) => ({ id, v: 'v1' })) } },
    })),
    helmReleases: apps.slice(0, 800).map((name, number) => ({
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: meta(name, at(namespaces, number)),
      spec: {
        interval: '10m',
        serviceAccountName: 'deployer',
        chart: { spec: { chart: 'x', version: '1.2.3', sourceRef: { kind: 'HelmRepository', name } } },
      },
      status: ready(1),
    })),
    sources: {
      GitRepository: sources('GitRepository', 'git'),
      HelmRepository: sources('HelmRepository', 'helm'),
      OCIRepository: sources('OCIRepository', 'oci'),
    },
    alerts: namespaces.map((namespace) => ({
      apiVersion: 'notification.toolkit.fluxcd.io/v1beta3',
      kind: 'Alert',
      metadata: meta('all', namespace),
      spec: { providerRef: { name: 'pager' }, eventSources: [{ kind: 'Kustomization', name: '*' }] },
    })),
    providers: namespaces.map((namespace) => ({
      apiVersion: 'notification.toolkit.fluxcd.io/v1beta3',
      kind: 'Provider',
      metadata: meta('pager', namespace),
      spec: { type: 'slack', secretRef: { name: 'pager' } },
    })),
    serviceAccounts: namespaces.flatMap((namespace) =>
      ['default', 'deployer', 'app'].map((name) => ({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: meta(name, namespace),
      })),
    ),
    rbac: [
      {
        apiVersion: rbac,
        kind: 'ClusterRole',
        metadata: meta('admin'),
        rules: [{ apiGroups: ['', 'apps', 'batch'], resources: ['*'], verbs: ['*'] }],
      },
      ...names(400, 'role-').map((name) => ({
        apiVersion: rbac,
        kind: 'ClusterRole',
        metadata: meta(name),
        rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'patch'] }],
      })),
      ...namespaces.flatMap((namespace) =>
        names(8, 'binding-').map((name, number) => ({
          apiVersion: rbac,
          kind: 'RoleBinding',
          metadata: meta(name, namespace),
          subjects: [
            number === 0
              ? { kind: 'ServiceAccount', name: 'deployer', namespace }
              : { kind: 'Group', name: `group-${number}` },
          ],
          roleRef: { kind: 'ClusterRole', name: number === 0 ? 'admin' : `role-${number}` },
        })),
      ),
    ],
    nodes: nodes.map((name) => ({ apiVersion: 'v1', kind: 'Node', metadata: meta(name), spec: {} })),
    podGroups: namespaces.flatMap((namespace, number) =>
      names(3, 'web-').map((name) => ({
        namespace,
        owner: { kind: 'Deployment', name },
        serviceAccountName: 'app',
        risks: [],
        mirror: false,
        nodes: Object.fromEntries(
          [0, 1, 2].map((shift) => [at(nodes, number + shift), { count: 4, oldestStart: '2026-10-01T00:00:00Z' }]),
        ),
      })),
    ),
    networkPolicies: namespaces.flatMap((namespace) =>
      ['default-deny', 'allow-dns'].map((name) => ({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: meta(name, namespace),
        spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
      })),
    ),
    sealedSecrets: apps.slice(0, 900).map((name, number) => ({
      apiVersion: 'bitnami.com/v1alpha1',
      kind: 'SealedSecret',
      metadata: meta(name, at(namespaces, number)),
      spec: {},
    })),
  };
}

const RECORDS = new Set(['configMaps', 'platformConfigMaps', 'secretFacts', 'kubeConfigMaps', 'gitTrees']);
const collected = (value) => ({ state: 'collected', value });

function snapshotOf(found) {
  const registration = {
    name: 'bench',
    role: 'tenant',
    tenancy: 'shared',
    tenants: tenants.map((name) => ({
      name,
      isolation: 'high',
      namespaces: { names: namespaces.filter((namespace) => namespace.startsWith(`${name}-`)) },
      principals: { groups: [name], serviceAccounts: [`${name}-0/deployer`] },
    })),
  };
  const special = {
    registration: collected(registration),
    sightings: collected({ firstSeen: {} }),
    discovery: collected({ serverVersion: 'v1.36.3', resources: [], stale: [] }),
    sources: collected(Object.fromEntries(SOURCE_KINDS.map((kind) => [kind, collected(found.sources[kind] ?? [])]))),
  };
  const artifacts = Object.fromEntries(
    ARTIFACT_NAMES.map((name) => [name, special[name] ?? collected(RECORDS.has(name) ? {} : (found[name] ?? []))]),
  );
  return {
    schemaVersion: 1,
    cluster: { name: 'bench', uid: 'bench', serverVersion: 'v1.36.3' },
    collectedAt: '2026-11-01T12:00:00Z',
    artifacts,
  };
}

const profile = { id: 'bench@1', ruleSetVersion: '1', controls: catalog.map(({ id }) => id) };
const timed = (act) => {
  const started = performance.now();
  act();
  return performance.now() - started;
};

const found = values();
const { sources, ...lists } = found;
const objects = [...Object.values(lists), ...Object.values(sources)].reduce((sum, list) => sum + list.length, 0);
// Each round judges new objects, so that nothing that was derived before is there already.
const rounds = Array.from({ length: 4 }, () => {
  const snapshot = snapshotOf(structuredClone(found));
  return timed(() => evaluate(catalog, profile, snapshot));
});
const snapshot = snapshotOf(structuredClone(found));
const slowest = catalog
  .map((control) => ({
    id: control.id,
    took: timed(() => evaluate([control], { ...profile, controls: [control.id] }, snapshot)),
  }))
  .toSorted((a, b) => b.took - a.took)
  .slice(0, 8);
process.send({
  objects,
  controls: catalog.length,
  first: rounds[0],
  best: Math.min(...rounds.slice(1)),
  slowest,
  maxRssBytes: process.resourceUsage().maxRSS * 1024,
});
process.disconnect();
