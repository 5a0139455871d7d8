import { type ResourceRequest, indexRbac } from '#libs/rbac';
import { tenantModel } from '../../tenants/tenant-model.js';
import { unlessShared } from '../../tenants/unless-shared.js';
import { questionOf } from '../access.js';
import type { QuestionPlanner } from '../plan-access-reviews.js';
import { tenantIdentities } from '../tenant-identities.js';

/** Changing the network policies of a namespace where Flux runs. */
export function policyWrites(namespace: string): readonly ResourceRequest[] {
  const group = 'networking.k8s.io';
  return ['create', 'patch', 'update', 'delete'].map((verb) => ({
    verb,
    group,
    resource: 'networkpolicies',
    namespace,
  }));
}

/** Reaching the pods of a namespace through the API server or the kubelet, which policies do not concern. */
export function policyBypasses(namespace: string): readonly ResourceRequest[] {
  return [
    ...['pods', 'services'].flatMap((resource) =>
      ['get', 'create'].map((verb) => ({ verb, resource, subresource: 'proxy', namespace })),
    ),
    { verb: 'create', resource: 'pods', subresource: 'portforward', namespace },
  ];
}

/** Room for the questions of other topics. */
const MAX_QUESTIONS = 40;

/** Whether the principals that the registry declares for tenants can change the policies of Flux, or go round them. */
export const fluxNetworkQuestions: QuestionPlanner = ({ registration, rbac, ...others }) => {
  if (registration.state === 'unavailable' || rbac.state === 'unavailable') return [];
  const { namespaces, kustomizations, helmReleases, deployments, pods, configMaps } = others;
  const context = { namespaces, kustomizations, helmReleases, deployments, pods, configMaps };
  const model = tenantModel({ registration: registration.value, ...context });
  if (unlessShared(model)) return [];
  const index = indexRbac(rbac.value);
  const principals = model.tenants.flatMap((tenant) =>
    tenantIdentities(tenant, index).flatMap(({ identity, declared }) => (declared ? [identity] : [])),
  );
  return model.fluxNamespaces
    .flatMap((namespace) => [...policyWrites(namespace), ...policyBypasses(namespace)])
    .flatMap((request) => principals.map((identity) => questionOf(identity, request)))
    .slice(0, MAX_QUESTIONS);
};
