import { failSource } from './break.js';
import { configMapYaml, remoteHelmRelease, remoteKustomization, type RemoteApplyTarget } from './fleet.js';
import type { SourceServer } from './source-server.js';

/** How an object fails without any doing of its target cluster, and what is to be said about that. */
export interface OwnFailure {
  readonly kind: 'Kustomization' | 'HelmRelease';
  readonly name: string;
  /** As FLUX-RA-04 names it. */
  readonly mode: string;
  /** What becomes of the Ready condition; absent where it is left as it is. */
  readonly ready?: 'True' | 'False';
  readonly reason?: RegExp;
  /** An Alert for errors hears of it. */
  readonly heard: boolean;
  /** Of FLUX-RA-03. */
  readonly verdicts: readonly string[];
}

export const OWN_FAILURES: readonly OwnFailure[] = [
  { kind: 'Kustomization', name: 'held', mode: 'SUSPENDED', heard: false, verdicts: ['warn SUSPENDED'] },
  {
    kind: 'Kustomization',
    name: 'unsourced',
    mode: 'SOURCE_MISSING',
    ready: 'False',
    reason: /^ArtifactFailed$/,
    heard: false,
    verdicts: ['fail SOURCE_MISSING'],
  },
  {
    kind: 'Kustomization',
    name: 'unbuilt',
    mode: 'BUILD_FAIL',
    ready: 'False',
    reason: /^BuildFailed$/,
    heard: true,
    verdicts: ['warn BUILD_FAILED'],
  },
  {
    kind: 'Kustomization',
    name: 'nowhere',
    mode: 'ARTIFACT_FAIL',
    ready: 'False',
    reason: /^ArtifactFailed$/,
    heard: true,
    verdicts: ['warn ARTIFACT_FAILED'],
  },
  {
    kind: 'Kustomization',
    name: 'unhealthy',
    mode: 'HEALTH_FAIL',
    ready: 'False',
    reason: /^HealthCheckFailed$/,
    heard: true,
    verdicts: ['warn HEALTH_CHECK_FAILED'],
  },
  {
    kind: 'Kustomization',
    name: 'waiting',
    mode: 'DEPENDENCY',
    ready: 'False',
    reason: /^DependencyNotReady$/,
    heard: false,
    verdicts: ['warn DEPENDENCY_NOT_READY'],
  },
  // Its source tells of that, and source-controller has no place in the lab.
  {
    kind: 'Kustomization',
    name: 'stale',
    mode: 'SOURCE_MISSING',
    ready: 'True',
    heard: false,
    verdicts: ['warn SOURCE_NOT_READY'],
  },
  { kind: 'HelmRelease', name: 'held', mode: 'SUSPENDED', heard: false, verdicts: ['warn SUSPENDED'] },
  {
    kind: 'HelmRelease',
    name: 'unsourced',
    mode: 'SOURCE_MISSING',
    ready: 'False',
    reason: /^ArtifactFailed$/,
    heard: false,
    verdicts: ['fail SOURCE_MISSING'],
  },
  {
    kind: 'HelmRelease',
    name: 'valueless',
    mode: 'VALUES_FAIL',
    ready: 'False',
    reason: /^ValuesError$/,
    heard: true,
    verdicts: ['warn VALUES_FAILED'],
  },
  {
    kind: 'HelmRelease',
    name: 'homeless',
    mode: 'ACTION_FAIL',
    ready: 'False',
    reason: /^InstallFailed$/,
    heard: true,
    // Nothing could be stored on the target cluster, so that helm-controller counts no failed try and goes on.
    verdicts: ['warn INSTALL_FAILED'],
  },
  {
    kind: 'HelmRelease',
    name: 'unready',
    mode: 'ACTION_FAIL',
    ready: 'False',
    reason: /^InstallFailed$/,
    heard: true,
    verdicts: ['fail STALLED'],
  },
];

const FINE = { 'c.yaml': configMapYaml('from-hub', 'default') };
/** Never ready: nothing runs pods. */
const DEPLOYMENT = JSON.stringify({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'unready', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'unready' } },
    template: { metadata: { labels: { app: 'unready' } }, spec: { containers: [{ name: 'c', image: 'none' }] } },
  },
});

/** Makes an object for each of these failures on the hub, all in the namespace of the target. */
export async function failOnHub(target: RemoteApplyTarget, sources: SourceServer): Promise<void> {
  const kustomize = (name: string, spec: object = {}, files: Readonly<Record<string, string>> = FINE) =>
    remoteKustomization(target, sources, name, files, spec);
  await kustomize('held', { suspend: true });
  await kustomize('unsourced', { sourceRef: { kind: 'GitRepository', name: 'no-such-source' } });
  await kustomize('unbuilt', {}, { 'kustomization.yaml': 'resources: [missing.yaml]' });
  await kustomize('nowhere', { path: './nowhere' });
  // It waits 30 s all the same: kustomize-controller takes less for that.
  await kustomize(
    'unhealthy',
    { wait: true, timeout: '2s' },
    { 'd.yaml': DEPLOYMENT.replaceAll('unready', 'unhealthy') },
  );
  await kustomize('waiting', { dependsOn: [{ name: 'unbuilt' }] });
  const stale = await kustomize('stale');
  await failSource(target.hub, {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: stale.metadata,
  });
  const release = (
    name: string,
    spec: object = {},
    namespace = 'default',
    templates?: Readonly<Record<string, string>>,
  ) => remoteHelmRelease(target, sources, name, namespace, { spec, ...(templates && { templates }) });
  await release('held', { suspend: true });
  await release('unsourced', { chartRef: { kind: 'OCIRepository', name: 'no-such-source' } });
  await release('valueless', { valuesFrom: [{ kind: 'Secret', name: 'no-such-values' }] });
  await release('homeless', {}, 'no-such-namespace');
  await release('unready', { timeout: '2s' }, 'default', { 'd.yaml': DEPLOYMENT });
}
