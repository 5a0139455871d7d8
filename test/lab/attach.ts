import type { Programs } from './binaries.js';
import { LabCluster, type ClusterHandle } from './cluster.js';

/** The clusters that every test run shares: one management cluster and two tenant clusters. */
export const SHARED_CLUSTERS = ['management', 'tenant-a', 'tenant-b'] as const;
export type SharedClusterName = (typeof SHARED_CLUSTERS)[number];

/** What `test/support/lab-setup.ts` provides to specs; `null` is provided where there is no lab. */
export interface LabHandle {
  /** The Flux controllers and their CRDs are there too. */
  readonly flux: boolean;
  /** Installed in every cluster where `flux` is true, and readable for more clusters (crds.ts). */
  readonly crdFolder: string | null;
  readonly programs: Programs;
  readonly clusters: Readonly<Record<SharedClusterName, ClusterHandle>>;
}

declare module 'vitest' {
  interface ProvidedContext {
    lab: LabHandle | null;
  }
}

export type AttachedLab = Readonly<Record<SharedClusterName, LabCluster>> & { close(): Promise<void> };

/**
 * The shared clusters for one spec file; call it in `beforeAll` of a suite with
 * `describe.skipIf(inject('lab') === null)('… [needs lab]', …)`, so that skipped tests are still counted by name.
 * Other files use the same clusters at the same time: give each file namespaces of its own, and start a lab of your own
 * (`startLab`) to stop or freeze a cluster.
 */
export function attachLab(lab: LabHandle | null): AttachedLab {
  if (lab === null) throw new Error('There is no lab: guard the suite with describe.skipIf(inject("lab") === null).');
  const { management, 'tenant-a': tenantA, 'tenant-b': tenantB } = lab.clusters;
  const clusters = {
    management: new LabCluster(management),
    'tenant-a': new LabCluster(tenantA),
    'tenant-b': new LabCluster(tenantB),
  };
  return {
    ...clusters,
    close: async () => {
      await Promise.all(Object.values(clusters).map((cluster) => cluster.close()));
    },
  };
}
