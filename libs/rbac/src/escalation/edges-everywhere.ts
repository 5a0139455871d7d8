import { RBAC_GROUP } from '#libs/core';
import type { Edge } from './edge.js';
import {
  ADMISSION,
  anywhere,
  APPROVE_REQUEST,
  approveFor,
  CHANGE,
  CREATE_REQUEST,
  CREATE_TOKEN,
  CREATE_WORKLOAD,
  inCluster,
  inNamespace,
  READ_SECRET,
  WORKLOADS,
  WRITE,
} from './needs.js';

/**
 * The ways that hold in every cluster, as https://kubernetes.io/docs/concepts/security/rbac-good-practices/ warns of
 * them. `edgesFor` adds those that depend on the cluster. Rights that only take away lead nowhere and are not here.
 */
export const EVERYWHERE: readonly Edge[] = [
  {
    id: 'E1',
    title: 'creates workloads, which run as any service account of the namespace and mount its Secrets',
    needs: [CREATE_WORKLOAD],
    gives: ['accounts', 'credentials'],
  },
  {
    id: 'E2',
    title: 'enters or changes running pods, which hold the token of their service account',
    needs: [inNamespace(['create'], '/pods/exec', '/pods/attach')],
    named: true,
    gives: ['runningAccounts'],
  },
  {
    id: 'E2',
    title: 'enters or changes running pods, which hold the token of their service account',
    needs: [inNamespace(CHANGE, '/pods', '/pods/ephemeralcontainers')],
    named: true,
    gives: ['runningAccounts'],
  },
  {
    id: 'E3',
    title: 'requests tokens of service accounts',
    needs: [CREATE_TOKEN],
    named: true,
    gives: ['accounts'],
  },
  {
    id: 'E4',
    title: 'reads Secrets, by the answers to patch and deletecollection too',
    needs: [READ_SECRET],
    named: true,
    gives: ['credentials'],
  },
  {
    id: 'E5',
    title: 'creates token Secrets for service accounts and reads them',
    needs: [inNamespace(['create'], '/secrets'), READ_SECRET],
    gives: ['accounts'],
  },
  {
    id: 'E6',
    title: 'impersonates users',
    needs: [inCluster(['impersonate'], '/users')],
    named: true,
    gives: ['users'],
  },
  {
    id: 'E6',
    title: 'impersonates service accounts, also such as do not exist',
    needs: [inNamespace(['impersonate'], '/serviceaccounts')],
    named: true,
    gives: ['namedAccounts'],
  },
  {
    id: 'E6',
    title: 'impersonates groups, beside a user or service account',
    needs: [inCluster(['impersonate'], '/groups'), anywhere(['impersonate'], '/users', '/serviceaccounts')],
    named: true,
    gives: ['groups'],
  },
  {
    id: 'E7',
    title: 'binds ClusterRoles everywhere',
    needs: [inCluster(['bind'], `${RBAC_GROUP}/clusterroles`), inCluster(WRITE, `${RBAC_GROUP}/clusterrolebindings`)],
    named: true,
    gives: ['clusterRoles'],
  },
  {
    id: 'E7',
    title: 'binds ClusterRoles in the namespace',
    needs: [inNamespace(['bind'], `${RBAC_GROUP}/clusterroles`), inNamespace(WRITE, `${RBAC_GROUP}/rolebindings`)],
    named: true,
    gives: ['clusterRoles'],
  },
  {
    id: 'E7',
    title: 'binds Roles of the namespace',
    needs: [inNamespace(['bind'], `${RBAC_GROUP}/roles`), inNamespace(WRITE, `${RBAC_GROUP}/rolebindings`)],
    named: true,
    gives: ['roles'],
  },
  {
    id: 'E7',
    title: 'escalates a ClusterRole that is bound to itself',
    needs: [inCluster(['escalate'], `${RBAC_GROUP}/clusterroles`), inCluster(CHANGE, `${RBAC_GROUP}/clusterroles`)],
    named: true,
    gives: ['ownClusterRoles'],
  },
  {
    id: 'E7',
    title: 'escalates by a new ClusterRole, to which it is bound already or which flows into one of its own',
    needs: [inCluster(['escalate'], `${RBAC_GROUP}/clusterroles`), inCluster(['create'], `${RBAC_GROUP}/clusterroles`)],
    named: true,
    gives: ['missingClusterRoles'],
  },
  {
    id: 'E7',
    title: 'escalates a Role that is bound to itself',
    needs: [inNamespace(['escalate'], `${RBAC_GROUP}/roles`), inNamespace(CHANGE, `${RBAC_GROUP}/roles`)],
    named: true,
    gives: ['ownRoles'],
  },
  {
    id: 'E7',
    title: 'escalates by a new Role, to which it is bound already',
    needs: [inNamespace(['escalate'], `${RBAC_GROUP}/roles`), inNamespace(['create'], `${RBAC_GROUP}/roles`)],
    named: true,
    gives: ['missingRoles'],
  },
  {
    id: 'E8',
    title: 'requests and approves client certificates in any name',
    needs: [CREATE_REQUEST, APPROVE_REQUEST, approveFor('kubernetes.io/kube-apiserver-client')],
    gives: ['everyone', 'node'],
  },
  {
    id: 'E9',
    title: 'changes what others send, by a mutating webhook or policy',
    needs: [inCluster(WRITE, `${ADMISSION}/mutatingwebhookconfigurations`)],
    gives: ['admin'],
  },
  {
    id: 'E9',
    title: 'changes what others send, by a mutating webhook or policy',
    needs: [
      inCluster(WRITE, `${ADMISSION}/mutatingadmissionpolicies`),
      inCluster(WRITE, `${ADMISSION}/mutatingadmissionpolicybindings`),
    ],
    gives: ['admin'],
  },
  {
    id: 'E10',
    title: 'reaches pods by the API of their node',
    needs: [inCluster(['get', 'create'], '/nodes/proxy')],
    gives: ['runningAccounts'],
  },
  {
    id: 'E14',
    title: 'changes workloads, which then run as any service account of the namespace',
    needs: [inNamespace(CHANGE, ...WORKLOADS.filter((resource) => resource !== '/pods'))],
    gives: ['accounts', 'credentials'],
  },
  {
    id: 'E18',
    title: 'changes which service answers for an API group',
    needs: [inCluster(CHANGE, 'apiregistration.k8s.io/apiservices')],
    gives: ['admin'],
  },
  {
    id: 'E18',
    title: 'sees what others send, by a validating webhook or a conversion webhook',
    needs: [
      inCluster(
        WRITE,
        `${ADMISSION}/validatingwebhookconfigurations`,
        'apiextensions.k8s.io/customresourcedefinitions',
      ),
    ],
    gives: ['interception'],
  },
  {
    id: 'E20',
    title: 'requests and approves certificates of nodes',
    needs: [CREATE_REQUEST, APPROVE_REQUEST, approveFor('kubernetes.io/kube-apiserver-client-kubelet')],
    gives: ['node'],
  },
  {
    id: 'E21',
    title: 'creates a service account that bindings already name, and uses it',
    needs: [
      inNamespace(['create'], '/serviceaccounts'),
      { verbs: ['create'], resources: [...WORKLOADS, '/serviceaccounts/token'], scope: 'namespace' },
    ],
    gives: ['missingAccounts'],
  },
  {
    id: 'E21',
    title: 'creates a namespace and a service account in it that bindings already name, and uses it',
    needs: [
      inCluster(['create'], '/namespaces'),
      inCluster(['create'], '/serviceaccounts'),
      inCluster(['create'], ...WORKLOADS, '/serviceaccounts/token'),
    ],
    gives: ['strandedAccounts'],
  },
];
