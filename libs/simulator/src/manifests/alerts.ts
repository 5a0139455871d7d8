import type { SimulatedObject } from '../simulated-object.js';

/** An Alert on everything that the platform applies from a namespace, and the Provider that it names. */
export function alertAndProvider(namespace: string): SimulatedObject[] {
  const apiVersion = 'notification.toolkit.fluxcd.io/v1beta3';
  const kinds = ['Kustomization', 'HelmRelease', 'GitRepository', 'HelmRepository', 'HelmChart'];
  return [
    {
      apiVersion,
      kind: 'Provider',
      metadata: { name: 'on-call', namespace },
      spec: { type: 'slack', channel: 'platform', secretRef: { name: 'on-call' } },
    },
    {
      apiVersion,
      kind: 'Alert',
      metadata: { name: 'remote-apply', namespace },
      spec: {
        providerRef: { name: 'on-call' },
        eventSeverity: 'error',
        eventSources: kinds.map((kind) => ({ kind, name: '*' })),
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'on-call', namespace },
      type: 'Opaque',
      // A demo has no secrets; the address leads nowhere.
      data: { address: Buffer.from('https://slack.example.invalid/demo').toString('base64') },
    },
  ];
}
