/** Needs and names that several edges share. */
import type { Need } from './need.js';

export const WORKLOADS = [
  '/pods',
  '/replicationcontrollers',
  'apps/deployments',
  'apps/daemonsets',
  'apps/statefulsets',
  'apps/replicasets',
  'batch/jobs',
  'batch/cronjobs',
];
export const WRITE = ['create', 'patch', 'update'];
export const CHANGE = ['patch', 'update'];
export const inNamespace = (verbs: readonly string[], ...resources: string[]): Need => ({
  verbs,
  resources,
  scope: 'namespace',
});
export const inCluster = (verbs: readonly string[], ...resources: string[]): Need => ({
  verbs,
  resources,
  scope: 'cluster',
});
export const anywhere = (verbs: readonly string[], ...resources: string[]): Need => ({
  verbs,
  resources,
  scope: 'anywhere',
});

export const ADMISSION = 'admissionregistration.k8s.io';
export const CERTIFICATES = 'certificates.k8s.io';
export const AUTHENTICATION = 'authentication.k8s.io';
export const CREATE_WORKLOAD = inNamespace(['create'], ...WORKLOADS);
// The answers to patch and deletecollection hold the data, those of a dry run too.
export const READ_SECRET = inNamespace(['get', 'list', 'watch', 'patch', 'deletecollection'], '/secrets');
export const CREATE_TOKEN = inNamespace(['create'], '/serviceaccounts/token');
export const CREATE_REQUEST = inCluster(['create'], `${CERTIFICATES}/certificatesigningrequests`);
export const APPROVE_REQUEST = inCluster(CHANGE, `${CERTIFICATES}/certificatesigningrequests/approval`);
export const approveFor = (signer: string): Need => ({
  ...inCluster(['approve'], `${CERTIFICATES}/signers`),
  names: [signer, 'kubernetes.io/*'],
});
