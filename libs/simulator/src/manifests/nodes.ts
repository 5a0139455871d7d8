import type { SimulatedObject } from '../simulated-object.js';

/** A node that is well, as a kubelet reports it. */
export function workerNode(name: string, labels: Readonly<Record<string, string>> = {}): SimulatedObject {
  const at = '2026-01-01T00:00:00Z';
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', ...labels },
    },
    spec: { podCIDR: '10.42.0.0/24', podCIDRs: ['10.42.0.0/24'] },
    status: {
      capacity: { cpu: '16', memory: '64Gi', pods: '110' },
      allocatable: { cpu: '16', memory: '64Gi', pods: '110' },
      addresses: [{ type: 'Hostname', address: name }],
      conditions: [
        { type: 'Ready', status: 'True', reason: 'KubeletReady', lastHeartbeatTime: at, lastTransitionTime: at },
      ],
      nodeInfo: {
        kubeletVersion: 'v1.36.3',
        osImage: 'Debian GNU/Linux 13 (trixie)',
        architecture: 'amd64',
        operatingSystem: 'linux',
      },
    },
  };
}
