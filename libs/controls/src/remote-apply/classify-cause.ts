// Stands in for #libs/flux until it has the classifier.
const PATTERNS = [
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

export function classifyCause(message: string): RemoteFailureCause | undefined {
  return PATTERNS.find(([, pattern]) => pattern.test(message))?.[0];
}

const HASH = /[0-9a-f]{40,64}$/;
export function sameRevision(a: string, b: string): boolean {
  return a === b || (HASH.exec(a)?.[0] !== undefined && HASH.exec(a)?.[0] === HASH.exec(b)?.[0]);
}
