import { AdminClient } from './admin-client.js';
import { CertificateAuthority, kubeconfigText, type KeyPair, type KubeconfigCredential } from './pki.js';
import { clientCertificate, type UserIdentity } from './identities.js';

/** Everything that is needed to use a running cluster; can be sent to another process. */
export interface ClusterHandle {
  readonly name: string;
  readonly server: string;
  /** UID of the namespace `kube-system`: the cluster's identity. */
  readonly uid: string;
  readonly authority: KeyPair;
  readonly admin: KeyPair;
  /** Whether namespaces are emptied, garbage is collected and Deployments get pods. */
  readonly controllerManager: boolean;
}

/** A real API server of the lab, as a test uses it. */
export class LabCluster {
  readonly name: string;
  readonly server: string;
  readonly uid: string;
  readonly caPem: string;
  readonly controllerManager: boolean;
  /** May do everything. */
  readonly admin: AdminClient;

  constructor(readonly handle: ClusterHandle) {
    this.name = handle.name;
    this.server = handle.server;
    this.uid = handle.uid;
    this.caPem = handle.authority.certPem;
    this.controllerManager = handle.controllerManager;
    this.admin = this.client(handle.admin);
  }

  /** A client that authenticates with the given token or certificate. */
  client(credential: KubeconfigCredential): AdminClient {
    return new AdminClient({ server: this.server, caPem: this.caPem, ...credential });
  }

  /** A client certificate signed by this cluster's own authority. */
  async certificate(identity: UserIdentity): Promise<KeyPair> {
    return clientCertificate(await CertificateAuthority.load(this.handle.authority), identity);
  }

  /** A kubeconfig with inline data only. `server` replaces the address, for example by a proxy's. */
  async kubeconfig(
    identity: 'admin' | UserIdentity | KubeconfigCredential = 'admin',
    { server = this.server }: { readonly server?: string } = {},
  ): Promise<string> {
    const credential =
      identity === 'admin' ? this.handle.admin : 'user' in identity ? await this.certificate(identity) : identity;
    return kubeconfigText({ clusterName: this.name, server, caPem: this.caPem, credential });
  }

  /** Closes this view's connections; the cluster itself goes on. */
  async close(): Promise<void> {
    await this.admin.close();
  }
}
