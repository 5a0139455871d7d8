import { generateKeyPairSync } from 'node:crypto';
// By file: the test runner loads its global setup without the condition that `#libs/…` needs.
import { CertificateAuthority, type KeyPair } from '../../libs/simulator/src/certificates.js';
import { kubeconfigText, type KubeconfigCredential } from '../../libs/simulator/src/kubeconfig.js';

export { CertificateAuthority, kubeconfigText, type KeyPair, type KubeconfigCredential };

/** The files that one API server starts with. */
export interface ClusterPki {
  readonly authority: CertificateAuthority;
  readonly server: KeyPair;
  /** Member of `system:masters`: allowed everything. */
  readonly admin: KeyPair;
  readonly controllerManager: KeyPair;
  /** Signs and checks service account tokens. */
  readonly serviceAccountKey: { readonly privatePem: string; readonly publicPem: string };
}

/** Every cluster gets an authority of its own unless one is given, so that clusters can be told apart by it. */
export async function createClusterPki(name: string, shared?: CertificateAuthority): Promise<ClusterPki> {
  const authority = shared ?? (await CertificateAuthority.create(`${name}-ca`));
  const [server, admin, controllerManager] = await Promise.all([
    authority.issueServer(['localhost', 'kubernetes.default.svc', '127.0.0.1']),
    authority.issueClient('admin', ['system:masters']),
    authority.issueClient('system:kube-controller-manager'),
  ]);
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return {
    authority,
    server,
    admin,
    controllerManager,
    serviceAccountKey: { privatePem: privateKey, publicPem: publicKey },
  };
}
