import type { ArtifactLists } from './list-served.js';

/** Lists of what is Kubernetes' own or a policy engine's. */
export const CLUSTER_LISTS = {} as const satisfies ArtifactLists;
