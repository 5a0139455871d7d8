/** A credential, in clear. It lives in memory for one run and is never logged, stored or sent anywhere else. */
export type ClusterCredential =
  | { readonly kind: 'token'; readonly token: string }
  /** Both PEM; the key without a passphrase. */
  | { readonly kind: 'clientCertificate'; readonly certData: string; readonly keyData: string };

/** All that is needed to reach one cluster. Where it comes from (upload, kubeconfig, CLI) is not visible any more. */
export interface ClusterAccess {
  /** `https://host[:port][/path]`, normalised: no user name, query, fragment or trailing slash. */
  readonly server: string;
  /** PEM, one or more CA certificates. Absent = the public CAs. */
  readonly caData?: string;
  /** Name to expect in the server's certificate instead of the URL's host. */
  readonly tlsServerName?: string;
  /** Kept so that a stored value is refused loudly; see `ClusterError('proxyUnsupported')`. */
  readonly proxyUrl?: string;
  readonly credential: ClusterCredential;
}
