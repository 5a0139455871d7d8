import { toArguments } from './flags.js';
import type { LabProcess, Workspace } from './workspace.js';

/** Unknown names stop the program; these are the long names of Kubernetes 1.27 and newer. */
const CONTROLLERS = [
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'namespace-controller',
  'garbage-collector-controller',
  'clusterrole-aggregation-controller',
  'root-ca-certificate-publisher-controller',
  'deployment-controller',
  'replicaset-controller',
  'validatingadmissionpolicy-status-controller',
];

/** `name` is the cluster's; its API server must have been started by `startApiServer` in the same workspace. */
export function startControllerManager(
  workspace: Workspace,
  name: string,
  program: string,
  kubeconfigFile: string,
): LabProcess {
  const file = (suffix: string) => `${workspace.folder}/${name}/${suffix}`;
  return workspace.start(
    `${name}-controller-manager`,
    program,
    toArguments({
      kubeconfig: kubeconfigFile,
      'leader-elect': 'false',
      'secure-port': 0,
      'service-account-private-key-file': file('sa.key'),
      'root-ca-file': file('ca.crt'),
      // Without it RBAC refuses half of what the controllers do.
      'use-service-account-credentials': true,
      controllers: CONTROLLERS.join(','),
    }),
  );
}
