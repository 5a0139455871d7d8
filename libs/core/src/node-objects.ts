import type { KubernetesObject } from './resources.js';
import type { SelectorObject } from './selector-object.js';

/** https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export interface Node extends KubernetesObject {
  readonly kind: 'Node';
  readonly spec: { readonly taints?: readonly Taint[]; readonly unschedulable?: boolean };
  readonly status?: {
    readonly nodeInfo?: { readonly kubeletVersion?: string; readonly osImage?: string };
    readonly ready?: boolean;
  };
}

export interface RuntimeClass extends KubernetesObject {
  readonly kind: 'RuntimeClass';
  readonly handler: string;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

/** What makes a pod dangerous to those who share its node. */
export type PodRisk = 'privileged' | 'hostPath' | 'hostPID' | 'hostIPC' | 'hostNetwork';

/**
 * Pods that differ in name, IP and node only: what one owner runs in one namespace. Every pod of the cluster that is
 * not finished is in exactly one group, so that a snapshot of 100,000 pods stays small.
 */
export interface PodGroup {
  readonly namespace: string;
  /** The outermost owner that the pod itself names; a ReplicaSet of a Deployment is given as the Deployment. */
  readonly owner: { readonly kind: string; readonly name: string };
  readonly serviceAccountName: string;
  readonly runtimeClassName?: string;
  readonly priorityClassName?: string;
  readonly tolerations?: readonly Toleration[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly risks: readonly PodRisk[];
  /** Static pods that the kubelet runs from a file of its node. */
  readonly mirror: boolean;
  /** By node name: how many, and when the oldest started (RFC 3339). Pods without a node count under the empty name. */
  readonly nodes: Readonly<Record<string, { readonly count: number; readonly oldestStart?: string }>>;
}

/** A container as far as an operator's or network plugin's settings are read from it. */
export interface ProgramContainer {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  /** Only for programs whose flags are judged. */
  readonly args?: readonly string[];
  /** Plain values of the variables that are judged; a value from elsewhere is null. */
  readonly env?: Readonly<Record<string, string | null>>;
  /** Further variables come from a ConfigMap or Secret as a whole (`envFrom`), so that one not in `env` may still be set. */
  readonly hasEnvFrom?: boolean;
  readonly ready?: boolean;
}

/**
 * A pod that runs a program that controls judge besides the Flux controllers: the Sealed Secrets controller, the Flux
 * Operator, kube-state-metrics, policy engines.
 */
export interface OperatorPod extends KubernetesObject {
  readonly kind: 'Pod';
  /** `basename` of the image of the recognised container. */
  readonly program: string;
  readonly container: ProgramContainer;
  readonly serviceAccountName?: string;
  readonly owner?: { readonly kind: string; readonly name: string };
  /** ConfigMaps that it mounts. */
  readonly configMaps?: readonly string[];
}

export interface DaemonSet extends KubernetesObject {
  readonly kind: 'DaemonSet';
  readonly containers: readonly ProgramContainer[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly status: { readonly desired: number; readonly ready: number };
}

export interface ResourceQuota extends KubernetesObject {
  readonly kind: 'ResourceQuota';
  readonly spec: {
    readonly scopes?: readonly string[];
    readonly scopeSelector?: {
      readonly matchExpressions?: readonly {
        readonly scopeName: string;
        readonly operator: string;
        readonly values?: readonly string[];
      }[];
    };
    readonly hard?: Readonly<Record<string, string>>;
  };
}

/** Of `policy/v1`: how many replicas may be away at a time. */
export interface PodDisruptionBudget extends KubernetesObject {
  readonly kind: 'PodDisruptionBudget';
  readonly spec: { readonly selector?: SelectorObject };
}
