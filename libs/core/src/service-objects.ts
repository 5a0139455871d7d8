import type { JsonObject } from './json.js';
import type { KubernetesObject } from './resources.js';

export interface Service extends KubernetesObject {
  readonly kind: 'Service';
  readonly spec: {
    readonly type?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly externalIPs?: readonly string[];
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly targetPort?: number | string;
      readonly nodePort?: number;
      readonly protocol?: string;
    }[];
  };
}

export interface Ingress extends KubernetesObject {
  readonly kind: 'Ingress';
  readonly spec: {
    readonly tlsHosts: readonly string[];
    /** TLS is configured, with or without host names. */
    readonly tls: boolean;
    readonly backends: readonly {
      readonly host?: string;
      readonly path?: string;
      readonly service: string;
      readonly port?: number | string;
    }[];
  };
}

/** `gateway.networking.k8s.io`: HTTPRoute, TLSRoute, TCPRoute, GRPCRoute; only those that lead to Services. */
export interface GatewayRoute extends KubernetesObject {
  readonly kind: 'HTTPRoute' | 'GRPCRoute' | 'TLSRoute' | 'TCPRoute';
  readonly spec: {
    readonly backends: readonly {
      readonly namespace: string;
      readonly service: string;
      readonly port?: number;
      readonly path?: string;
    }[];
  };
}

/** A network policy of a kind beyond `networking.k8s.io`, such as CiliumNetworkPolicy, with its spec as it is. */
export interface NativeNetworkPolicy extends KubernetesObject {
  /** `{}` where a Cilium policy holds its rules under `specs` alone. */
  readonly spec: JsonObject;
  /** Further specs of one Cilium policy, each as good as `spec`. https://docs.cilium.io/en/stable/network/kubernetes/policy/ */
  readonly specs?: readonly JsonObject[];
}
