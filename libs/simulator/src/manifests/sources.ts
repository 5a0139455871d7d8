import { createHash } from 'node:crypto';
import { kubernetesTime, type LiveObject, type SimulatedObject } from '../simulated-object.js';

/** `main@sha1:<commit>`, the same for the same name. */
export function gitRevision(name: string, commit = 0): string {
  return `main@sha1:${createHash('sha1').update(`${name}/${commit}`).digest('hex')}`;
}

export interface GitRepositoryOptions {
  readonly namespace: string;
  readonly name: string;
  /** Default true; false: the last fetch failed, the old artifact is still there. */
  readonly ready?: boolean;
  /** `group/version` of the source API; default the newest. */
  readonly apiVersion?: string;
}

/** A GitRepository that source-controller has fetched. */
export function gitRepository(options: GitRepositoryOptions): LiveObject {
  const { namespace, name, ready = true, apiVersion = 'source.toolkit.fluxcd.io/v1' } = options;
  return (now): SimulatedObject => {
    const revision = gitRevision(name);
    const lastTransitionTime = kubernetesTime(now - 3 * 24 * 60 * 60 * 1000);
    const stored = `stored artifact for revision '${revision}'`;
    const failed = 'failed to checkout and determine revision: unable to clone: authentication required';
    return {
      apiVersion,
      kind: 'GitRepository',
      metadata: { namespace, name },
      spec: {
        interval: '1m0s',
        timeout: '60s',
        url: `https://git.example.com/${namespace}/${name}`,
        ref: { branch: 'main' },
        secretRef: { name: `${name}-auth` },
      },
      status: {
        observedGeneration: 1,
        artifact: {
          path: `gitrepository/${namespace}/${name}/${revision.slice(-12)}.tar.gz`,
          url: `http://source-controller.flux-system.svc.cluster.local./gitrepository/${namespace}/${name}/latest.tar.gz`,
          revision,
          digest: `sha256:${createHash('sha256').update(revision).digest('hex')}`,
          lastUpdateTime: lastTransitionTime,
        },
        conditions: ready
          ? [
              {
                type: 'Ready',
                status: 'True',
                reason: 'Succeeded',
                message: stored,
                observedGeneration: 1,
                lastTransitionTime,
              },
              {
                type: 'ArtifactInStorage',
                status: 'True',
                reason: 'Succeeded',
                message: stored,
                observedGeneration: 1,
                lastTransitionTime,
              },
            ]
          : ['Ready', 'FetchFailed'].map((type) => ({
              type,
              status: type === 'Ready' ? 'False' : 'True',
              reason: 'GitOperationFailed',
              message: failed,
              observedGeneration: 1,
              lastTransitionTime: kubernetesTime(now - 60 * 60 * 1000),
            })),
      },
    };
  };
}

/** A HelmRepository and the HelmChart that helm-controller makes for a HelmRelease of the same name, both fetched. */
export function helmSources({ namespace, name }: Omit<GitRepositoryOptions, 'ready' | 'apiVersion'>): LiveObject[] {
  const chartName = `${namespace}-${name}`;
  const status = (now: number, revision: string) => {
    const lastTransitionTime = kubernetesTime(now - 3 * 24 * 60 * 60 * 1000);
    const message = `stored artifact: revision '${revision}'`;
    return {
      observedGeneration: 1,
      artifact: {
        revision,
        digest: `sha256:${createHash('sha256').update(revision).digest('hex')}`,
        lastUpdateTime: lastTransitionTime,
      },
      conditions: [
        { type: 'Ready', status: 'True', reason: 'Succeeded', message, observedGeneration: 1, lastTransitionTime },
      ],
    };
  };
  return [
    (now) => ({
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'HelmRepository',
      metadata: { namespace, name },
      spec: { interval: '10m0s', url: 'https://charts.example.com' },
      status: status(now, `sha256:${createHash('sha256').update(name).digest('hex')}`),
    }),
    (now) => ({
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'HelmChart',
      metadata: { namespace, name: chartName },
      spec: { chart: name, version: '1.2.x', interval: '10m0s', sourceRef: { kind: 'HelmRepository', name } },
      status: { ...status(now, '1.2.3'), observedChartName: name },
    }),
  ];
}
