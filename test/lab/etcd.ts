import path from 'node:path';
import { toArguments } from './flags.js';
import { eventually } from './poll.js';
import { freePorts } from './ports.js';
import type { LabProcess, Workspace } from './workspace.js';

export interface Etcd {
  readonly url: string;
  readonly process: LabProcess;
}

/** One etcd serves all clusters; each API server keeps to its own prefix. */
export async function startEtcd(workspace: Workspace, program: string): Promise<Etcd> {
  const [clientPort = 0, peerPort = 0] = await freePorts(2);
  const url = `http://127.0.0.1:${clientPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const process = workspace.start(
    'etcd',
    program,
    toArguments({
      'data-dir': path.join(workspace.folder, 'etcd'),
      'listen-client-urls': url,
      'advertise-client-urls': url,
      'listen-peer-urls': peerUrl,
      'initial-advertise-peer-urls': peerUrl,
      'initial-cluster': `default=${peerUrl}`,
      'unsafe-no-fsync': true,
      'log-level': 'warn',
    }),
  );
  await eventually('etcd becomes healthy', async () => {
    if (!process.isRunning()) throw new Error(`etcd ended:\n${process.logTail()}`);
    const response = await fetch(`${url}/health`);
    return response.ok ? true : undefined;
  });
  return { url, process };
}
