import { NOW } from './snapshot-of.js';

export type Fields = Readonly<Record<string, unknown>>;

const MINUTES: Readonly<Record<string, number>> = { s: 1 / 60, m: 1, h: 60, d: 24 * 60 };
/** RFC 3339 time so long before the audit: `ago('20m')`. */
export function ago(text: string): string {
  const minutes = Number(text.slice(0, -1)) * (MINUTES[text.slice(-1)] ?? Number.NaN);
  return new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
}

export const HASH = '2f8d1c5e7a9b0c3d4e5f60718293a4b5c6d7e8f9';
export const OTHER_HASH = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
export const DIGEST = 'af71ca554829'.padEnd(64, '0');
export const REVISION = `main@sha1:${HASH}`;

export const ready = (status: 'True' | 'False' | 'Unknown', reason: string, since: string, message = ''): Fields => ({
  type: 'Ready',
  status,
  reason,
  message,
  lastTransitionTime: ago(since),
});
export const HEALTHY = ready('True', 'ReconciliationSucceeded', '4m');

function object(
  apiVersion: string,
  kind: string,
  { metadata = {}, spec = {}, status = {} }: Parts,
  base: Parts,
): object {
  return {
    apiVersion,
    kind,
    metadata: { name: 'apps', namespace: 'spoke-a', ...base.metadata, ...metadata },
    spec: { ...base.spec, ...spec },
    status: { ...base.status, ...status },
  };
}
export interface Parts {
  readonly metadata?: Fields;
  readonly spec?: Fields;
  readonly status?: Fields;
}

const kubeConfig = { secretRef: { name: 'kubeconfig' } };

/** Healthy, interval 10 min, from GitRepository spoke-a/fleet, where nothing else is said. */
export const kustomization = (parts: Parts = {}): object =>
  object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', parts, {
    metadata: { generation: 2, creationTimestamp: ago('30d') },
    spec: { interval: '10m', kubeConfig, sourceRef: { kind: 'GitRepository', name: 'fleet' } },
    status: { observedGeneration: 2, lastAppliedRevision: REVISION, conditions: [HEALTHY] },
  });

/** Healthy, interval 10 min, from OCIRepository spoke-a/chart, where nothing else is said. */
export const helmRelease = (parts: Parts = {}): object =>
  object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', parts, {
    metadata: { generation: 2, creationTimestamp: ago('30d') },
    spec: { interval: '10m', kubeConfig, chartRef: { kind: 'OCIRepository', name: 'chart' } },
    status: {
      observedGeneration: 2,
      lastAttemptedRevision: `1.0.0+${DIGEST.slice(0, 12)}`,
      lastAttemptedRevisionDigest: `sha256:${DIGEST}`,
      conditions: [ready('True', 'UpgradeSucceeded', '4m')],
    },
  });

export const source = (kind: string, name: string, parts: Parts = {}): object =>
  object('source.toolkit.fluxcd.io/v1', kind, parts, {
    metadata: { name, creationTimestamp: ago('30d') },
    spec: { interval: '5m' },
    status: { conditions: [ready('True', 'Succeeded', '3h')] },
  });
export const artifact = (revision: string, updated = '3h'): Parts => ({
  status: { artifact: { revision, lastUpdateTime: ago(updated) } },
});
export const fleet = (parts: Parts = artifact(REVISION)): object => source('GitRepository', 'fleet', parts);
export const chart = (parts: Parts = artifact(`1.0.0@sha256:${DIGEST}`)): object =>
  source('OCIRepository', 'chart', parts);

export const KS = 'Kustomization/spoke-a/apps';
export const HR = 'HelmRelease/spoke-a/apps';
export const failingSince = (since: string, kind = 'Kustomization') => ({
  sightings: { [`FLUX-RA-03/failing/${kind}/spoke-a/apps`]: ago(since) },
});
export const status = (...conditions: readonly Fields[]): Parts => ({ status: { conditions } });
