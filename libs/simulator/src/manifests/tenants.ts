import { createHash } from 'node:crypto';
import type { SimulatedObject } from '../simulated-object.js';
import { podOf, replicaSetOf } from './workload.js';

/** The label that `flux create tenant` sets. */
const TENANT_LABEL = 'toolkit.fluxcd.io/tenant';

export interface TenantNamespaceOptions {
  readonly tenant: string;
  /** Default: the tenant's name. */
  readonly name?: string;
  /** Default `toolkit.fluxcd.io/tenant`. */
  readonly labelKey?: string;
  /** Level of `pod-security.kubernetes.io/enforce`. */
  readonly podSecurity?: string;
}

export function tenantNamespace({
  tenant,
  name = tenant,
  labelKey = TENANT_LABEL,
  podSecurity,
}: TenantNamespaceOptions): SimulatedObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: {
        'kubernetes.io/metadata.name': name,
        [labelKey]: tenant,
        ...(podSecurity !== undefined && { 'pod-security.kubernetes.io/enforce': podSecurity }),
      },
    },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

/** A Deployment that is no part of Flux, with its ReplicaSet and running pods: what most of a cluster consists of. */
export function appWorkload(namespace: string, name: string, replicas = 2): SimulatedObject[] {
  const labels = { 'app.kubernetes.io/name': name };
  const deployment: SimulatedObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name,
              image: `registry.example.com/${namespace}/${name}:${shortHash(name).slice(0, 7)}`,
              args: ['--port=8080'],
              ports: [{ containerPort: 8080, name: 'http', protocol: 'TCP' }],
            },
          ],
          serviceAccountName: 'default',
        },
      },
    },
    status: {
      observedGeneration: 1,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
    },
  };
  const pods = Array.from({ length: replicas }, (_, ordinal) => podOf(deployment, ordinal));
  return [deployment, replicaSetOf(deployment), ...pods];
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
