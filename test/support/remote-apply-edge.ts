import type { RemoteApplyEdge, RemoteApplyReading } from '#libs/core';

/** A healthy Kustomization `<namespace>/apps` that is applied to the registered cluster, where nothing else is said. */
export function remoteEdge(
  cluster: string,
  changes: Partial<RemoteApplyEdge> = {},
  { namespace = cluster, name = 'apps', kind = 'Kustomization' as RemoteApplyEdge['object']['kind'] } = {},
): RemoteApplyEdge {
  return {
    object: { apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind, namespace, name },
    target: {
      state: 'registered',
      cluster,
      address: `https://${cluster}.example.com:6443`,
      matchedBy: 'caAndAddress',
      confidence: 'proven',
    },
    auth: { method: 'serviceAccountToken', source: { kind: 'Secret', namespace, name: 'kubeconfig' } },
    identity: { kind: 'serviceAccount', name: 'flux/remote', impersonates: null },
    ready: 'True',
    suspended: false,
    overdue: false,
    alerts: [
      {
        namespace,
        name: 'remote-apply',
        names: 'object',
        provider: { namespace, name: 'pager', type: 'slack' },
        health: 'delivers',
      },
    ],
    alertCovered: true,
    watched: false,
    uncovered: [],
    silent: false,
    ...changes,
  };
}

/** What makes an edge one that fails. */
export const denied = (silent: boolean | null = true, since?: string): Partial<RemoteApplyEdge> => ({
  ready: 'False',
  cause: { code: 'ACCESS_REVOKED', message: 'the target cluster denies what the identity needs' },
  ...(since !== undefined && { failingSince: since }),
  silent,
  alertCovered: silent === null ? null : !silent,
});

export const readingOf = (...edges: readonly RemoteApplyEdge[]): RemoteApplyReading => ({ edges, unread: [] });
