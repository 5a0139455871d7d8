/**
 * Messages of kustomize-controller and helm-controller about a target cluster, sorted by what is the matter. The first
 * match wins, so that "cannot impersonate" is not taken for a lost permission.
 */
const PATTERNS = [
  // Kubernetes 1.36 and later say `impersonate-on:…`.
  ['IMPERSONATION_DENIED', /cannot impersonate( |-on:)/i],
  ['ANONYMOUS', /user "system:anonymous"/i],
  ['DISCOVERY_FORBIDDEN', /failed to get server groups: unknown/i],
  [
    'CREDENTIAL_MISSING',
    /kubeconfig secret .*(not found|does not contain)|could not get KubeConfig secret|unable to read KubeConfig secret|failed to get configmap|exactly one of \.spec\.kubeConfig/i,
  ],
  [
    'CREDENTIAL_MALFORMED',
    /no configuration has been provided|couldn't get version\/kind|failed to load KubeConfig|context was not found|specifying a root certificates file with the insecure flag|cluster address|provider '.*' not implemented|invalid EKS cluster ARN/i,
  ],
  ['DEFAULT_SA_MISSING', /the specified default service account does not exist in the object namespace/i],
  [
    'CLOUD_AUTH',
    /failed to get access token|failed to create kubernetes token|failed to create provider access token|DescribeCluster/i,
  ],
  [
    'CREDENTIAL_INVALID',
    /unauthorized|has asked for the client to provide credentials|invalid bearer token|token (is|has) expired/i,
  ],
  [
    'ADMISSION',
    /admission webhook ".*" denied|ValidatingAdmissionPolicy '|violates PodSecurity|failed calling webhook/i,
  ],
  ['DRYRUN_UNSUPPORTED', /does not support dry run/i],
  ['QUOTA', /exceeded quota/i],
  ['ACCESS_REVOKED', /is forbidden: user|\(Forbidden\)|cannot (list|get|patch|create|delete) resource/i],
  ['TLS', /x509:|tls:|certificate/i],
  [
    'NETWORK',
    /dial tcp|i\/o timeout|no such host|connection refused|no route to host|context deadline exceeded|unexpected EOF|cluster unreachable|TLS handshake timeout|Client\.Timeout/i,
  ],
  [
    'SERVER_ERROR',
    /\((ServiceUnavailable|BadGateway|GatewayTimeout|InternalError|BadRequest)\)|currently unable to handle the request/i,
  ],
  ['API_REMOVED', /no matches for kind|could not find the requested resource/i],
  ['CONFLICT', /conflict with "|apply failed with .* conflict/i],
] as const;

export type RemoteFailureCause = (typeof PATTERNS)[number][0];

/**
 * Why a reconciliation against another cluster failed, by the message of the controller; undefined where the message
 * names none of the known causes.
 *
 * A refused first request says no more than `failed to get server groups: unknown`: it is the impersonation where a
 * service account is impersonated, else a credential that is absent. Where `impersonated` is not known, the answer
 * stays DISCOVERY_FORBIDDEN.
 */
export function classifyCause(
  message: string,
  { impersonated }: { readonly impersonated?: boolean } = {},
): RemoteFailureCause | undefined {
  const cause = PATTERNS.find(([, pattern]) => pattern.test(message))?.[0];
  if (cause !== 'DISCOVERY_FORBIDDEN' || impersonated === undefined) return cause;
  return impersonated ? 'IMPERSONATION_DENIED' : 'ANONYMOUS';
}
