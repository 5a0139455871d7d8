import { stringify } from 'yaml';
import { catalog, PROBED_RESOURCES, probedPrincipals } from '#libs/controls';
import type { Registration } from '#libs/core';
import { auditorClusterRole, AUDITOR_CLUSTER_ROLE, proberManifest } from '#libs/kubernetes';

const NAMESPACE = 'plimsoll';

/** Everything an audited cluster needs for a read-only auditor: a namespace, a service account, and its ClusterRole. */
export function installManifest(): string {
  const head = '# Read-only access for Plimsoll: no Secrets, no writes, no wildcards.\n';
  return written(head, readerObjects());
}

/**
 * The same, and what active verification of this cluster needs (see `proberManifest`).
 * @param serverVersion of the API server, where it is known
 */
export function activeManifest(registration: Registration, serverVersion?: string): string {
  const head =
    '# Access for Plimsoll with active verification: it may act as the principals of tenants that are named below, and the\n' +
    '# policy plimsoll-dryrun-only refuses whatever it would send in their name that is no dry-run. Apply it before you switch\n' +
    '# activeVerification.enabled on, and again when the principals of tenants change.\n';
  const prober = proberManifest({
    ...probedPrincipals(registration),
    reach: PROBED_RESOURCES,
    auditor: { namespace: NAMESPACE, name: AUDITOR_CLUSTER_ROLE },
    ...(serverVersion !== undefined && { serverVersion }),
  });
  // The namespace of the auditor is that of the guard.
  return written(head, [
    ...readerObjects(),
    ...prober.filter((object) => !('kind' in object && object.kind === 'Namespace')),
  ]);
}

function readerObjects(): readonly object[] {
  const labels = { 'app.kubernetes.io/part-of': 'plimsoll' };
  const named = { name: AUDITOR_CLUSTER_ROLE, labels };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels } },
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { ...named, namespace: NAMESPACE },
      automountServiceAccountToken: false,
    },
    auditorClusterRole(catalog),
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: named,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: AUDITOR_CLUSTER_ROLE },
      subjects: [{ kind: 'ServiceAccount', name: AUDITOR_CLUSTER_ROLE, namespace: NAMESPACE }],
    },
  ];
}

function written(head: string, objects: readonly object[]): string {
  const token = `kubectl -n ${NAMESPACE} create token ${AUDITOR_CLUSTER_ROLE} --duration=24h`;
  return (
    `${head}# After applying, get a token with: ${token}\n` + objects.map((object) => stringify(object)).join('---\n')
  );
}
