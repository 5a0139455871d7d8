import { type Identity, accountIdentity, accountOf, userIdentity, AUTHENTICATED } from '#libs/rbac';
import { type SecretUse, kubeConfigIn } from './kubeconfig-uses.js';

/** Who a kubeconfig makes its holder, as the API server of the target cluster sees it. */
export interface RemoteIdentity {
  readonly identity: Identity;
  /** Where it stands in the facts of the Secret. */
  readonly pointer: string;
  readonly observed: string;
}

/** By the client certificate, or by a token of a service account; undefined where the credential does not say. */
export function identityOfUse(use: SecretUse): RemoteIdentity | undefined {
  const found = kubeConfigIn(use);
  if (!found) return undefined;
  const { certificate, token } = found.config;
  // With both, the API server takes the certificate.
  if (certificate?.commonName !== undefined && certificate.commonName !== '') {
    const { commonName, organizations } = certificate;
    return {
      identity: { user: commonName, groups: [...organizations, AUTHENTICATED] },
      pointer: `${found.pointer}/certificate/commonName`,
      observed: commonName,
    };
  }
  const subject = token?.kind === 'jwt' ? token.subject : undefined;
  if (subject === undefined || subject === '') return undefined;
  const account = accountOf(subject);
  return {
    identity: account ? accountIdentity(account) : userIdentity(subject),
    pointer: `${found.pointer}/token/subject`,
    observed: subject,
  };
}
