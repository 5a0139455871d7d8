import type { ArtifactReaders } from './read-artifact.js';

/** Artifacts of what is Kubernetes' own or a policy engine's. */
export const CLUSTER_VALUES = {} as const satisfies ArtifactReaders;
