import type { RemoteFailureCause } from '#libs/flux';

/** Ready reasons of kustomize-controller and helm-controller that name their own cause, as codes. */
const READY_REASONS = {
  ArtifactFailed: 'ARTIFACT_FAILED',
  SourceNotReady: 'SOURCE_NOT_READY',
  DependencyNotReady: 'DEPENDENCY_NOT_READY',
  BuildFailed: 'BUILD_FAILED',
  HealthCheckFailed: 'HEALTH_CHECK_FAILED',
  PruneFailed: 'PRUNE_FAILED',
  ReconciliationFailed: 'RECONCILIATION_FAILED',
  ValuesError: 'VALUES_FAILED',
  ChartMutateError: 'CHART_FAILED',
  RESTClientError: 'REST_CLIENT_FAILED',
  ResourceManagerError: 'REST_CLIENT_FAILED',
  FactoryError: 'REST_CLIENT_FAILED',
  ConfigFactoryErr: 'REST_CLIENT_FAILED',
  StateError: 'STATE_FAILED',
  InstallFailed: 'INSTALL_FAILED',
  UpgradeFailed: 'UPGRADE_FAILED',
  TestFailed: 'TEST_FAILED',
  RollbackFailed: 'ROLLBACK_FAILED',
  UninstallFailed: 'UNINSTALL_FAILED',
} as const;

type ReadyReason = keyof typeof READY_REASONS;
/** What a failing object is reported as: the cause where it is known, else the kind of failure. */
export type FailureCode = RemoteFailureCause | (typeof READY_REASONS)[ReadyReason] | 'NOT_READY';

export function codeOfReadyReason(reason: string | undefined): FailureCode {
  return reason !== undefined && Object.hasOwn(READY_REASONS, reason)
    ? READY_REASONS[reason as ReadyReason]
    : 'NOT_READY';
}

interface FailureText {
  /** What the code means. */
  readonly what: string;
  readonly todo: string;
}

const OWN_STATE = 'See the condition below for what the controller says';

/** What each failure means and what helps, as parts of a message. */
export const FAILURE_TEXTS: Record<FailureCode, FailureText> = {
  IMPERSONATION_DENIED: {
    what: 'the credential may not impersonate the service account on the target cluster',
    todo: 'Grant the identity of the kubeconfig `impersonate` on that service account there, or name another one in spec.serviceAccountName',
  },
  ANONYMOUS: {
    what: 'the target cluster sees an anonymous caller, because the kubeconfig holds no credential that Flux uses',
    todo: 'Put a token or client certificate into the kubeconfig itself; Flux ignores exec plugins and file paths',
  },
  DISCOVERY_FORBIDDEN: {
    what: 'the target cluster refused the first request',
    todo: 'Check the credential in the kubeconfig and, where a service account is impersonated, the right to impersonate it',
  },
  CREDENTIAL_MISSING: {
    what: 'the Secret or ConfigMap of spec.kubeConfig, or the key in it, does not exist',
    todo: 'Create it in the namespace of the object, with the key that spec.kubeConfig names',
  },
  CREDENTIAL_MALFORMED: {
    what: 'the kubeconfig cannot be used as it is written',
    todo: 'Write a self-contained kubeconfig with a current context, CA data, and a token or client certificate',
  },
  DEFAULT_SA_MISSING: {
    what: 'the default service account does not exist in the namespace of the object',
    todo: 'Create the service account, or name another one in spec.serviceAccountName',
  },
  CLOUD_AUTH: {
    what: 'the cloud provider gave no access token for the cluster',
    todo: 'Check the workload identity of the service account and its role at the provider',
  },
  CREDENTIAL_INVALID: {
    what: 'the target cluster does not accept the credential (401)',
    todo: 'Renew the credential, and check on the target cluster whether the access of the platform was removed',
  },
  ADMISSION: {
    what: 'admission on the target cluster refuses the change',
    todo: 'Change the manifest, or the policy or webhook that refuses it',
  },
  DRYRUN_UNSUPPORTED: {
    what: 'a webhook on the target cluster does not support dry-run, which Flux needs',
    todo: 'Set sideEffects of that webhook to None or NoneOnDryRun',
  },
  QUOTA: { what: 'a quota on the target cluster is used up', todo: 'Raise the quota, or ask for less' },
  ACCESS_REVOKED: {
    what: 'the target cluster denies access (403)',
    todo: 'Restore the role bindings of the platform on the target cluster, and find out who removed them',
  },
  TLS: {
    what: 'no trusted TLS connection to the target cluster can be made',
    todo: 'Update the CA data, or the server name, in the kubeconfig',
  },
  NETWORK: {
    what: 'the API server of the target cluster cannot be reached',
    todo: 'Check the address in the kubeconfig, and the network between the clusters',
  },
  SERVER_ERROR: {
    what: 'the API server of the target cluster answers with an error of its own',
    todo: 'Look at the API server of the target cluster',
  },
  API_REMOVED: {
    what: 'the target cluster does not serve an API that the manifests use',
    todo: 'Install the missing definitions first, or use an API version that the cluster serves',
  },
  CONFLICT: {
    what: 'another field manager owns fields that Flux applies',
    todo: 'Decide who owns the fields, and remove them from the other',
  },
  ARTIFACT_FAILED: { what: 'the artifact of the source cannot be used', todo: `${OWN_STATE}, and look at the source` },
  SOURCE_NOT_READY: { what: 'the source has no artifact to apply', todo: 'Look at the conditions of the source' },
  DEPENDENCY_NOT_READY: {
    what: 'an object in spec.dependsOn is not ready',
    todo: 'Repair the object that it depends on',
  },
  BUILD_FAILED: {
    what: 'the manifests cannot be built, decrypted or substituted',
    todo: `${OWN_STATE}, and correct the manifests or the decryption`,
  },
  HEALTH_CHECK_FAILED: {
    what: 'what was applied does not become healthy in time',
    todo: 'Look at the workloads that the condition names, on the target cluster',
  },
  PRUNE_FAILED: {
    what: 'objects that are not in the source any more cannot be deleted',
    todo: 'Look at the objects that the condition names, on the target cluster',
  },
  RECONCILIATION_FAILED: { what: 'the manifests cannot be applied', todo: `${OWN_STATE}, and correct that` },
  VALUES_FAILED: {
    what: 'the Helm values cannot be put together',
    todo: 'Check the Secrets and ConfigMaps in spec.valuesFrom',
  },
  CHART_FAILED: { what: 'the chart cannot be prepared', todo: `${OWN_STATE}, and correct the chart` },
  REST_CLIENT_FAILED: {
    what: 'no client for the target cluster can be made',
    todo: 'Check the Secret or ConfigMap of spec.kubeConfig',
  },
  STATE_FAILED: {
    what: 'the state of the release cannot be read on the target cluster',
    todo: 'Check that the target cluster can be reached, and that the identity may list Secrets in the storage namespace',
  },
  INSTALL_FAILED: { what: 'the Helm installation failed', todo: `${OWN_STATE}, and look at the release` },
  UPGRADE_FAILED: { what: 'the Helm upgrade failed', todo: `${OWN_STATE}, and look at the release` },
  TEST_FAILED: { what: 'the Helm tests failed', todo: `${OWN_STATE}, and look at the test pods` },
  ROLLBACK_FAILED: { what: 'the Helm rollback failed', todo: `${OWN_STATE}, and look at the release` },
  UNINSTALL_FAILED: { what: 'the Helm release cannot be removed', todo: `${OWN_STATE}, and look at the release` },
  NOT_READY: { what: 'the object is not ready', todo: OWN_STATE },
};
