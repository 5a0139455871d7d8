import { randomUUID } from 'node:crypto';
import type { AdminClient, Manifest } from './admin-client.js';
import type { LabCluster } from './cluster.js';
import { createServiceAccount, requestToken } from './identities.js';
import { eventually } from './poll.js';
import type { SourceServer } from './source-server.js';

export const KUSTOMIZATION = 'kustomize.toolkit.fluxcd.io/v1';
export const HELM_RELEASE = 'helm.toolkit.fluxcd.io/v2';
export const ALERT = 'notification.toolkit.fluxcd.io/v1beta3';

/** A cluster that a management cluster applies to. */
export interface RemoteApplyTarget {
  readonly hub: LabCluster;
  readonly spoke: LabCluster;
  /** On the hub, named after the spoke: holds the Flux objects and the credential of this spoke. */
  readonly namespace: string;
  readonly kubeconfigSecret: Manifest;
  /** What gives the hub its rights on the spoke. */
  readonly spokeBinding: Manifest;
}

/** Gives the hub an account on the spoke, and stores its kubeconfig on the hub where Flux looks for it. */
export async function connectSpoke(
  hub: LabCluster,
  spoke: LabCluster,
  namespace = spoke.name,
): Promise<RemoteApplyTarget> {
  const account = { namespace: 'platform', name: 'flux-remote' };
  await createServiceAccount(spoke.admin, { ...account, clusterRole: 'cluster-admin' });
  const token = await requestToken(spoke.admin, account.namespace, account.name);
  await hub.admin.apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { 'toolkit.fluxcd.io/tenant': namespace } },
  });
  const kubeconfigSecret: Manifest = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace, name: 'spoke-kubeconfig' },
    stringData: { value: await spoke.kubeconfig({ token }) },
  };
  await hub.admin.apply(kubeconfigSecret);
  const spokeBinding: Manifest = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: `${account.namespace}-${account.name}` },
  };
  return { hub, spoke, namespace, kubeconfigSecret, spokeBinding };
}

const kubeConfig = ({ kubeconfigSecret }: RemoteApplyTarget) => ({
  secretRef: { name: kubeconfigSecret.metadata.name },
});

/** A Kustomization on the hub that applies the files to the spoke; the files come from the source server. `spec` adds to its own. */
export async function remoteKustomization(
  target: RemoteApplyTarget,
  sources: SourceServer,
  name: string,
  files: Readonly<Record<string, string>>,
  spec: object = {},
): Promise<Manifest> {
  const { hub, namespace } = target;
  await sources.publishGit(hub.admin, { namespace, name }, files);
  const kustomization: Manifest = {
    apiVersion: KUSTOMIZATION,
    kind: 'Kustomization',
    metadata: { namespace, name },
    spec: {
      interval: '30s',
      retryInterval: '10s',
      timeout: '30s',
      path: './',
      prune: true,
      sourceRef: { kind: 'GitRepository', name },
      kubeConfig: kubeConfig(target),
      ...spec,
    },
  };
  await hub.admin.apply(kustomization);
  return kustomization;
}

/** A HelmRelease on the hub that installs a chart on the spoke, into the given namespace; the chart holds one ConfigMap, unless `templates` say otherwise. */
export async function remoteHelmRelease(
  target: RemoteApplyTarget,
  sources: SourceServer,
  name: string,
  targetNamespace: string,
  { spec, templates }: { readonly spec?: object; readonly templates?: Readonly<Record<string, string>> } = {},
): Promise<Manifest> {
  const { hub, namespace } = target;
  await sources.publishChart(
    hub.admin,
    { namespace, name },
    { name, version: '1.0.0', templates: templates ?? { 'config-map.yaml': configMapYaml(`${name}-from-chart`) } },
  );
  const release: Manifest = {
    apiVersion: HELM_RELEASE,
    kind: 'HelmRelease',
    metadata: { namespace, name },
    spec: {
      interval: '30s',
      chartRef: { kind: 'OCIRepository', name },
      targetNamespace,
      storageNamespace: targetNamespace,
      kubeConfig: kubeConfig(target),
      ...spec,
    },
  };
  await hub.admin.apply(release);
  return release;
}

/** A ConfigMap as a file of a repository or chart. */
export function configMapYaml(
  name: string,
  namespace?: string,
  data: Readonly<Record<string, string>> = { a: '1' },
): string {
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
}

export interface AlertPath {
  readonly alert: Manifest;
  readonly provider: Manifest;
}

/** Sends every error about Kustomizations and HelmReleases of the namespace to `address`. */
export async function alertTo(
  client: AdminClient,
  namespace: string,
  name: string,
  address: string,
): Promise<AlertPath> {
  const provider: Manifest = {
    apiVersion: ALERT,
    kind: 'Provider',
    metadata: { namespace, name },
    spec: { type: 'generic', address },
  };
  const alert: Manifest = {
    apiVersion: ALERT,
    kind: 'Alert',
    metadata: { namespace, name },
    spec: {
      providerRef: { name },
      eventSeverity: 'error',
      eventSources: [
        { kind: 'Kustomization', name: '*' },
        { kind: 'HelmRelease', name: '*' },
      ],
    },
  };
  await client.applyAll([provider, alert]);
  return { alert, provider };
}

export interface ReadyCondition {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

export async function readyCondition(client: AdminClient, object: Manifest): Promise<ReadyCondition | undefined> {
  const { status } = await client.get(object);
  const { conditions = [] } = (status ?? {}) as { conditions?: (ReadyCondition & { type: string })[] };
  return conditions.find(({ type }) => type === 'Ready');
}

/** Brings the next reconcile at once, as `flux reconcile` does. Answers the request's mark, for `untilHandled`. */
export async function reconcileNow(client: AdminClient, object: Manifest): Promise<string> {
  const requestedAt = `${new Date().toISOString()}#${randomUUID()}`;
  await client.patch(object, { metadata: { annotations: { 'reconcile.fluxcd.io/requestedAt': requestedAt } } });
  return requestedAt;
}

/** Waits until the controller has taken up the request; its outcome may come a moment later. */
export async function untilHandled(client: AdminClient, object: Manifest, requestedAt: string): Promise<void> {
  await eventually(`${object.kind} ${object.metadata.name} is reconciled`, async () => {
    const { status } = await client.get(object);
    const { lastHandledReconcileAt, conditions = [] } = (status ?? {}) as {
      lastHandledReconcileAt?: string;
      conditions?: { type: string }[];
    };
    const running = conditions.some(({ type }) => type === 'Reconciling');
    return (lastHandledReconcileAt === requestedAt && !running) || undefined;
  });
}
