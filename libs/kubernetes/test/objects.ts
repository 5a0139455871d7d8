/** Plain objects as an API server sends them. */
export type Json = Readonly<Record<string, unknown>>;

/** Must never be found in a snapshot. */
export const SECRET = 'hunter2-SECRET';

export function podObject(
  containers: readonly Json[],
  options: { labels?: Json; namespace?: string; name?: string; owner?: string; status?: Json; annotations?: Json } = {},
): Json {
  const { labels, namespace = 'flux-system', name = 'pod', owner, status, annotations } = options;
  return {
    metadata: {
      name,
      namespace,
      uid: 'uid',
      labels: { ...(owner !== undefined && { 'pod-template-hash': 'abc12' }), ...labels },
      annotations: { note: SECRET, ...annotations },
      ...(owner !== undefined && {
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${owner}-abc12`, uid: 'rs' }],
      }),
      managedFields: [{ manager: SECRET }],
    },
    spec: { containers: containers.map((container) => ({ name: 'manager', ...container })) },
    ...(status && { status }),
  };
}

export const FLUX_IMAGE = 'ghcr.io/fluxcd/kustomize-controller:v1.9.4';
