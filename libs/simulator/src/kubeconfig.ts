import { stringify } from 'yaml';
import type { KeyPair } from './certificates.js';

/** What a kubeconfig authenticates with. */
export type KubeconfigCredential = { readonly token: string } | KeyPair;

export interface KubeconfigInput {
  readonly clusterName: string;
  readonly server: string;
  readonly caPem: string;
  readonly credential: KubeconfigCredential;
  readonly userName?: string;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A kubeconfig as a user would upload it: everything inline, no file paths, no commands. */
export function kubeconfigText({ clusterName, server, caPem, credential, userName = 'user' }: KubeconfigInput): string {
  const user =
    'token' in credential
      ? { token: credential.token }
      : { 'client-certificate-data': base64(credential.certPem), 'client-key-data': base64(credential.keyPem) };
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: clusterName, cluster: { server, 'certificate-authority-data': base64(caPem) } }],
    users: [{ name: userName, user }],
    contexts: [{ name: clusterName, context: { cluster: clusterName, user: userName } }],
    'current-context': clusterName,
  });
}
