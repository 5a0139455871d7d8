import type { KubeConfig } from '@kubernetes/client-node';
import { ClusterError } from '../cluster-error.js';
import { accessFromParts } from './access-parts.js';
import type { ClusterAccess } from './cluster-access.js';
import { KubeconfigRejected, problem } from './kubeconfig-rejected.js';
import { parseServerUrl } from './server-url.js';

export interface LocalAccess {
  readonly access: ClusterAccess;
  /** Name of the context that was used. */
  readonly context: string;
}

/**
 * Access from the kubeconfig of the person at this machine, as kubectl finds it: files it names are read and credential
 * plugins are run, because they are that person's own. For the CLI only; what others send goes through `parseKubeconfig`.
 * Throws `ClusterError` or `KubeconfigRejected`.
 */
export async function localClusterAccess(
  options: { readonly path?: string; readonly context?: string } = {},
): Promise<LocalAccess> {
  // Loaded here, so that no server process ever has code in it that runs what a kubeconfig says.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  load(config, options.path);
  if (options.context !== undefined) config.setCurrentContext(options.context);
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  if (!config.getContextObject(config.getCurrentContext())) reject('/contexts', 'contextMissing');
  if (!cluster) return reject('/clusters', 'clusterMissing');
  if (!user) return reject('/users', 'userMissing');
  const server = parseServerUrl(cluster.server);
  if (!('server' in server)) return reject('/cluster/server', server.code);
  if (cluster.skipTLSVerify) reject('/cluster/insecure-skip-tls-verify', 'insecureSkipTlsVerify');
  if (user.impersonateUser !== undefined) reject('/user/as', 'impersonation');
  if (user.username !== undefined) reject('/user/username', 'usernamePassword');
  const { ca, cert, key, token } = await credentialsOf(config);
  return {
    context: config.getCurrentContext(),
    access: accessFromParts({
      server: server.server,
      ...(ca !== undefined && { certificateAuthorityData: ca }),
      ...(cluster.tlsServerName !== undefined && { tlsServerName: cluster.tlsServerName }),
      ...(cluster.proxyUrl !== undefined && { proxyUrl: cluster.proxyUrl }),
      // kubectl sends both where there are both; the token decides who one is then.
      ...(token !== undefined
        ? { token }
        : {
            ...(cert !== undefined && { clientCertificateData: cert }),
            ...(key !== undefined && { clientKeyData: key }),
          }),
    }),
  };
}

/** Names of the contexts in the kubeconfig of the person at this machine. Throws as `localClusterAccess`. */
export async function localContexts(options: { readonly path?: string } = {}): Promise<readonly string[]> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  load(config, options.path);
  return config.getContexts().map(({ name }) => name);
}

function load(config: KubeConfig, path: string | undefined): void {
  try {
    if (path === undefined) config.loadFromDefault();
    else config.loadFromFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (typeof code !== 'string') reject('', 'notYaml');
    throw new ClusterError('kubeconfigUnreadable', { detail: code });
  }
  // What client-node assumes where it finds nothing at all.
  if (config.getCurrentCluster()?.server === 'http://localhost:8080') throw new ClusterError('kubeconfigUnreadable');
}

/** Reads the files and runs the plugin that the chosen user names. */
async function credentialsOf(
  config: KubeConfig,
): Promise<{ readonly ca?: string; readonly cert?: string; readonly key?: string; readonly token?: string }> {
  const options: Parameters<KubeConfig['applyToHTTPSOptions']>[0] = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // A plugin's own message may hold anything; kubectl shows it to the same person.
    throw new ClusterError('credentialPluginFailed', typeof code === 'string' ? { detail: code } : {});
  }
  const header: unknown = (options.headers as Readonly<Record<string, unknown>> | undefined)?.['Authorization'];
  const token = typeof header === 'string' ? /^Bearer (.+)$/s.exec(header)?.[1] : undefined;
  const ca = textOf(options.ca);
  const cert = textOf(options.cert);
  const key = textOf(options.key);
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(token !== undefined && { token: token.trim() }),
  };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString('utf8') : undefined;
}

function reject(pointer: string, code: Parameters<typeof problem>[1]): never {
  throw new KubeconfigRejected([problem(pointer, code)]);
}
