import { CLUSTER_SUBJECT, type Observation, notApplicable, notEvaluated } from '#libs/core';

/** Where tenants run nothing. */
export function noWorkloads(): Observation {
  return notApplicable(
    CLUSTER_SUBJECT,
    'NO_TENANT_WORKLOADS',
    'No pod runs in a namespace of a tenant, so that no node is shared.',
  );
}

/** Where no controller shows which nodes Flux uses: that is not to say that it uses none. */
export function fluxNotFound(): Observation {
  return notEvaluated(
    CLUSTER_SUBJECT,
    'undecidable',
    'FLUX_NOT_FOUND',
    'No pod of a Flux controller was recognised on a node, so that it is not known which nodes Flux uses. Give the Deployments the labels app.kubernetes.io/part-of=flux and app.kubernetes.io/component.',
  );
}
