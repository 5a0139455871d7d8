import type { Edge } from './edge.js';
import { EVERYWHERE } from './edges-everywhere.js';
import type { ClusterFacts } from './facts.js';
import {
  anywhere,
  AUTHENTICATION,
  CERTIFICATES,
  CHANGE,
  CREATE_REQUEST,
  CREATE_WORKLOAD,
  inCluster,
  inNamespace,
  WRITE,
} from './needs.js';

/** All ways that hold in a cluster like this. */
export function edgesFor(facts: ClusterFacts): readonly Edge[] {
  return [...EVERYWHERE, ...byVersion(facts), ...byPlatform(facts), ...byFlux(facts), ...byOperator(facts)];
}

function byVersion({ kubernetesMinor }: ClusterFacts): Edge[] {
  const edges: Edge[] = [];
  // Before 1.35 a websocket upgrade was a GET that needed no `create`.
  if (kubernetesMinor < 35)
    edges.push({
      id: 'E2',
      title: 'enters running pods by a websocket, which hold the token of their service account',
      needs: [inNamespace(['get'], '/pods/exec', '/pods/attach')],
      named: true,
      gives: ['runningAccounts'],
    });
  if (kubernetesMinor < 36) return edges;
  // https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/#constrained-impersonation
  const act = (mode: string) => anywhere([`impersonate-on:${mode}:`], '*');
  return [
    ...edges,
    {
      id: 'E6',
      title: 'impersonates users for some requests',
      needs: [inCluster(['impersonate:user-info'], `${AUTHENTICATION}/users`), act('user-info')],
      named: true,
      gives: ['users'],
    },
    {
      id: 'E6',
      title: 'impersonates groups for some requests',
      needs: [
        inCluster(['impersonate:user-info'], `${AUTHENTICATION}/groups`),
        inCluster(['impersonate:user-info'], `${AUTHENTICATION}/users`),
        act('user-info'),
      ],
      named: true,
      gives: ['groupsButMasters'],
    },
    {
      id: 'E6',
      title: 'impersonates service accounts for some requests',
      needs: [inNamespace(['impersonate:serviceaccount'], `${AUTHENTICATION}/serviceaccounts`), act('serviceaccount')],
      named: true,
      gives: ['namedAccounts'],
    },
    ...['arbitrary-node', 'associated-node'].map((mode): Edge => ({
      id: 'E6',
      title: 'impersonates nodes for some requests',
      needs: [inCluster([`impersonate:${mode}`], `${AUTHENTICATION}/nodes`), act(mode)],
      gives: ['node'],
    })),
  ];
}

function byPlatform(facts: ClusterFacts): Edge[] {
  const edges: Edge[] = [];
  if (facts.privilegedNamespaces.length > 0)
    edges.push({
      id: 'E11',
      title: 'runs privileged pods or mounts paths of the node',
      needs: [CREATE_WORKLOAD],
      gives: ['host'],
      namespaces: facts.privilegedNamespaces,
    });
  if (facts.hostPathVolumes)
    edges.push({
      id: 'E12',
      title: 'makes volumes of paths of the node and claims them',
      needs: [inCluster(['create'], '/persistentvolumes'), inNamespace(['create'], '/persistentvolumeclaims')],
      gives: ['host'],
    });
  if (facts.awsAuth)
    edges.push({
      id: 'E13',
      title: 'edits which cloud identities are administrators',
      needs: [{ ...inNamespace(CHANGE, '/configmaps'), names: ['aws-auth'] }],
      gives: ['admin'],
      namespaces: ['kube-system'],
    });
  if (facts.nodeCertificatesApproved)
    edges.push({
      id: 'E20',
      title: 'requests certificates of nodes, which are approved by themselves',
      needs: [CREATE_REQUEST, inCluster(['create'], `${CERTIFICATES}/certificatesigningrequests/nodeclient`)],
      gives: ['node'],
    });
  if (facts.bootstrapTokens)
    edges.push({
      id: 'E20',
      title: 'makes bootstrap tokens, with which nodes join',
      needs: [inNamespace(['create'], '/secrets')],
      gives: ['node'],
      namespaces: ['kube-system'],
    });
  return edges;
}

function byFlux({ flux }: ClusterFacts): Edge[] {
  if (flux === undefined) return [];
  const apply = inNamespace(WRITE, 'kustomize.toolkit.fluxcd.io/kustomizations', 'helm.toolkit.fluxcd.io/helmreleases');
  const edges: Edge[] = [
    {
      id: 'E16',
      title: 'lets Flux apply as any service account of the namespace',
      needs: [apply],
      gives: ['namedAccounts'],
    },
  ];
  if (flux.unlocked === 'all' || flux.unlocked.length > 0)
    edges.push({
      id: 'E15',
      title: 'lets Flux apply as its controller, because no default service account is set',
      needs: [apply],
      gives: ['fluxControllers'],
      ...(flux.unlocked !== 'all' && { namespaces: flux.unlocked }),
    });
  if (flux.genericKubeConfig)
    edges.push({
      id: 'E17',
      title: 'uses a kubeConfig of the provider generic, for which no default service account is set',
      needs: [apply],
      gives: ['fluxControllers'],
    });
  return edges;
}

function byOperator({ operators }: ClusterFacts): Edge[] {
  return operators.map(({ group, resource, account }) => ({
    id: 'E19',
    title: `lets the operator of ${resource}.${group} act`,
    needs: [inNamespace(WRITE, `${group}/${resource}`)],
    gives: [{ account }],
  }));
}
