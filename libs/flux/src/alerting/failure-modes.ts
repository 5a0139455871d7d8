import type { HelmRelease, Kustomization } from '#libs/core';

/** An object of which people must hear when it fails. */
export type AlertedObject = Kustomization | HelmRelease;

/** Ways in which a remote apply fails, by what Flux makes of it. */
export type FailureMode =
  | 'APPLY_DENIED'
  | 'KUBECLIENT_FAIL'
  | 'BUILD_FAIL'
  | 'HEALTH_FAIL'
  | 'ARTIFACT_FAIL'
  | 'DELETE_FAIL'
  | 'SOURCE_MISSING'
  | 'SOURCE_FAIL'
  | 'DEPENDENCY'
  | 'SUSPENDED'
  | 'CONTROLLER_DOWN'
  | 'STATE_ERROR'
  | 'REST_CLIENT'
  | 'ACTION_FAIL'
  | 'VALUES_FAIL'
  | 'CHART_FAIL'
  | 'FROZEN';

/** What a metric shows of it: the Ready condition, `spec.suspend`, the condition of a source, a controller that is away. */
export type MetricSign = 'notReady' | 'suspended' | 'sourceNotReady' | 'controllerDown';

export interface FailureModeFacts {
  readonly mode: FailureMode;
  /** For people; continues "when ". */
  readonly when: string;
  /** The platform has lost its hold on the target cluster. */
  readonly essential: boolean;
  /** The event that the controller sends for it; absent: it sends none, so no Flux Alert can tell. */
  readonly event?: { readonly severity: 'error' | 'info'; readonly samples: readonly string[] };
  /** Absent: no metric shows it. */
  readonly sign?: MetricSign;
}

const error = (...samples: readonly string[]) => ({ severity: 'error', samples }) as const;

/**
 * Messages as the controllers send them (kustomize-controller 1.9, helm-controller 1.6), several for each mode, so that
 * the patterns of an Alert can be tried. Errors of an apply end with a line break.
 */
const DESCRIBED: Record<FailureMode, Omit<FailureModeFacts, 'mode'>> = {
  APPLY_DENIED: {
    when: 'the target cluster refuses the apply or cannot be reached',
    essential: true,
    event: error(
      'Namespace/apps dry-run failed (Forbidden): namespaces "apps" is forbidden: User "system:serviceaccount:flux:remote" cannot patch resource "namespaces" in API group "" in the namespace "apps"\n',
      'ClusterRole/x dry-run failed (Unauthorized): failed to get server groups: the server has asked for the client to provide credentials\n',
      'ConfigMap/apps/app dry-run failed: failed to get server groups: Get "https://10.0.0.1:6443/api?timeout=30s": dial tcp 10.0.0.1:6443: connect: connection refused\n',
      'ConfigMap/apps/app dry-run failed: failed to get server groups: Get "https://10.0.0.1:6443/api?timeout=30s": net/http: TLS handshake timeout\n',
      'Deployment/apps/web apply failed: Patch "https://10.0.0.1:6443/apis/apps/v1/namespaces/apps/deployments/web": dial tcp 10.0.0.1:6443: i/o timeout\n',
    ),
    sign: 'notReady',
  },
  KUBECLIENT_FAIL: {
    when: 'the kubeconfig is missing or cannot be used',
    essential: true,
    event: error(
      'failed to build kube client: unable to read KubeConfig secret \'spoke-a/kubeconfig\' error: secrets "kubeconfig" not found',
      'failed to build kube client: failed to get configmap spoke-a/kc: configmaps "kc" not found',
      'failed to build kube client: invalid configuration: no configuration has been provided',
    ),
    sign: 'notReady',
  },
  BUILD_FAIL: {
    when: 'the manifests cannot be built or decrypted',
    essential: false,
    event: error(
      "kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'app.yaml': open app.yaml: no such file or directory'",
      'error decrypting sources: cannot get sops data key: Error getting data key: 0 successful groups required, got 0',
      "decryption failed for 'Secret.v1.[noGrp]/db': failed to decrypt and format 'apps/db' Secret data: cannot get sops data key: Error getting data key: 0 successful groups required, got 0",
      'post build failed for \'ConfigMap.v1.[noGrp]/x\': variable substitution failed: variable not set (strict mode): "cluster"',
    ),
    sign: 'notReady',
  },
  HEALTH_FAIL: {
    when: 'what was applied does not become healthy',
    essential: false,
    event: error(
      "health check failed after 30.022486958s: timeout waiting for: [Deployment/apps/web status: 'InProgress']",
      "health check failed after 5m0.008s: timeout waiting for: [HelmRelease/apps/web status: 'NotFound']",
      "health check failed after 1.2s: failed early due to stalled resources: [Job/apps/migrate status: 'Failed']",
    ),
    sign: 'notReady',
  },
  ARTIFACT_FAIL: {
    when: 'the artifact of the source cannot be used',
    essential: false,
    event: error(
      "failed to verify archive: computed digest doesn't match provided digest",
      'kustomization path not found: stat /tmp/kustomization-1234567/clusters/spoke-a: no such file or directory',
      'failed to download archive: GET http://source-controller.flux-system.svc.cluster.local./gitrepository/spoke-a/fleet/x.tar.gz giving up after 10 attempt(s): connection refused',
    ),
    sign: 'notReady',
  },
  DELETE_FAIL: {
    when: 'what was applied cannot be removed from the target cluster',
    essential: false,
    event: error(
      'pruning for deleted resource failed',
      'unable to prune objects: service account not found',
      'delete failed, errors: Deployment/apps/web delete failed: dial tcp 10.0.0.1:6443: i/o timeout',
    ),
  },
  SOURCE_MISSING: {
    when: 'the source does not exist or has no artifact',
    essential: false,
    sign: 'notReady',
  },
  SOURCE_FAIL: {
    when: 'the source itself fails, while the old artifact stays in use',
    essential: false,
    event: error(
      "failed to checkout and determine revision: unable to clone 'https://git.example.com/fleet': authentication required",
      "failed to pull artifact from 'oci://registry.example.com/fleet': GET https://registry.example.com/v2/fleet/manifests/latest: MANIFEST_UNKNOWN",
      'failed to fetch Helm repository index: failed to fetch https://charts.example.com/index.yaml : 404 Not Found',
    ),
    sign: 'sourceNotReady',
  },
  DEPENDENCY: {
    when: 'an object that it depends on is not ready',
    essential: false,
    event: { severity: 'info', samples: ['Dependencies do not meet ready condition, retrying in 30s'] },
    sign: 'notReady',
  },
  SUSPENDED: { when: 'it is suspended and stays so', essential: false, sign: 'suspended' },
  CONTROLLER_DOWN: { when: 'its controller does not run', essential: false, sign: 'controllerDown' },
  STATE_ERROR: {
    when: 'the target cluster denies access or cannot be reached',
    essential: true,
    sign: 'notReady',
  },
  REST_CLIENT: { when: 'the kubeconfig is missing or cannot be used', essential: true, sign: 'notReady' },
  ACTION_FAIL: {
    when: 'Helm cannot install, upgrade or remove the release',
    essential: false,
    event: error(
      'Helm upgrade failed for release apps/web with chart web@1.2.3: context deadline exceeded',
      "Helm install failed for release apps/web with chart web@1.0.0+af71ca554829: timeout waiting for: [Deployment/apps/web status: 'InProgress']",
      'Helm uninstall failed for release apps/web.v1 with chart web@1.0.0: kubernetes cluster unreachable: Get "https://10.0.0.1:6443/version?timeout=30s": dial tcp 10.0.0.1:6443: i/o timeout',
    ),
    sign: 'notReady',
  },
  VALUES_FAIL: {
    when: 'the Helm values cannot be put together',
    essential: false,
    event: error(
      "could not resolve Secret chart values reference 'spoke-a/values' with key 'values.yaml': secrets \"values\" not found",
      "could not resolve ConfigMap chart values reference 'spoke-a/values' with key 'values.yaml': configmaps \"values\" not found",
      "could not resolve Secret chart values reference 'spoke-a/values' with key 'prod.yaml': missing key 'prod.yaml' in Secret 'spoke-a/values'",
    ),
    sign: 'notReady',
  },
  CHART_FAIL: {
    when: 'the chart cannot be loaded',
    essential: false,
    event: error(
      "failed to download chart from 'http://source-controller.flux-system.svc.cluster.local./helmchart/spoke-a/web/web-1.0.0.tgz': giving up after 10 attempt(s)",
      "failed to verify archive: computed digest doesn't match provided digest",
      'failed to load chart archive: file does not appear to be a gzipped archive',
    ),
    sign: 'notReady',
  },
  FROZEN: {
    when: 'its chart is in a source of another namespace, to which references are blocked',
    essential: false,
  },
};

const MODES: ReadonlyMap<string, FailureModeFacts> = new Map(
  Object.entries(DESCRIBED).map(([mode, facts]) => [mode, { mode: mode as FailureMode, ...facts }]),
);

const OF_KUSTOMIZATION: readonly FailureMode[] = [
  'APPLY_DENIED',
  'KUBECLIENT_FAIL',
  'BUILD_FAIL',
  'HEALTH_FAIL',
  'ARTIFACT_FAIL',
  'DELETE_FAIL',
  'SOURCE_MISSING',
  'SOURCE_FAIL',
];
const OF_HELM_RELEASE: readonly FailureMode[] = [
  'STATE_ERROR',
  'REST_CLIENT',
  'ACTION_FAIL',
  'VALUES_FAIL',
  'CHART_FAIL',
  'SOURCE_MISSING',
  'SOURCE_FAIL',
];
const OF_BOTH: readonly FailureMode[] = ['SUSPENDED', 'CONTROLLER_DOWN'];

function readsChartElsewhere(object: AlertedObject): boolean {
  if (object.kind !== 'HelmRelease') return false;
  const namespace = object.spec.chart?.spec.sourceRef.namespace;
  return namespace !== undefined && namespace !== '' && namespace !== object.metadata.namespace;
}

/** What can go wrong with an object, the worst first. */
export function failureModesOf(object: AlertedObject): readonly FailureModeFacts[] {
  const modes = [
    ...(object.kind === 'Kustomization' ? OF_KUSTOMIZATION : OF_HELM_RELEASE),
    ...((object.spec.dependsOn?.length ?? 0) > 0 ? (['DEPENDENCY'] as const) : []),
    ...(readsChartElsewhere(object) ? (['FROZEN'] as const) : []),
    ...OF_BOTH,
  ];
  return modes.flatMap((mode) => MODES.get(mode) ?? []);
}
