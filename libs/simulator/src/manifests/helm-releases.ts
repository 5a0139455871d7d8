import { kubernetesTime, type LiveObject, type SimulatedObject } from '../simulated-object.js';

/** How a HelmRelease is doing; the statuses are those of helm-controller 1.6. */
export type HelmReleaseState =
  | 'healthy'
  /** The target does not let Helm read its releases. No event is sent. */
  | 'accessRevoked'
  /** The Secret with the kubeconfig is gone. No event is sent. */
  | 'credentialMissing'
  /** The spec changed and the controller never looked: Ready, but of an old generation. */
  | 'frozen'
  | 'suspended';

export interface HelmReleaseOptions {
  readonly namespace: string;
  readonly name: string;
  /** Name of the Secret with the target's kubeconfig; absent = installed in its own cluster. */
  readonly kubeconfigSecret?: string;
  readonly state?: HelmReleaseState;
  /** How long ago the state began; default three hours. */
  readonly sinceMinutes?: number;
  /** `group/version`; default the newest. */
  readonly apiVersion?: string;
}

const MINUTE = 60_000;
const INTERVAL = 10 * MINUTE;

/** A HelmRelease with the chart of a HelmRepository of the same name. */
export function helmRelease(options: HelmReleaseOptions): LiveObject {
  const { namespace, name, state = 'healthy', sinceMinutes = 180 } = options;
  let firstNow: number | undefined;
  return (now): SimulatedObject => {
    firstNow ??= now;
    const began = firstNow - sinceMinutes * MINUTE;
    const looksAgain = state !== 'frozen' && state !== 'suspended';
    const lastRun = looksAgain ? now - (now % INTERVAL) : began;
    return {
      apiVersion: options.apiVersion ?? 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: {
        namespace,
        name,
        generation: state === 'frozen' ? 2 : 1,
        managedFields: [
          {
            manager: 'helm-controller',
            operation: 'Update',
            subresource: 'status',
            apiVersion: 'helm.toolkit.fluxcd.io/v2',
            time: kubernetesTime(lastRun),
            fieldsType: 'FieldsV1',
            fieldsV1: { 'f:status': { 'f:conditions': {} } },
          },
        ],
      },
      spec: {
        interval: '10m0s',
        timeout: '5m0s',
        chart: {
          spec: { chart: name, version: '1.2.x', interval: '10m0s', sourceRef: { kind: 'HelmRepository', name } },
        },
        ...(state === 'suspended' && { suspend: true }),
        ...(options.kubeconfigSecret !== undefined && {
          kubeConfig: { secretRef: { name: options.kubeconfigSecret } },
        }),
      },
      status: {
        observedGeneration: 1,
        lastAttemptedGeneration: 1,
        lastAttemptedRevision: '1.2.3',
        helmChart: `${namespace}/${namespace}-${name}`,
        conditions: [readyCondition(state, namespace, name, kubernetesTime(began))],
      },
    };
  };
}

/** helm-controller keeps the time of the condition while its reason stays. */
function readyCondition(
  state: HelmReleaseState,
  namespace: string,
  name: string,
  lastTransitionTime: string,
): Readonly<Record<string, unknown>> {
  const base = { type: 'Ready', observedGeneration: 1, lastTransitionTime };
  if (state === 'accessRevoked')
    return {
      ...base,
      status: 'False',
      reason: 'StateError',
      message:
        'Could not determine release state: failed to retrieve last release from storage: query: failed to query with labels: secrets is forbidden: User "system:serviceaccount:flux-system:flux-remote" cannot list resource "secrets" in API group "" in the namespace "apps"',
    };
  if (state === 'credentialMissing')
    return {
      ...base,
      status: 'False',
      reason: 'RESTClientError',
      message: `could not get KubeConfig secret '${namespace}/kubeconfig': secrets "kubeconfig" not found`,
    };
  return {
    ...base,
    status: 'True',
    reason: 'UpgradeSucceeded',
    message: `Helm upgrade succeeded for release ${namespace}/${name}.v4 with chart ${name}@1.2.3`,
  };
}
