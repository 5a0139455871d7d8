import type { AccessRule, UnavailableReason } from '#libs/core';

/** What can go wrong between this service and a cluster. Stable: stored, exported and shown. */
export type ClusterErrorCode =
  | 'invalidAccess'
  | 'proxyUnsupported'
  | 'kubeconfigUnreadable'
  | 'credentialPluginFailed'
  | 'egressDenied'
  | 'unresolvable'
  | 'unreachable'
  | 'connectionLost'
  | 'timeout'
  | 'tlsUnknownCa'
  | 'tlsHostname'
  | 'tlsExpired'
  | 'tlsFailed'
  | 'clientCertificateRefused'
  | 'redirected'
  | 'notKubernetes'
  | 'unauthenticated'
  | 'forbidden'
  | 'notFound'
  | 'rejected'
  | 'transient'
  | 'malformed'
  | 'incompleteList'
  | 'budgetExceeded'
  | 'identityMismatch'
  | 'identityUnknown'
  | 'probeChangedObject'
  | 'cancelled';

interface Words {
  readonly message: string;
  readonly hint: string;
  /** How an artifact that failed so is marked. */
  readonly reason: UnavailableReason;
}

/** One sentence of what happened, one of what to do. Nothing here, or anywhere in an error, comes from the other side. */
const WORDS: Record<ClusterErrorCode, Words> = {
  invalidAccess: {
    message: 'The stored access to this cluster is not usable.',
    hint: 'Register the cluster again with a server URL, its CA certificate and a token or client certificate.',
    reason: 'unauthenticated',
  },
  proxyUnsupported: {
    message: 'The access names a proxy, and connecting through a proxy is not supported.',
    hint: 'Give an API server address that can be reached directly, and remove proxy-url.',
    reason: 'unreachable',
  },
  kubeconfigUnreadable: {
    message: 'No kubeconfig could be read on this machine.',
    hint: 'Name the file, set KUBECONFIG, or put one in ~/.kube/config.',
    reason: 'notCollected',
  },
  credentialPluginFailed: {
    message: 'The credential plugin that the kubeconfig names did not give a credential.',
    hint: 'Run "kubectl version" with the same context: it shows what the plugin says. Sign in again if need be.',
    reason: 'unauthenticated',
  },
  egressDenied: {
    message: 'The address of the API server is not one that this service may connect to.',
    hint: 'For a private network add its range to PLIMSOLL_EGRESS_ALLOW_CIDRS; where ports are restricted, add the port to PLIMSOLL_EGRESS_ALLOW_PORTS.',
    reason: 'unreachable',
  },
  unresolvable: {
    message: 'The host name of the API server does not resolve to an address.',
    hint: 'Check the spelling of the server URL and the DNS of the machine that runs the worker.',
    reason: 'unreachable',
  },
  unreachable: {
    message: 'No connection to the API server could be made.',
    hint: 'Check that the server URL is right, that the API server runs, and that a firewall lets the worker through.',
    reason: 'unreachable',
  },
  connectionLost: {
    message: 'The connection was cut before the answer was complete.',
    hint: 'Look for a proxy or load balancer on the way that closes connections; the next run tries again.',
    reason: 'transient',
  },
  timeout: {
    message: 'The API server did not answer in time.',
    hint: 'Check the load of the API server and the network on the way; the time budget of a run can be raised.',
    reason: 'timeout',
  },
  tlsUnknownCa: {
    message: 'The certificate of the API server is not signed by the CA that was registered.',
    hint: 'Register the cluster again with the right certificate-authority-data; after a CA rotation this is needed once.',
    reason: 'unreachable',
  },
  tlsHostname: {
    message: 'The certificate of the API server is for another host name.',
    hint: 'Use a server URL that the certificate names, or set tls-server-name to such a name.',
    reason: 'unreachable',
  },
  tlsExpired: {
    message: 'A certificate of the API server has expired or is not valid yet.',
    hint: 'Renew the certificate of the API server, and check the clock of the machine that runs the worker.',
    reason: 'unreachable',
  },
  tlsFailed: {
    message: 'No secure connection could be agreed with the API server.',
    hint: 'Check that the port speaks TLS (version 1.2 or later).',
    reason: 'unreachable',
  },
  clientCertificateRefused: {
    message: 'The API server refused the client certificate.',
    hint: 'Issue a new client certificate from the CA that the cluster accepts, or use a service account token.',
    reason: 'unauthenticated',
  },
  redirected: {
    message: 'The server answered with a redirect, which is not followed.',
    hint: 'Use the address of the API server itself; a login page or a gateway probably stands before it.',
    reason: 'unreachable',
  },
  notKubernetes: {
    message: 'What answered does not look like a Kubernetes API server.',
    hint: 'Check the server URL, its port and its path; a proxy or login page may answer in its place.',
    reason: 'unreachable',
  },
  unauthenticated: {
    message: 'The API server did not accept the credential.',
    hint: 'The token or certificate may have expired or been revoked: register a new one.',
    reason: 'unauthenticated',
  },
  forbidden: {
    message: 'The credential is accepted but may not read this.',
    hint: "Grant the missing permission; the auditor's ClusterRole holds all that the controls need.",
    reason: 'forbidden',
  },
  notFound: {
    message: 'The API server does not know this path.',
    hint: 'Its API may have been removed while it was read; the next run looks again.',
    reason: 'transient',
  },
  rejected: {
    message: 'The API server rejected the request.',
    hint: 'Check that the cluster runs a supported Kubernetes version and that the server URL has the right path.',
    reason: 'transient',
  },
  transient: {
    message: 'The API server answered with an error of its own, repeatedly.',
    hint: 'Check the health of the API server; the next run tries again.',
    reason: 'transient',
  },
  malformed: {
    message: 'The answer could not be understood.',
    hint: 'If the cluster works with kubectl, please report this with the Kubernetes and Flux versions.',
    reason: 'malformed',
  },
  incompleteList: {
    message: 'The list changed faster than it could be read, twice in a row.',
    hint: 'The next run tries again; a slow connection or a very busy cluster makes this more likely.',
    reason: 'incompleteList',
  },
  budgetExceeded: {
    message: 'The budget for this cluster (time, requests or bytes) was used up.',
    hint: 'Raise the budget of the schedule or of PLIMSOLL_TARGET_BUDGET_SECONDS if the cluster is really that large.',
    reason: 'budgetExceeded',
  },
  identityMismatch: {
    message: 'This is not the cluster that was registered: the UID of its kube-system namespace differs.',
    hint: 'If the cluster was rebuilt, delete it here and register it anew; otherwise the server URL or credential belongs to another cluster.',
    reason: 'identityMismatch',
  },
  probeChangedObject: {
    message: 'After a probe an object was not what it had been before. The audit of the cluster was stopped at once.',
    hint: 'Look in the audit log of the cluster who changed it. Switch active verification off for this cluster until it is explained.',
    reason: 'identityMismatch',
  },
  identityUnknown: {
    message: 'The cluster cannot be identified: it has no readable kube-system namespace.',
    hint: 'Check that the server URL is that of a Kubernetes cluster.',
    reason: 'identityMismatch',
  },
  cancelled: {
    message: 'The reading of this cluster was cancelled.',
    hint: 'Start a new run.',
    reason: 'notCollected',
  },
};

export interface ClusterErrorDetails {
  /** Our own word for the cause, such as `ECONNREFUSED` or `metadata`. Never taken from the other side's text. */
  readonly detail?: string;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  /** The permissions that would make it work; non-empty for `forbidden`. */
  readonly missing?: readonly AccessRule[];
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

/**
 * A failed conversation with a cluster. Message and hint are ours alone: neither they nor any property holds a
 * byte that the other side sent, so that a URL cannot be used to read foreign services. There is no `cause` for the same reason.
 */
export class ClusterError extends Error {
  readonly hint: string;
  readonly detail?: string;
  readonly status?: number;
  readonly missing: readonly AccessRule[];
  readonly retryAfterMs?: number;

  constructor(
    readonly code: ClusterErrorCode,
    details: ClusterErrorDetails = {},
  ) {
    super(WORDS[code].message);
    this.name = 'ClusterError';
    this.hint = WORDS[code].hint;
    this.missing = details.missing ?? [];
    if (details.detail !== undefined) this.detail = details.detail;
    if (details.status !== undefined) this.status = details.status;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
  }

  /** The reason under which an artifact, or a whole cluster, is recorded as not evaluated. */
  get reason(): UnavailableReason {
    return WORDS[this.code].reason;
  }
}

/** Every code, for documentation and tests. */
export const CLUSTER_ERROR_CODES = Object.keys(WORDS) as readonly ClusterErrorCode[];
