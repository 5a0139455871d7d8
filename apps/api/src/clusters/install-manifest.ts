import { stringify } from 'yaml';
import { catalog } from '#libs/controls';
import { auditorClusterRole, AUDITOR_CLUSTER_ROLE } from '#libs/kubernetes';

const NAMESPACE = 'plimsoll';

/** Everything an audited cluster needs for a read-only auditor: a namespace, a service account, and its ClusterRole. */
export function installManifest(): string {
  const labels = { 'app.kubernetes.io/part-of': 'plimsoll' };
  const named = { name: AUDITOR_CLUSTER_ROLE, labels };
  const objects = [
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
  const token = `kubectl -n ${NAMESPACE} create token ${AUDITOR_CLUSTER_ROLE} --duration=24h`;
  const head = `# Read-only access for Plimsoll: no Secrets, no writes, no wildcards.\n# After applying, get a token with: ${token}\n`;
  return head + objects.map((object) => stringify(object)).join('---\n');
}
