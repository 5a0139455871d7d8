import type { TestProject } from 'vitest/node';
import { SHARED_CLUSTERS, type LabHandle, type SharedClusterName } from '../lab/attach.js';
import { ensurePrograms } from '../lab/build.js';
import type { ClusterHandle } from '../lab/cluster.js';
import { ensureCrds, installCrds } from '../lab/crds.js';
import { startLab } from '../lab/lab.js';

const FLUX_CONTROLLERS = ['kustomize-controller', 'helm-controller', 'notification-controller'] as const;

/**
 * Starts the shared clusters once per test run and provides them as `inject('lab')`. Without kube-apiserver and etcd
 * it provides `null`, and the specs that need the lab are skipped by name; in CI that is a failure.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { programs, cache, problems } = await ensurePrograms();
  const strict = process.env['CI'] === 'true';
  if (strict && problems.length > 0) throw new Error(`The lab is incomplete.\n${problems.join('\n')}`);
  if (programs.etcd === undefined || programs['kube-apiserver'] === undefined) {
    if (strict) throw new Error('The lab needs kube-apiserver and etcd: see CONTRIBUTING.md.');
    project.provide('lab', null);
    return undefined;
  }
  const crdFolder = await crds(cache, strict);
  const lab = await startLab({ clusters: SHARED_CLUSTERS.map((name) => ({ name })), programs });
  try {
    if (crdFolder !== null) await Promise.all(lab.clusters.map(({ admin }) => installCrds(admin, crdFolder)));
  } catch (error) {
    await lab.stop();
    throw error;
  }
  const clusters = Object.fromEntries(lab.clusters.map(({ name, handle }) => [name, handle]));
  const handle: LabHandle = {
    flux: crdFolder !== null && FLUX_CONTROLLERS.every((name) => programs[name] !== undefined),
    crdFolder,
    programs,
    clusters: clusters as Record<SharedClusterName, ClusterHandle>,
  };
  project.provide('lab', handle);
  return () => lab.stop();
}

/** Without them the API servers are still worth starting. */
async function crds(cache: string | undefined, strict: boolean): Promise<string | null> {
  try {
    if (cache === undefined) throw new Error('Go is not installed, and no earlier run kept them.');
    return await ensureCrds(cache);
  } catch (error) {
    if (strict) throw error;
    console.error(`lab: no Flux custom resources: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}
