import { AdminClient } from './admin-client.js';
import { probeReady, startApiServer } from './api-server.js';
import { ensurePrograms } from './build.js';
import { type Programs } from './binaries.js';
import { LabCluster, type ClusterHandle } from './cluster.js';
import { startControllerManager } from './controller-manager.js';
import { startEtcd, type Etcd } from './etcd.js';
import type { Flags } from './flags.js';
import { createClusterPki, kubeconfigText, type ClusterPki } from './pki.js';
import { eventually } from './poll.js';
import { freePorts } from './ports.js';
import { Workspace, type LabProcess } from './workspace.js';

export interface ClusterOptions {
  readonly name: string;
  /** Default: started where the program is there. */
  readonly controllerManager?: boolean;
  readonly apiServerFlags?: Flags;
}

export interface LabOptions {
  /** How many clusters, or each by name. */
  readonly clusters: number | readonly ClusterOptions[];
  /** Default: searched for, and built where needed (binaries.ts). */
  readonly programs?: Programs;
}

/** Real API servers on one etcd, started for one test or by hand. */
export interface Lab {
  readonly clusters: readonly RunningCluster[];
  readonly workspace: Workspace;
  /** By name, or by place. */
  cluster(name: string | number): RunningCluster;
  /** Controller managers first, then the API servers, etcd last; then the folder is removed. */
  stop(): Promise<void>;
}

/** The programs without which there is no lab. */
export class LabUnavailable extends Error {}

/** @throws LabUnavailable where kube-apiserver or etcd are missing, Error with the programs' output where one does not start. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const programs = options.programs ?? (await ensurePrograms()).programs;
  const { etcd: etcdProgram, 'kube-apiserver': apiServerProgram } = programs;
  if (etcdProgram === undefined || apiServerProgram === undefined)
    throw new LabUnavailable(
      'The lab needs kube-apiserver and etcd. Install Go, or set KUBEBUILDER_ASSETS or PLIMSOLL_LAB_BIN to a folder that holds them.',
    );
  const wanted =
    typeof options.clusters === 'number'
      ? Array.from({ length: options.clusters }, (_, index): ClusterOptions => ({ name: `cluster-${index + 1}` }))
      : options.clusters;
  const workspace = await Workspace.create();
  try {
    const etcd = await startEtcd(workspace, etcdProgram);
    const clusters = await Promise.all(
      wanted.map((cluster) =>
        RunningCluster.start(workspace, etcd, apiServerProgram, programs['kube-controller-manager'], cluster),
      ),
    );
    return {
      clusters,
      workspace,
      cluster: (name) => {
        const found = typeof name === 'number' ? clusters[name] : clusters.find((cluster) => cluster.name === name);
        if (found === undefined) throw new Error(`The lab has no cluster ${name}.`);
        return found;
      },
      stop: async () => {
        await Promise.all(clusters.map((cluster) => cluster.stop()));
        await etcd.process.stop();
        await workspace.close();
      },
    };
  } catch (error) {
    await workspace.close();
    throw error;
  }
}

/** A cluster that this process started, and so can stop, freeze and restart. */
export class RunningCluster extends LabCluster {
  private constructor(
    handle: ClusterHandle,
    private apiServer: LabProcess,
    private controllers: LabProcess | undefined,
    private readonly restartApiServer: () => Promise<LabProcess>,
  ) {
    super(handle);
  }

  static async start(
    workspace: Workspace,
    etcd: Etcd,
    apiServerProgram: string,
    controllerManagerProgram: string | undefined,
    options: ClusterOptions,
  ): Promise<RunningCluster> {
    const { name } = options;
    const pki = await createClusterPki(name);
    const caPem = pki.authority.certPem;
    const start = (port: number) =>
      startApiServer(workspace, {
        name,
        program: apiServerProgram,
        etcdUrl: etcd.url,
        port,
        pki,
        ...(options.apiServerFlags && { flags: options.apiServerFlags }),
      });
    const { server, port, apiServer, uid } = await startUntilReady(name, pki, start);
    const withControllers = (options.controllerManager ?? true) && controllerManagerProgram !== undefined;
    let controllers: LabProcess | undefined;
    if (withControllers) {
      const text = kubeconfigText({ clusterName: name, server, caPem, credential: pki.controllerManager });
      const file = await workspace.write(`${name}/controller-manager.kubeconfig`, text);
      controllers = startControllerManager(workspace, name, controllerManagerProgram, file);
    }
    const authority = { certPem: caPem, keyPem: pki.authority.keyPem };
    return new RunningCluster(
      { name, server, uid, authority, admin: pki.admin, controllerManager: withControllers },
      apiServer,
      controllers,
      () => start(port),
    );
  }

  /** The API server keeps its connections and accepts new ones, but answers nothing (SIGSTOP). */
  hang(): void {
    this.apiServer.signal('SIGSTOP');
  }

  resume(): void {
    this.apiServer.signal('SIGCONT');
  }

  /** The API server is gone at once, connections are refused (SIGKILL). */
  async kill(): Promise<void> {
    this.apiServer.signal('SIGKILL');
    await this.apiServer.exited;
  }

  /** Starts the API server again after `kill()`, on the same port with the same data. */
  async restart(): Promise<void> {
    this.apiServer = await this.restartApiServer();
    await waitUntilReady(this.name, this.admin, this.apiServer);
  }

  async stop(): Promise<void> {
    await this.close();
    await this.controllers?.stop();
    this.controllers = undefined;
    await this.apiServer.stop();
  }
}

/** Tries another port where somebody else took the first one meanwhile. */
async function startUntilReady(
  name: string,
  pki: ClusterPki,
  start: (port: number) => Promise<LabProcess>,
): Promise<{ server: string; port: number; apiServer: LabProcess; uid: string }> {
  for (let tries = 1; ; tries += 1) {
    const [port = 0] = await freePorts(1);
    const server = `https://127.0.0.1:${port}`;
    const apiServer = await start(port);
    const client = new AdminClient({ server, caPem: pki.authority.certPem, ...pki.admin });
    try {
      return { server, port, apiServer, uid: await waitUntilReady(name, client, apiServer) };
    } catch (error) {
      if (tries === 3 || !apiServer.logTail().includes('address already in use')) throw error;
    } finally {
      await client.close();
    }
  }
}

function waitUntilReady(name: string, client: AdminClient, apiServer: LabProcess): Promise<string> {
  const ready = async (): Promise<string | undefined> => {
    if (!apiServer.isRunning()) return 'ended';
    return probeReady(client);
  };
  return eventually(`the API server of ${name} becomes ready`, ready, { deadlineMs: 120_000 }).then(
    (uid) => {
      if (uid === 'ended') throw new Error(`The API server of ${name} ended:\n${apiServer.logTail()}`);
      return uid;
    },
    (error: Error) => {
      throw new Error(`${error.message}\n${apiServer.logTail()}`);
    },
  );
}
