import { describe, expect, it } from 'vitest';
import { classifyCause } from './classify-cause.js';

const DISCOVERY = 'ClusterRole/x dry-run failed (Forbidden): failed to get server groups: unknown\n';

describe('causes of remote failures', () => {
  it.each<[string | undefined, string]>([
    [
      'IMPERSONATION_DENIED',
      'secrets is forbidden: User "u" cannot impersonate resource "serviceaccounts" in API group ""',
    ],
    ['IMPERSONATION_DENIED', 'User "u" cannot impersonate-on:serviceaccount:list resource "secrets"'],
    ['ANONYMOUS', 'secrets is forbidden: User "system:anonymous" cannot list resource "secrets" in API group ""'],
    ['DISCOVERY_FORBIDDEN', DISCOVERY],
    [
      'CREDENTIAL_MISSING',
      `unable to read KubeConfig secret 'spoke-a/kubeconfig' error: secrets "kubeconfig" not found`,
    ],
    ['CREDENTIAL_MISSING', `KubeConfig secret 'spoke-a/kubeconfig' does not contain a 'value' key`],
    ['CREDENTIAL_MISSING', 'failed to get configmap spoke-a/kc: configmaps "kc" not found'],
    ['CREDENTIAL_MALFORMED', 'invalid configuration: no configuration has been provided'],
    ['CREDENTIAL_MALFORMED', 'specifying a root certificates file with the insecure flag is not allowed'],
    [
      'DEFAULT_SA_MISSING',
      'the specified default service account does not exist in the object namespace. your cluster is subject to multi-tenant workload identity lockdown',
    ],
    ['CLOUD_AUTH', 'failed to create provider access token for the controller: …'],
    [
      'CREDENTIAL_INVALID',
      'ClusterRole/x dry-run failed (Unauthorized): failed to get server groups: the server has asked for the client to provide credentials\n',
    ],
    ['ADMISSION', `Pod/a/b dry-run failed (Invalid): … ValidatingAdmissionPolicy 'guard' denied request: no\n`],
    [
      'ADMISSION',
      'Pod/a/b dry-run failed (Forbidden): pods "b" is forbidden: violates PodSecurity "restricted:latest"\n',
    ],
    ['ADMISSION', 'Pod/a/b dry-run failed (InternalError): failed calling webhook "x": dial tcp: connection refused\n'],
    ['DRYRUN_UNSUPPORTED', 'admission webhook "x" does not support dry run'],
    ['QUOTA', 'pods "b" is forbidden: exceeded quota: compute'],
    [
      'ACCESS_REVOKED',
      'Namespace/apps dry-run failed (Forbidden): namespaces "apps" is forbidden: User "system:serviceaccount:flux:remote" cannot patch resource "namespaces"\n',
    ],
    ['TLS', 'tls: failed to verify certificate: x509: certificate signed by unknown authority'],
    [
      'NETWORK',
      'ConfigMap/apps/app dry-run failed: failed to get server groups: Get "https://10.0.0.1:6443/api?timeout=30s": dial tcp 10.0.0.1:6443: connect: connection refused\n',
    ],
    [
      'NETWORK',
      'ConfigMap/apps/app dry-run failed: failed to get server groups: Get "https://10.0.0.1:6443/api?timeout=30s": net/http: TLS handshake timeout\n',
    ],
    ['SERVER_ERROR', 'ConfigMap/apps/app dry-run failed (ServiceUnavailable): try later\n'],
    ['API_REMOVED', 'Widget/apps/w dry-run failed: no matches for kind "Widget" in version "example.com/v1"\n'],
    ['CONFLICT', 'Apply failed with 1 conflict: conflict with "kubectl" using v1: .data.x'],
    [undefined, 'something else'],
    [undefined, ''],
  ])('%s: %s', (expected, message) => {
    expect(classifyCause(message)).toBe(expected);
  });

  it('tells a refused first request by whether an account is impersonated', () => {
    expect(classifyCause(DISCOVERY, { impersonated: true })).toBe('IMPERSONATION_DENIED');
    expect(classifyCause(DISCOVERY, { impersonated: false })).toBe('ANONYMOUS');
    expect(classifyCause('dial tcp', { impersonated: true })).toBe('NETWORK');
  });
});
