import type { AdminClient } from './admin-client.js';
import { toArguments, type Flags } from './flags.js';
import type { ClusterPki } from './pki.js';
import type { LabProcess, Workspace } from './workspace.js';

export interface ApiServerOptions {
  readonly name: string;
  readonly program: string;
  readonly etcdUrl: string;
  readonly port: number;
  readonly pki: ClusterPki;
  /** Further flags, such as `enable-admission-plugins`. */
  readonly flags?: Flags;
}

export async function startApiServer(workspace: Workspace, options: ApiServerOptions): Promise<LabProcess> {
  const { name, pki } = options;
  const file = (suffix: string, content: string) => workspace.write(`${name}/${suffix}`, content);
  const [serverCert, serverKey, ca, saPublic, saPrivate] = await Promise.all([
    file('server.crt', pki.server.certPem),
    file('server.key', pki.server.keyPem),
    file('ca.crt', pki.authority.certPem),
    file('sa.pub', pki.serviceAccountKey.publicPem),
    file('sa.key', pki.serviceAccountKey.privatePem),
  ]);
  return workspace.start(
    `${name}-apiserver`,
    options.program,
    toArguments({
      'etcd-servers': options.etcdUrl,
      'etcd-prefix': `/${name}`,
      'secure-port': options.port,
      'bind-address': '127.0.0.1',
      'advertise-address': '127.0.0.1',
      'tls-cert-file': serverCert,
      'tls-private-key-file': serverKey,
      'client-ca-file': ca,
      'service-account-key-file': saPublic,
      'service-account-signing-key-file': saPrivate,
      'service-account-issuer': 'https://kubernetes.default.svc',
      'authorization-mode': 'RBAC',
      'service-cluster-ip-range': '10.0.0.0/24',
      'allow-privileged': true,
      'endpoint-reconciler-type': 'none',
      'cert-dir': workspace.folder,
      ...options.flags,
    }),
  );
}

/** Ready, and `kube-system` exists (it is made a moment later; its UID is the cluster's identity). Answers that UID, or undefined for "not yet". */
export async function probeReady(client: AdminClient): Promise<string | undefined> {
  const ready = await client.request('GET', '/readyz');
  if (ready.status !== 200) return undefined;
  const namespace = await client.request('GET', '/api/v1/namespaces/kube-system');
  if (namespace.status !== 200) return undefined;
  return (namespace.json as { metadata: { uid: string } }).metadata.uid;
}
