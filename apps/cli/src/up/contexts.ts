import { stringify } from 'yaml';
import { CliError, ExitCode } from '../exit-codes.js';
import { accessOf, contextsOf } from '../local-access.js';
import type { FleetCluster } from './fleet.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A cluster name of the registry from a context name: lower case, DNS-1123. */
function clusterName(context: string): string {
  const name = context
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  return name === '' ? 'context' : name;
}

/**
 * Clusters of the local kubeconfig. Credential plugins run here, on the user's machine; the service gets only what they
 * answered: server, CA and a token or a client certificate.
 */
export async function clustersOfContexts(options: {
  readonly kubeconfig?: string;
  readonly contexts?: readonly string[];
}): Promise<readonly FleetCluster[]> {
  const contexts = options.contexts ?? (await contextsOf(options.kubeconfig));
  if (contexts.length === 0) {
    throw new CliError(
      ExitCode.usage,
      'The kubeconfig has no contexts.',
      'Name another with --kubeconfig, or start with the demo fleet: npm start',
    );
  }
  const clusters: FleetCluster[] = [];
  for (const context of contexts) {
    const { access } = await accessOf(options.kubeconfig, context);
    const user =
      access.credential.kind === 'token'
        ? { token: access.credential.token }
        : {
            'client-certificate-data': base64(access.credential.certData),
            'client-key-data': base64(access.credential.keyData),
          };
    const cluster = {
      server: access.server,
      ...(access.caData !== undefined && { 'certificate-authority-data': base64(access.caData) }),
      ...(access.tlsServerName !== undefined && { 'tls-server-name': access.tlsServerName }),
    };
    clusters.push({
      name: clusterName(context),
      kubeconfig: stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'c', cluster }],
        users: [{ name: 'u', user }],
        contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
        'current-context': 'c',
      }),
    });
  }
  return clusters;
}
