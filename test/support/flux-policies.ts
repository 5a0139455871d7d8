import type { NetworkPolicy } from '#libs/core';

export function networkPolicy(name: string, spec: NetworkPolicy['spec'], namespace = 'flux-system'): NetworkPolicy {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec };
}

const EVERY_NAMESPACE = [{ namespaceSelector: {} }];

export const ALLOW_EGRESS = networkPolicy('allow-egress', {
  podSelector: {},
  policyTypes: ['Ingress', 'Egress'],
  ingress: [{ from: [{ podSelector: {} }] }],
  egress: [{}],
});
export const ALLOW_SCRAPING = networkPolicy('allow-scraping', {
  podSelector: {},
  policyTypes: ['Ingress'],
  ingress: [{ from: EVERY_NAMESPACE, ports: [{ port: 8080, protocol: 'TCP' }] }],
});
/** Before Flux 2.9.4 it had no port. */
const webhooks = (ported: boolean): NetworkPolicy =>
  networkPolicy('allow-webhooks', {
    podSelector: { matchLabels: { app: 'notification-controller' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: EVERY_NAMESPACE, ...(ported && { ports: [{ port: 9292, protocol: 'TCP' }] }) }],
  });

/** The policies that Flux 2.9.4 installs: https://github.com/fluxcd/flux2/tree/v2.9.4/manifests/policies */
export const FLUX_POLICIES: readonly NetworkPolicy[] = [ALLOW_EGRESS, ALLOW_SCRAPING, webhooks(true)];
/** Those of Flux 2.8.8. */
export const OLD_FLUX_POLICIES: readonly NetworkPolicy[] = [ALLOW_EGRESS, ALLOW_SCRAPING, webhooks(false)];
