import { RBAC_GROUP } from '#libs/core';
import type { ResourceRequest } from '#libs/rbac';

const ADMISSION = 'admissionregistration.k8s.io';

/** A right that is needed to give the platform its access back, and what it is for. */
export interface RecoveryRight {
  readonly request: ResourceRequest;
  readonly title: string;
}

/**
 * In the order of a recovery: first what admission refuses, then who may do what, then new credentials.
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
 */
export const RECOVERY_RIGHTS: readonly RecoveryRight[] = [
  {
    request: { verb: 'delete', group: ADMISSION, resource: 'validatingadmissionpolicybindings' },
    title: 'delete ValidatingAdmissionPolicyBindings',
  },
  {
    request: { verb: 'delete', group: ADMISSION, resource: 'validatingwebhookconfigurations' },
    title: 'delete ValidatingWebhookConfigurations',
  },
  {
    request: { verb: 'delete', group: ADMISSION, resource: 'mutatingwebhookconfigurations' },
    title: 'delete MutatingWebhookConfigurations',
  },
  {
    request: { verb: 'create', group: RBAC_GROUP, resource: 'clusterrolebindings' },
    title: 'create ClusterRoleBindings',
  },
  {
    request: { verb: 'delete', group: RBAC_GROUP, resource: 'clusterrolebindings' },
    title: 'delete ClusterRoleBindings',
  },
  {
    request: { verb: 'bind', group: RBAC_GROUP, resource: 'clusterroles', name: 'cluster-admin' },
    title: 'bind the ClusterRole cluster-admin',
  },
  {
    request: { verb: 'create', resource: 'serviceaccounts', namespace: 'kube-system' },
    title: 'create service accounts in kube-system',
  },
  {
    request: { verb: 'create', resource: 'serviceaccounts', subresource: 'token', namespace: 'kube-system' },
    title: 'create tokens of service accounts in kube-system',
  },
  { request: { verb: 'get', resource: 'secrets' }, title: 'read Secrets' },
];
