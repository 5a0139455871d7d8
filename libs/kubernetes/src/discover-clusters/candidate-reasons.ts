import type { CandidateReason } from '#libs/core';
import type { KubeconfigProblem } from '../access/kubeconfig-rejected.js';

const OWN_TOKEN =
  'Apply the manifest of GET /api/v1/install-manifest in that cluster, make a token for its service account, and register the cluster with it.';

/** The sentence and the way out of each code. */
const REASONS = {
  mintOwnToken: {
    message: 'The only credential on the management cluster is that of an administrator, which is never stored.',
    fix: OWN_TOKEN,
  },
  workloadIdentity: {
    message: 'Flux reaches the cluster with a workload identity, and no credential is kept that could be used.',
    fix: OWN_TOKEN,
  },
  secretMissing: {
    message: 'The Secret with the credential does not exist.',
    fix: 'Create the Secret, or correct the name in the object that refers to it.',
  },
  secretForbidden: {
    message: 'The Secret with the credential may not be read.',
    fix: 'Allow the auditor to get this one Secret: a Role with resourceNames in its namespace is enough.',
  },
  secretUnreadable: {
    message: 'The Secret with the credential could not be read.',
    fix: 'Look at the health of the management cluster; the next synchronisation tries again.',
  },
  secretMalformed: {
    message: 'The data of the Secret with the credential could not be understood.',
    fix: 'Store the credential again, with the tool that made the Secret.',
  },
  keyMissing: {
    message: 'The Secret does not hold the key under which the credential is looked for.',
    fix: 'Store the credential under that key, or name the right key in the object that refers to the Secret.',
  },
  kubeconfigNotText: {
    message: 'The kubeconfig is not UTF-8 text.',
    fix: 'Store the kubeconfig as it is, not compressed or encoded once more.',
  },
  execProvider: {
    message: 'The credential comes from a program (exec), and programs are never run here.',
    fix: OWN_TOKEN,
  },
  awsAuth: {
    message: 'The credential is made by Argo CD from an AWS identity of its own (awsAuthConfig).',
    fix: OWN_TOKEN,
  },
  insecure: {
    message: 'The certificate of the API server is not checked (insecure), so the credential goes to whoever answers.',
    fix: 'Put the CA certificate in tlsClientConfig.caData and remove insecure; then synchronise again.',
  },
  configNotJson: {
    message: 'The configuration of the cluster in Argo CD is not JSON of the documented form.',
    fix: 'Correct the key config of the Secret, or add the cluster again with argocd cluster add.',
  },
  hubItself: {
    message: 'This is the management cluster itself.',
    fix: 'Nothing to do: it is registered already.',
  },
  pullMode: {
    message: 'The cluster is in pull mode: it calls the management cluster, and cannot be called.',
    fix: 'Register it where its API server can be reached, with a token of its own.',
  },
  notReady: {
    message: 'The cluster has no address yet.',
    fix: 'Wait until its control plane is ready; the next synchronisation looks again.',
  },
  noAccessProvider: {
    message: 'The ClusterProfile names no access provider.',
    fix: 'Let the cluster manager publish one in status.accessProviders, or register the cluster with a token of its own.',
  },
  providerUnsupported: {
    message:
      'No access provider of the ClusterProfile keeps its credential in a Secret; other providers are programs, which are never run here.',
    fix: `Publish the access provider secretreader or kubeconfig-secretreader. Or: ${OWN_TOKEN}`,
  },
  outsideNamespaces: {
    message: 'The Secret is in a namespace that is not one of the source.',
    fix: 'Add the namespace to the namespaces of the source, if its Secrets are meant to be read.',
  },
} as const satisfies Record<string, Omit<CandidateReason, 'code'>>;

export type CandidateReasonCode = keyof typeof REASONS;

export function reason(code: CandidateReasonCode): CandidateReason {
  return { code, ...REASONS[code] };
}

/** Problems of a kubeconfig, each code once. */
export function kubeconfigReasons(problems: readonly KubeconfigProblem[]): readonly CandidateReason[] {
  return [...new Map(problems.map(({ code, message, fix }) => [code, { code, message, fix }])).values()];
}
