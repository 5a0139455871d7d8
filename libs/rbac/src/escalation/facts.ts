import type { AccountName, Identity } from '../identity.js';

/** What a cluster is like beyond RBAC, as far as it decides what a right leads to. */
export interface ClusterFacts {
  /** The 36 of Kubernetes v1.36. */
  readonly kubernetesMinor: number;
  readonly namespaces: readonly string[];
  readonly serviceAccounts: readonly AccountName[];
  readonly pods: readonly { readonly namespace: string; readonly name: string; readonly serviceAccount: string }[];
  /** Secrets known to hold a credential for this cluster, such as the token Secrets of service accounts. */
  readonly credentials: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly of: Identity;
  }[];
  /** Namespaces where nothing refuses privileged pods or host paths. */
  readonly privilegedNamespaces: readonly string[];
  /** Nothing refuses PersistentVolumes that are paths of a node. */
  readonly hostPathVolumes: boolean;
  /** The control plane runs on nodes of this cluster, where a privileged pod can be placed. */
  readonly controlPlaneNodes: boolean;
  /** The controller-manager approves client certificates of nodes (`csrapproving`, on by default). */
  readonly nodeCertificatesApproved: boolean;
  /** The API server takes bootstrap tokens (`--enable-bootstrap-token-auth`). */
  readonly bootstrapTokens: boolean;
  /** `kube-system/aws-auth` maps cloud identities to users. */
  readonly awsAuth: boolean;
  /** Absent where the cluster runs no kustomize-controller and no helm-controller. */
  readonly flux?: FluxFacts;
  /** Other operators that apply what an object of some kind says, with rights of their own. */
  readonly operators: readonly { readonly group: string; readonly resource: string; readonly account: AccountName }[];
}

export interface FluxFacts {
  /** The accounts of kustomize-controller and helm-controller. */
  readonly controllers: readonly AccountName[];
  /** Where an object without a service account is applied as the controller; `all` where no default account is set. */
  readonly unlocked: 'all' | readonly string[];
  /**
   * A `kubeConfig.configMapRef` of the provider `generic` counts as the controller, because
   * `--default-kubeconfig-service-account` is not set.
   */
  readonly genericKubeConfig: boolean;
}
