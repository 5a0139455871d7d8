/** Why a kubeconfig, or one field of it, is refused. Stable. */
export type KubeconfigErrorCode = keyof typeof REASONS;

interface Reason {
  readonly message: string;
  readonly fix: string;
}

const FLATTEN = 'Export one self-contained context: kubectl config view --raw --minify --flatten.';
const USE_TOKEN =
  'Use a service account token: kubectl create token NAME --namespace NAMESPACE --duration 24h, and put it in users[].user.token.';
const QUOTE = 'Write it as quoted text.';

/** The sentence and the way out of each code. */
const REASONS = {
  // The text
  tooLarge: { message: 'The kubeconfig is larger than 256 KiB.', fix: FLATTEN },
  empty: { message: 'The kubeconfig is empty.', fix: FLATTEN },
  notYaml: { message: 'The kubeconfig is not valid YAML or JSON.', fix: 'Check the indentation at the line named.' },
  severalDocuments: { message: 'There is more than one YAML document.', fix: 'Send one document, without "---".' },
  anchor: { message: 'YAML anchors (&name) are not accepted.', fix: 'Write each value out where it belongs.' },
  alias: { message: 'YAML aliases (*name) are not accepted.', fix: 'Write each value out where it belongs.' },
  tag: { message: 'YAML tags (!name) are not accepted.', fix: 'Remove the tag; a kubeconfig needs none.' },
  directive: { message: 'YAML directives (%YAML, %TAG) are not accepted.', fix: 'Remove the line.' },
  mergeKey: { message: 'YAML merge keys (<<) are not accepted.', fix: 'Write the merged fields out.' },
  tooDeep: { message: 'The YAML is nested more than 10 levels deep.', fix: FLATTEN },
  tooManyEntries: { message: 'A list or map has more than 2,000 entries.', fix: FLATTEN },
  duplicateKey: { message: 'A key stands twice in one map.', fix: 'Keep one of the two.' },
  keyNotText: { message: 'A key is not plain text.', fix: QUOTE },
  wrongType: { message: 'A value has the wrong type.', fix: QUOTE },
  // The structure
  notKubeconfig: { message: 'This is not a kubeconfig (apiVersion v1, kind Config).', fix: FLATTEN },
  unknownField: { message: 'This field is not one that is accepted.', fix: 'Remove it.' },
  extensions: {
    message: 'Extensions are not accepted: they belong to the tool that wrote them.',
    fix: 'Remove the extensions of the chosen context, cluster and user.',
  },
  contextNotChosen: {
    message: 'No context is chosen.',
    fix: 'Name the context to use, or set current-context.',
  },
  contextMissing: { message: 'The chosen context is not in the kubeconfig.', fix: 'Name one of its contexts.' },
  clusterMissing: { message: "The context's cluster is not in the kubeconfig.", fix: FLATTEN },
  userMissing: { message: "The context's user is not in the kubeconfig.", fix: FLATTEN },
  duplicateName: {
    message: 'Two entries have the name that the context refers to.',
    fix: 'Rename or remove one, so that it is clear which is meant.',
  },
  // The cluster
  serverMissing: { message: 'The cluster has no server URL.', fix: 'Set clusters[].cluster.server.' },
  serverInvalid: {
    message: 'The server is not a plain URL.',
    fix: 'Write https://host:port, with a path only where the API server stands behind one.',
  },
  serverNotHttps: {
    message: 'The server URL is not https.',
    fix: 'Use the https address; a credential is never sent over an unprotected connection.',
  },
  serverCredentials: {
    message: 'The server URL holds a user name or password.',
    fix: 'Remove it from the URL and revoke it; use a service account token.',
  },
  serverQuery: { message: 'The server URL holds a query.', fix: 'Remove everything from "?" on.' },
  serverFragment: { message: 'The server URL holds a fragment.', fix: 'Remove everything from "#" on.' },
  certificateAuthorityFile: {
    message: 'certificate-authority names a local file, which is never read.',
    fix: `Put its content, base64-encoded, in certificate-authority-data. ${FLATTEN}`,
  },
  insecureSkipTlsVerify: {
    message: 'insecure-skip-tls-verify would send the credential to whoever answers.',
    fix: 'Put the CA certificate in certificate-authority-data instead.',
  },
  proxyUrl: {
    message: 'proxy-url is not supported.',
    fix: 'Give an API server address that can be reached directly, and remove proxy-url.',
  },
  tlsServerNameInvalid: {
    message: 'tls-server-name is not a host name.',
    fix: "Use a DNS name that the API server's certificate holds.",
  },
  caNotBase64: { message: 'certificate-authority-data is not base64.', fix: 'Encode the PEM file with base64.' },
  caNotPem: {
    message: 'certificate-authority-data holds something other than PEM certificates.',
    fix: 'Put the CA certificates there, and nothing else.',
  },
  // The user
  exec: {
    message: 'The user runs a program (exec) to get a credential; programs are never run.',
    fix: `${USE_TOKEN} Or audit it from a machine where the program may run: plimsoll scan --context NAME.`,
  },
  authProvider: {
    message: 'The user relies on an auth-provider plugin, which is never run.',
    fix: USE_TOKEN,
  },
  tokenFile: { message: 'tokenFile names a local file, which is never read.', fix: USE_TOKEN },
  clientCertificateFile: {
    message: 'client-certificate names a local file, which is never read.',
    fix: `Put its content, base64-encoded, in client-certificate-data. ${FLATTEN}`,
  },
  clientKeyFile: {
    message: 'client-key names a local file, which is never read.',
    fix: `Put its content, base64-encoded, in client-key-data. ${FLATTEN}`,
  },
  usernamePassword: {
    message: 'User name and password are not accepted; Kubernetes removed them in version 1.19.',
    fix: USE_TOKEN,
  },
  impersonation: {
    message: 'Impersonation (as, as-uid, as-groups, as-user-extra) is not accepted.',
    fix: "Use a credential of the identity itself, bound to the auditor's ClusterRole.",
  },
  tokenInvalid: {
    message: 'The token is empty or holds characters that a bearer token cannot have.',
    fix: 'Paste the token alone, on one line, without "Bearer".',
  },
  noCredential: { message: 'The user has no credential.', fix: USE_TOKEN },
  ambiguousCredential: {
    message: 'The user has both a token and a client certificate.',
    fix: 'Keep one of them, so that it is clear which identity reads the cluster.',
  },
  clientCertificateMissing: {
    message: 'There is a client key without a client certificate.',
    fix: 'Add client-certificate-data.',
  },
  clientKeyMissing: {
    message: 'There is a client certificate without its key.',
    fix: 'Add client-key-data.',
  },
  certificateNotBase64: {
    message: 'client-certificate-data is not base64.',
    fix: 'Encode the PEM file with base64.',
  },
  certificateNotPem: {
    message: 'client-certificate-data holds something other than PEM certificates.',
    fix: 'Put the client certificate there (and its intermediates), and nothing else.',
  },
  keyNotBase64: { message: 'client-key-data is not base64.', fix: 'Encode the PEM file with base64.' },
  keyNotPem: { message: 'client-key-data is not one PEM private key.', fix: 'Put the private key there, alone.' },
  keyEncrypted: {
    message: 'The client key is protected by a passphrase.',
    fix: 'Store it without one: it is encrypted at rest here.',
  },
  keyMismatch: {
    message: 'The client key does not belong to the client certificate.',
    fix: 'Use the key that the certificate was issued for.',
  },
} as const satisfies Record<string, Reason>;

export interface KubeconfigProblem {
  /** JSON pointer (RFC 6901) of the field; empty for the whole text. Never followed by its value. */
  readonly pointer: string;
  readonly code: KubeconfigErrorCode;
  readonly message: string;
  readonly fix: string;
}

export function problem(pointer: string, code: KubeconfigErrorCode, line?: number): KubeconfigProblem {
  const { message, fix } = REASONS[code];
  return { pointer, code, message: line === undefined ? message : `${message} Line ${line}.`, fix };
}

/** A kubeconfig, or the parts of one, that cannot be used. Lists every reason; holds no value of any field. */
export class KubeconfigRejected extends Error {
  /** What to do about the first problem. */
  readonly fix: string;

  constructor(readonly errors: readonly [KubeconfigProblem, ...KubeconfigProblem[]]) {
    super(errors.map(({ pointer, message }) => (pointer === '' ? message : `${pointer}: ${message}`)).join(' '));
    this.name = 'KubeconfigRejected';
    this.fix = errors[0].fix;
  }
}

/** Every code, for documentation and tests. */
export const KUBECONFIG_ERROR_CODES = Object.keys(REASONS) as readonly KubeconfigErrorCode[];
