import { kubernetesTime, type LiveObject, type SimulatedObject } from '../simulated-object.js';
import { gitRevision } from './sources.js';

/** How a Kustomization is doing; the statuses are those of kustomize-controller 1.9. */
export type KustomizationState =
  | 'healthy'
  /** The target answers 403 to the dry-run. */
  | 'accessRevoked'
  | 'targetUnreachable'
  | 'credentialMissing'
  /** Its source does not exist: the status stops moving, and no event is sent. */
  | 'sourceMissing'
  /** Ready, but not reconciled any more. */
  | 'stale'
  | 'suspended'
  | 'neverReconciled'
  | 'stuckDeletion'
  /** A reconciliation was asked for and not taken up. */
  | 'notHandled';

export interface KustomizationOptions {
  readonly namespace: string;
  readonly name: string;
  /** Name of the Secret with the target's kubeconfig; absent = applied to its own cluster. */
  readonly kubeconfigSecret?: string;
  readonly serviceAccountName?: string;
  /** Name of the GitRepository; default the Kustomization's own name. */
  readonly source?: string;
  readonly intervalMinutes?: number;
  readonly state?: KustomizationState;
  /** How long ago the state began; default three hours. */
  readonly sinceMinutes?: number;
  /** `group/version`; default the newest. */
  readonly apiVersion?: string;
}

const MINUTE = 60_000;

/** A Kustomization that goes on being reconciled as time passes, where its state lets it. */
export function kustomization(options: KustomizationOptions): LiveObject {
  const { namespace, name, state = 'healthy', intervalMinutes = 10, sinceMinutes = 180 } = options;
  const source = state === 'sourceMissing' ? 'deleted-source' : (options.source ?? name);
  let firstNow: number | undefined;
  return (now): SimulatedObject => {
    firstNow ??= now;
    const began = firstNow - sinceMinutes * MINUTE;
    const run = { now, began, interval: intervalMinutes * MINUTE, revision: gitRevision(source), target: namespace };
    return {
      apiVersion: options.apiVersion ?? 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: {
        namespace,
        name,
        ...(state === 'neverReconciled' && { creationTimestamp: kubernetesTime(began) }),
        ...(state === 'stuckDeletion' && {
          deletionTimestamp: kubernetesTime(began),
          finalizers: ['finalizers.fluxcd.io'],
        }),
        ...(state === 'notHandled' && {
          annotations: { 'reconcile.fluxcd.io/requestedAt': new Date(began).toISOString() },
        }),
      },
      spec: {
        force: false,
        interval: `${intervalMinutes}m0s`,
        retryInterval: '2m0s',
        timeout: '5m0s',
        path: `./${name}`,
        prune: true,
        sourceRef: { kind: 'GitRepository', name: source },
        ...(state === 'suspended' && { suspend: true }),
        ...(options.serviceAccountName !== undefined && { serviceAccountName: options.serviceAccountName }),
        ...(options.kubeconfigSecret !== undefined && {
          kubeConfig: { secretRef: { name: options.kubeconfigSecret } },
        }),
      },
      status: statusOf(state, run),
    };
  };
}

interface Run {
  readonly now: number;
  /** When the state began. */
  readonly began: number;
  readonly interval: number;
  readonly revision: string;
  /** The tenant's name, as part of the target's address. */
  readonly target: string;
}

type FailedState = Extract<
  KustomizationState,
  'accessRevoked' | 'targetUnreachable' | 'credentialMissing' | 'sourceMissing'
>;

/** What kustomize-controller writes into the Ready condition. Messages of the apply step end with a newline. */
const FAILURES: Readonly<
  Record<FailedState, (target: string) => { readonly reason: string; readonly message: string }>
> = {
  accessRevoked: () => ({
    reason: 'ReconciliationFailed',
    message:
      'Namespace/apps dry-run failed (Forbidden): namespaces "apps" is forbidden: User "system:serviceaccount:flux-system:flux-remote" cannot patch resource "namespaces" in API group "" in the namespace "apps"\n',
  }),
  targetUnreachable: (target) => ({
    reason: 'ReconciliationFailed',
    message: `Namespace/apps dry-run failed: failed to get server groups: Get "https://${target}.example.com:6443/api?timeout=30s": dial tcp 10.20.0.5:6443: connect: connection refused\n`,
  }),
  credentialMissing: (target) => ({
    reason: 'ReconciliationFailed',
    message: `unable to read KubeConfig secret '${target}/kubeconfig' error: secrets "kubeconfig" not found`,
  }),
  sourceMissing: () => ({
    reason: 'ArtifactFailed',
    message: 'GitRepository.source.toolkit.fluxcd.io "deleted-source" not found',
  }),
};

function statusOf(state: KustomizationState, run: Run): Readonly<Record<string, unknown>> {
  if (state === 'neverReconciled') return { observedGeneration: -1 };
  if (state === 'healthy') return succeeded(run.revision, lastTick(run.now, run.interval));
  if (!(state in FAILURES)) return succeeded(run.revision, run.began);
  const { reason, message } = FAILURES[state as FailedState](run.target);
  return failed(run, reason, message, state === 'sourceMissing' ? run.began : undefined);
}

/** The last time that is a multiple of the interval. */
function lastTick(now: number, interval: number): number {
  return now - (now % interval);
}

function succeeded(revision: string, at: number): Readonly<Record<string, unknown>> {
  const time = kubernetesTime(at);
  return {
    observedGeneration: 1,
    lastAppliedRevision: revision,
    lastAttemptedRevision: revision,
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'ReconciliationSucceeded',
        message: `Applied revision: ${revision}`,
        observedGeneration: 1,
        lastTransitionTime: time,
      },
    ],
    history: [historyEntry(revision, at, 'ReconciliationSucceeded')],
    inventory: { entries: [{ id: 'apps_web_apps_Deployment', v: 'v1' }] },
  };
}

/** Tried again every two minutes, unless the status stands still at `frozenAt`. */
function failed(
  { now, began, revision }: Run,
  reason: string,
  message: string,
  frozenAt?: number,
): Readonly<Record<string, unknown>> {
  const triedAt = frozenAt ?? lastTick(now, 2 * MINUTE);
  return {
    observedGeneration: 1,
    lastAppliedRevision: revision,
    lastAttemptedRevision: revision,
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason,
        message,
        observedGeneration: 1,
        lastTransitionTime: kubernetesTime(triedAt),
      },
    ],
    history: [
      ...(frozenAt === undefined ? [historyEntry(revision, triedAt, reason)] : []),
      historyEntry(revision, began, 'ReconciliationSucceeded'),
    ],
    inventory: { entries: [{ id: 'apps_web_apps_Deployment', v: 'v1' }] },
  };
}

function historyEntry(revision: string, at: number, status: string): Readonly<Record<string, unknown>> {
  return {
    digest: `sha256:${revision.slice(-40)}${'0'.repeat(24)}`,
    firstReconciled: kubernetesTime(at),
    lastReconciled: kubernetesTime(at),
    lastReconciledDuration: '412ms',
    lastReconciledStatus: status,
    metadata: { revision },
    totalReconciliations: 1,
  };
}
