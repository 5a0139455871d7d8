import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AdminClient, Manifest } from './admin-client.js';
import { tarGz, type Archive, type ArchiveFiles } from './tar.js';

const SOURCE = 'source.toolkit.fluxcd.io/v1';
const INTERVAL = '1m0s';

export type SourceName = { readonly namespace: string; readonly name: string };

/**
 * Stands in for source-controller: serves archives over HTTP, and writes into the sources' status what
 * source-controller would write. The objects and their definitions are the real ones.
 */
export class SourceServer {
  private readonly archives = new Map<string, Buffer>();

  private constructor(
    private readonly server: Server,
    private readonly url: string,
  ) {}

  static async start(): Promise<SourceServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const sources = new SourceServer(server, `http://127.0.0.1:${port}`);
    server.on('request', (request, response) => {
      const bytes = sources.archives.get(request.url ?? '');
      response.statusCode = bytes === undefined ? 404 : 200;
      response.end(bytes);
    });
    server.unref();
    return sources;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** A GitRepository at a commit that holds the files. A second call is the next commit. Answers the revision. */
  async publishGit(client: AdminClient, source: SourceName, files: ArchiveFiles): Promise<string> {
    const archive = tarGz(files);
    const revision = `main@sha1:${createHash('sha1').update(archive.bytes).digest('hex')}`;
    const object = await client.apply({
      apiVersion: SOURCE,
      kind: 'GitRepository',
      metadata: source,
      spec: {
        interval: INTERVAL,
        url: `https://git.example.com/${source.namespace}/${source.name}`,
        ref: { branch: 'main' },
      },
    });
    await this.store(client, object, archive, revision);
    return revision;
  }

  /** An OCIRepository with a Helm chart, as `chartRef` of a HelmRelease wants it. Answers the revision. */
  async publishChart(client: AdminClient, source: SourceName, chart: Chart): Promise<string> {
    const archive = tarGz(chartFiles(chart));
    const revision = `${chart.version}@${archive.digest}`;
    const object = await client.apply({
      apiVersion: SOURCE,
      kind: 'OCIRepository',
      metadata: source,
      spec: {
        interval: INTERVAL,
        url: `oci://registry.example.com/charts/${chart.name}`,
        ref: { tag: chart.version },
        layerSelector: { mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', operation: 'copy' },
      },
    });
    await this.store(client, object, archive, revision);
    return revision;
  }

  /** A HelmRepository with an index of the given charts. */
  async publishHelmRepository(client: AdminClient, source: SourceName, charts: readonly Chart[]): Promise<string> {
    const entries = charts.map(
      ({ name, version }) => `  ${name}:\n  - {apiVersion: v2, name: ${name}, version: ${version}}\n`,
    );
    const index = Buffer.from(`apiVersion: v1\nentries:\n${entries.join('')}`);
    const digest = `sha256:${createHash('sha256').update(index).digest('hex')}`;
    const object = await client.apply({
      apiVersion: SOURCE,
      kind: 'HelmRepository',
      metadata: source,
      spec: { interval: INTERVAL, url: 'https://charts.example.com' },
    });
    await this.store(client, object, { bytes: index, digest }, digest);
    return digest;
  }

  private async store(client: AdminClient, object: Manifest, archive: Archive, revision: string): Promise<void> {
    const { namespace, name, generation = 1 } = object.metadata as SourceName & { generation?: number };
    const path = `${object.kind.toLowerCase()}/${namespace}/${name}/${archive.digest.slice(7, 19)}.tar.gz`;
    this.archives.set(`/${path}`, archive.bytes);
    const now = new Date().toISOString().replace(/\.\d+/, '');
    const message = `stored artifact for revision '${revision}'`;
    const condition = (type: string) => ({
      type,
      status: 'True',
      reason: 'Succeeded',
      message,
      observedGeneration: generation,
      lastTransitionTime: now,
    });
    await client.patchStatus(object, {
      observedGeneration: generation,
      artifact: {
        path,
        url: `${this.url}/${path}`,
        revision,
        digest: archive.digest,
        size: archive.bytes.length,
        lastUpdateTime: now,
      },
      conditions: [condition('Ready'), condition('ArtifactInStorage')],
    });
  }
}

export interface Chart {
  readonly name: string;
  readonly version: string;
  /** Under `templates/`. */
  readonly templates: Readonly<Record<string, string>>;
}

function chartFiles({ name, version, templates }: Chart): ArchiveFiles {
  return {
    [`${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: ${version}\n`,
    [`${name}/values.yaml`]: '{}\n',
    ...Object.fromEntries(Object.entries(templates).map(([file, text]) => [`${name}/templates/${file}`, text])),
  };
}
