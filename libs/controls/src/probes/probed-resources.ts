import { type AccessRule, RBAC_GROUP } from '#libs/core';

const rules = (verbs: string, group: string, ...resources: readonly string[]): readonly AccessRule[] =>
  resources.flatMap((resource) => verbs.split(',').map((verb) => ({ verb, group, resource })));

/**
 * Everything that dry-runs of the topics may be about, for clusters where the right to act as somebody is bounded by what
 * is done in their name (https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/). A topic that
 * tries something else adds it here.
 */
export const PROBED_RESOURCES: readonly AccessRule[] = [
  // FLUX-NODE-02 and others that try pods
  ...rules('create', '', 'pods'),
  // FLUX-DED-02
  ...rules('delete,patch', RBAC_GROUP, 'clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'),
  ...rules('delete,patch,update', '', 'namespaces', 'serviceaccounts', 'configmaps'),
  ...rules('patch,update', '', 'namespaces/status'),
  ...rules('update', '', 'namespaces/finalize'),
  ...rules('delete,patch', '', 'secrets'),
  ...rules('patch', '', 'services'),
  ...rules('delete', '', 'nodes'),
  ...rules('create', '', 'resourcequotas'),
  ...rules('delete,patch', 'apps', 'deployments'),
  ...rules('patch,update', 'apps', 'deployments/scale'),
  ...rules('create,delete,patch', 'networking.k8s.io', 'networkpolicies'),
  ...rules(
    'create,delete,patch',
    'admissionregistration.k8s.io',
    'validatingwebhookconfigurations',
    'mutatingwebhookconfigurations',
  ),
  ...rules('patch', 'apiextensions.k8s.io', 'customresourcedefinitions'),
  ...rules('delete,patch', 'kustomize.toolkit.fluxcd.io', 'kustomizations'),
  ...rules('create,delete,patch', 'kyverno.io', 'policyexceptions'),
  ...rules('delete,patch', 'kyverno.io', 'clusterpolicies', 'policies'),
  ...rules('create,delete,patch', 'policies.kyverno.io', 'policyexceptions'),
  ...rules('delete,patch', 'policies.kyverno.io', 'validatingpolicies'),
  ...rules('delete,patch', 'templates.gatekeeper.sh', 'constrainttemplates'),
  // Every kind of constraint is a resource of its own.
  ...rules('delete,patch', 'constraints.gatekeeper.sh', '*'),
  ...rules('delete,patch', 'config.gatekeeper.sh', 'configs'),
  // FLUX-MT-01, FLUX-MT-02, FLUX-KEK-02 and FLUX-X-21
  ...rules('create', 'kustomize.toolkit.fluxcd.io', 'kustomizations'),
  ...rules('create', 'helm.toolkit.fluxcd.io', 'helmreleases'),
  ...rules('create', 'source.toolkit.fluxcd.io', 'gitrepositories', 'ocirepositories', 'helmrepositories', 'buckets'),
  // FLUX-NODE-02, 03 and 04
  ...rules('create', '', 'pods'),
];
