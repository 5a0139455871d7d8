import type { Collected, KubernetesObject, ServiceAccount } from '#libs/core';
import type { ControllerInstance, ControllerRun } from '#libs/flux';

/** Annotations that bind a service account to an identity of a cloud. */
const ANNOTATIONS = [
  'eks.amazonaws.com/role-arn',
  'iam.gke.io/gcp-service-account',
  'azure.workload.identity/client-id',
];

/** Variables of the cloud SDKs that carry or locate a credential; a region is none. */
const VARIABLES = /^(AWS_(?!REGION$|DEFAULT_REGION$|STS_REGIONAL_ENDPOINTS$)|AZURE_|GOOGLE_APPLICATION_CREDENTIALS$)/;

/** The cloud identity that a service account stands for. */
export function cloudRoleOf({ metadata }: KubernetesObject): string | undefined {
  return ANNOTATIONS.map((key) => metadata.annotations?.[key]).find((role) => role !== undefined && role !== '');
}

export type CloudIdentity = 'yes' | 'no' | Extract<Collected<unknown>, { state: 'unavailable' }>;

/**
 * Whether a controller has an identity of a cloud, by its environment or its service account; where neither shows one
 * and the accounts could not be read, the reason. What the node or the cluster's own agent lends it is not visible here.
 */
export function cloudIdentityOf(
  { pods, template, namespace }: ControllerInstance,
  serviceAccounts: Collected<readonly ServiceAccount[]>,
): CloudIdentity {
  const runs = [...pods, ...(template ? [template] : [])];
  if (runs.some(({ container }) => container.env?.some(({ name }) => VARIABLES.test(name)))) return 'yes';
  if (serviceAccounts.state === 'unavailable') return serviceAccounts;
  const names = new Set(runs.map(accountOf));
  const own = serviceAccounts.value.filter(
    ({ metadata }) => metadata.namespace === namespace && names.has(metadata.name),
  );
  return own.some((account) => cloudRoleOf(account) !== undefined) ? 'yes' : 'no';
}

function accountOf({ object }: ControllerRun): string {
  const spec = object.kind === 'Pod' ? object.spec : object.spec.template.spec;
  return spec.serviceAccountName ?? 'default';
}
