/**
 * Read-only shapes of the Kubernetes and Flux objects that controls judge: only the fields that are read.
 * Collectors project API answers into these shapes; everything else is dropped at the edge.
 */

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** One entry of `metadata.managedFields`, without the field set (RA-03 reads its time). */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly time?: string;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly observedGeneration?: number;
}

export interface Namespace extends KubernetesObject {
  readonly kind: 'Namespace';
}

/** A service account's metadata; its secrets and tokens are never read. */
export interface ServiceAccount extends KubernetesObject {
  readonly kind: 'ServiceAccount';
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly fieldRef?: { readonly fieldPath: string };
    readonly resourceFieldRef?: { readonly resource: string };
    readonly configMapKeyRef?: { readonly name: string; readonly key: string; readonly optional?: boolean };
    readonly secretKeyRef?: { readonly name: string; readonly key: string; readonly optional?: boolean };
  };
}

export interface EnvFromSource {
  readonly prefix?: string;
  readonly configMapRef?: { readonly name: string; readonly optional?: boolean };
  readonly secretRef?: { readonly name: string; readonly optional?: boolean };
}

export interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol?: string;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly EnvFromSource[];
  readonly ports?: readonly ContainerPort[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  /** Of the pod. */
  readonly securityContext?: Readonly<Record<string, unknown>>;
  /** Volumes that are paths of the node. */
  readonly hostPaths?: readonly string[];
  readonly serviceAccountName?: string;
  readonly nodeName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: Readonly<Record<string, unknown>>;
  readonly tolerations?: readonly Readonly<Record<string, unknown>>[];
  readonly hostNetwork?: boolean;
  readonly runtimeClassName?: string;
  readonly priorityClassName?: string;
}

export interface ContainerStatus {
  readonly name: string;
  readonly imageID?: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: {
    readonly running?: { readonly startedAt?: string };
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: { readonly reason?: string; readonly exitCode?: number; readonly message?: string };
  };
}

export interface Pod extends KubernetesObject {
  readonly kind: 'Pod';
  readonly spec: PodSpec;
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly hostIP?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

export interface Deployment extends KubernetesObject {
  readonly kind: 'Deployment';
  readonly spec: {
    readonly replicas?: number;
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata?: {
        readonly labels?: Readonly<Record<string, string>>;
        readonly annotations?: Readonly<Record<string, string>>;
      };
      readonly spec: PodSpec;
    };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
  };
}

/** A ConfigMap read by name because a controller's environment or a remote apply refers to it. */
export interface ConfigMap extends KubernetesObject {
  readonly kind: 'ConfigMap';
  readonly data?: Readonly<Record<string, string>>;
}

export interface KubeConfigReference {
  readonly secretRef?: { readonly name: string; readonly key?: string };
  readonly configMapRef?: { readonly name: string };
}

export interface CrossNamespaceReference {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** `valuesFrom` and `substituteFrom`: where values come from. */
export interface ValuesReference {
  readonly kind: string;
  readonly name: string;
  readonly optional?: boolean;
  readonly targetPath?: string;
}

/** https://fluxcd.io/flux/components/source/ocirepositories/#verification and its like of Git repositories. */
export interface SourceVerification {
  /** OCI and Helm: `cosign` or `notation`. */
  readonly provider?: string;
  /** Git: `HEAD`, `Tag`, `TagAndHEAD`. */
  readonly mode?: string;
  readonly secretRef?: { readonly name: string };
  readonly matchOIDCIdentity?: readonly { readonly issuer?: string; readonly subject?: string }[];
}

export interface DependencyReference {
  readonly name: string;
  readonly namespace?: string;
  readonly readyExpr?: string;
}

/** Kustomization `kustomize.toolkit.fluxcd.io` (v1, v1beta2, v1beta1). Patches and substitutions are never kept. */
export interface Kustomization extends KubernetesObject {
  readonly kind: 'Kustomization';
  readonly spec: {
    readonly interval?: string;
    readonly retryInterval?: string;
    readonly timeout?: string;
    readonly path?: string;
    readonly suspend?: boolean;
    readonly prune?: boolean;
    readonly wait?: boolean;
    readonly serviceAccountName?: string;
    readonly targetNamespace?: string;
    readonly sourceRef?: CrossNamespaceReference;
    readonly dependsOn?: readonly DependencyReference[];
    readonly kubeConfig?: KubeConfigReference;
    readonly decryption?: {
      readonly provider?: string;
      readonly secretRef?: { readonly name: string };
      readonly serviceAccountName?: string;
    };
    /** Substitutions themselves are never kept. */
    readonly postBuild?: {
      readonly substituteFrom?: readonly ValuesReference[];
      readonly substituteStrategy?: string;
      /** `substitute` has entries. */
      readonly hasSubstitute?: boolean;
    };
    readonly healthChecks?: readonly CrossNamespaceReference[];
    readonly force?: boolean;
    /** Labels that it gives to everything it applies. */
    readonly commonLabels?: Readonly<Record<string, string>>;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly lastAppliedRevision?: string;
    readonly lastAttemptedRevision?: string;
    readonly lastHandledReconcileAt?: string;
    readonly conditions?: readonly Condition[];
    readonly history?: readonly { readonly lastReconciled?: string; readonly lastReconciledStatus?: string }[];
    readonly inventory?: { readonly entries?: readonly { readonly id: string; readonly v?: string }[] };
  };
}

/** HelmRelease `helm.toolkit.fluxcd.io` (v2, v2beta2, v2beta1). `spec.values` is never kept: it may hold secrets. */
export interface HelmRelease extends KubernetesObject {
  readonly kind: 'HelmRelease';
  readonly spec: {
    readonly interval?: string;
    readonly timeout?: string;
    readonly suspend?: boolean;
    readonly serviceAccountName?: string;
    readonly targetNamespace?: string;
    readonly storageNamespace?: string;
    readonly releaseName?: string;
    readonly chart?: {
      readonly spec: {
        readonly chart?: string;
        readonly version?: string;
        readonly sourceRef: CrossNamespaceReference;
        readonly verify?: SourceVerification;
      };
      readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
    };
    readonly chartRef?: CrossNamespaceReference;
    readonly dependsOn?: readonly DependencyReference[];
    readonly kubeConfig?: KubeConfigReference;
    readonly valuesFrom?: readonly ValuesReference[];
    readonly install?: { readonly crds?: string; readonly disableOpenAPIValidation?: boolean };
    readonly upgrade?: {
      readonly crds?: string;
      readonly disableOpenAPIValidation?: boolean;
      readonly force?: boolean;
    };
    readonly driftDetection?: { readonly mode?: string };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly inventory?: { readonly entries?: readonly { readonly id: string; readonly v?: string }[] };
    readonly helmChart?: string;
    readonly lastAttemptedRevision?: string;
    readonly lastAttemptedRevisionDigest?: string;
    readonly lastHandledReconcileAt?: string;
    readonly conditions?: readonly Condition[];
  };
}

/** The source kinds of `source.toolkit.fluxcd.io`. */
export const SOURCE_KINDS = [
  'GitRepository',
  'OCIRepository',
  'HelmRepository',
  'HelmChart',
  'Bucket',
  'ExternalArtifact',
] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

export interface Source extends KubernetesObject {
  readonly kind: SourceKind;
  readonly spec: {
    readonly interval?: string;
    readonly timeout?: string;
    readonly suspend?: boolean;
    /** With any user name and password removed. */
    readonly url?: string;
    /** HelmRepository only: `default` or `oci`; an `oci` one has no status of its own. */
    readonly type?: string;
    readonly provider?: string;
    readonly serviceAccountName?: string;
    readonly ref?: Readonly<Record<string, string>>;
    readonly sourceRef?: CrossNamespaceReference;
    /** The `url` carried a credential, which was removed. The user name alone of an ssh URL is none. */
    readonly urlHadUserInfo?: boolean;
    /** Bucket: host and port. */
    readonly endpoint?: string;
    readonly bucketName?: string;
    readonly insecure?: boolean;
    readonly passCredentials?: boolean;
    readonly verify?: SourceVerification;
    readonly secretRef?: { readonly name: string };
    readonly certSecretRef?: { readonly name: string };
    readonly proxySecretRef?: { readonly name: string };
    /** HelmChart. */
    readonly chart?: string;
    /** HelmChart: a version or a range. */
    readonly version?: string;
    /** Bucket with `sts`: its endpoint without a path. */
    readonly stsEndpoint?: string;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly Condition[];
    readonly artifact?: {
      readonly revision?: string;
      readonly digest?: string;
      readonly lastUpdateTime?: string;
    };
  };
}

export interface Alert extends KubernetesObject {
  readonly kind: 'Alert';
  readonly spec: {
    readonly suspend?: boolean;
    readonly providerRef?: { readonly name: string };
    readonly eventSeverity?: string;
    readonly eventSources?: readonly {
      readonly kind: string;
      readonly name: string;
      readonly namespace?: string;
      readonly matchLabels?: Readonly<Record<string, string>>;
    }[];
    readonly inclusionList?: readonly string[];
    readonly exclusionList?: readonly string[];
    /** Keys of `eventMetadata`; the values are not kept. */
    readonly eventMetadataKeys?: readonly string[];
    /** Values of `eventMetadata` that look like credentials: their keys. */
    readonly suspectMetadataKeys?: readonly string[];
  };
}

export interface Provider extends KubernetesObject {
  readonly kind: 'Provider';
  readonly spec: {
    readonly type?: string;
    readonly suspend?: boolean;
    /** Scheme and host only; a path may hold a webhook secret. */
    readonly address?: string;
    /** The address had a path or query, which was removed. */
    readonly addressHasPath?: boolean;
    /** The address had a user name or password, which was removed. */
    readonly addressHadUserInfo?: boolean;
    /** Deprecated `spec.proxy`: scheme and host. */
    readonly proxy?: string;
    readonly serviceAccountName?: string;
    readonly channel?: string;
    readonly secretRef?: { readonly name: string };
    readonly certSecretRef?: { readonly name: string };
    readonly proxySecretRef?: { readonly name: string };
  };
}
