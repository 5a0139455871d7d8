import type { Manifest } from './admin-client.js';
import type { LabCluster } from './cluster.js';
import type { RemoteApplyTarget } from './fleet.js';
import { clientCertificate, type UserIdentity } from './identities.js';
import type { RunningCluster } from './lab.js';
import { CertificateAuthority } from './pki.js';

/** Each of these breaks one thing, and is named after it. Undo it by putting back what it took. */

/** The spoke no longer lets the hub in: its binding is gone (the account and its token stay). */
export async function revokeAccess({ spoke, spokeBinding }: RemoteApplyTarget): Promise<void> {
  await spoke.admin.delete(spokeBinding);
}

export async function deleteKubeconfigSecret({ hub, kubeconfigSecret }: RemoteApplyTarget): Promise<void> {
  await hub.admin.delete(kubeconfigSecret);
}

/** The Secret stays, without content. */
export async function emptyKubeconfigSecret({ hub, kubeconfigSecret }: RemoteApplyTarget): Promise<void> {
  await hub.admin.patch(kubeconfigSecret, { data: { value: '' } });
}

/** The kubeconfig moves to a key that Flux does not read. */
export async function renameKubeconfigKey({ hub, kubeconfigSecret }: RemoteApplyTarget): Promise<void> {
  const { data } = await hub.admin.get(kubeconfigSecret);
  const { value } = data as { value: string };
  await hub.admin.patch(kubeconfigSecret, { data: { value: null, 'kube-config': value } });
}

/** The kubeconfig now holds a client certificate that ran out an hour ago. */
export async function expireCredential(target: RemoteApplyTarget): Promise<void> {
  const identity = { user: 'flux-remote', groups: ['system:masters'], notAfter: new Date(Date.now() - 3_600_000) };
  await replaceKubeconfig(target, await target.spoke.kubeconfig(identity));
}

/** The kubeconfig now holds a client certificate of an authority that the spoke does not know. */
export async function signCredentialWithForeignAuthority(target: RemoteApplyTarget): Promise<void> {
  const identity: UserIdentity = { user: 'flux-remote', groups: ['system:masters'] };
  const foreign = await clientCertificate(await CertificateAuthority.create('somebody-else'), identity);
  await replaceKubeconfig(target, await target.spoke.kubeconfig(foreign));
}

/** Replaces the stored kubeconfig, for example by one that leads through a proxy. */
export async function replaceKubeconfig({ hub, kubeconfigSecret }: RemoteApplyTarget, text: string): Promise<void> {
  await hub.admin.patch(kubeconfigSecret, { data: { value: Buffer.from(text).toString('base64') } });
}

/** Connections are taken, nothing is answered. Undo: `cluster.resume()`. */
export function hangCluster(cluster: RunningCluster): void {
  cluster.hang();
}

/** Connections are refused. Undo: `cluster.restart()`. */
export async function killCluster(cluster: RunningCluster): Promise<void> {
  await cluster.kill();
}

/** Works for Kustomizations, HelmReleases, sources, Alerts and Providers. */
export async function suspend(hub: LabCluster, object: Manifest): Promise<void> {
  await hub.admin.patch(object, { spec: { suspend: true } });
}

/** The source says that its last fetch failed, as source-controller would; its artifact stays. */
export async function failSource(hub: LabCluster, source: Manifest): Promise<void> {
  const message = 'failed to checkout and determine revision: unable to clone: authentication required';
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+/, '');
  await hub.admin.patchStatus(source, {
    conditions: ['Ready', 'FetchFailed'].map((type) => ({
      type,
      status: type === 'Ready' ? 'False' : 'True',
      reason: 'GitOperationFailed',
      message,
      lastTransitionTime,
    })),
  });
}

/** The alert goes to a port on which nobody listens. */
export async function deadenProvider(hub: LabCluster, provider: Manifest): Promise<void> {
  await hub.admin.patch(provider, { spec: { address: 'http://127.0.0.1:1/' } });
}

/** The Provider names a Secret whose address is not one. */
export async function spoilProviderSecret(hub: LabCluster, provider: Manifest): Promise<void> {
  const { namespace } = provider.metadata;
  const name = `${provider.metadata.name}-address`;
  await hub.admin.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    stringData: { address: 'not an address' },
  });
  await hub.admin.patch(provider, { spec: { secretRef: { name } } });
}

export async function deleteAlert(hub: LabCluster, alert: Manifest): Promise<void> {
  await hub.admin.delete(alert);
}

/** Only messages that match still pass the alert. */
export async function narrowInclusionList(hub: LabCluster, alert: Manifest, pattern: string): Promise<void> {
  await hub.admin.patch(alert, { spec: { inclusionList: [pattern] } });
}
