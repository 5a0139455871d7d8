import type { KubernetesObject } from './resources.js';
import type { SelectorObject } from './selector-object.js';

export type NetworkProtocol = 'TCP' | 'UDP' | 'SCTP';

/** https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource */
export interface NetworkPolicy extends KubernetesObject {
  readonly kind: 'NetworkPolicy';
  readonly spec: {
    /** Absent selects every pod of the namespace, as an empty one does. */
    readonly podSelector?: SelectorObject;
    readonly policyTypes?: readonly string[] | null;
    readonly ingress?: readonly IngressRule[] | null;
    readonly egress?: readonly EgressRule[] | null;
  };
}

export interface IngressRule {
  /** Absent and empty mean everybody. */
  readonly from?: readonly PolicyPeer[] | null;
  /** Absent and empty mean every port. */
  readonly ports?: readonly PolicyPort[] | null;
}

export interface EgressRule {
  readonly to?: readonly PolicyPeer[] | null;
  readonly ports?: readonly PolicyPort[] | null;
}

/** One that names nothing matches nothing; the API server refuses it. */
export interface PolicyPeer {
  readonly podSelector?: SelectorObject;
  readonly namespaceSelector?: SelectorObject;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] | null };
}

export interface PolicyPort {
  /** Default TCP. */
  readonly protocol?: string;
  /** A number, or the name of a port of the pod that is connected to. Absent means every port of the protocol. */
  readonly port?: number | string;
  /** The last of a range of numbers that begins with `port`. */
  readonly endPort?: number;
}
