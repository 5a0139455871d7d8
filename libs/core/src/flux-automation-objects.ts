import type { JsonObject } from './json.js';
import type { Condition, CrossNamespaceReference, KubernetesObject } from './resources.js';
import type { SelectorObject } from './selector-object.js';

interface ReadyStatus {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
}

/** https://fluxcd.io/flux/components/notification/receivers/ */
export interface Receiver extends KubernetesObject {
  readonly kind: 'Receiver';
  readonly spec: {
    readonly type?: string;
    readonly suspend?: boolean;
    readonly events?: readonly string[];
    readonly secretRef?: { readonly name: string };
    readonly resources?: readonly (CrossNamespaceReference & {
      readonly matchLabels?: Readonly<Record<string, string>>;
    })[];
    /** Of the type `generic-oidc`: `{oidcProviders: […]}`, its issuers and what it demands of their tokens, as they are. */
    readonly oidc?: JsonObject;
  };
  readonly status?: ReadyStatus & {
    /** Whether `webhookPath` is set; the path itself authenticates and is never kept. */
    readonly hasWebhookPath?: boolean;
  };
}

export interface ImageRepository extends KubernetesObject {
  readonly kind: 'ImageRepository';
  readonly spec: {
    readonly image?: string;
    readonly suspend?: boolean;
    readonly insecure?: boolean;
    readonly provider?: string;
    readonly serviceAccountName?: string;
    readonly secretRef?: { readonly name: string };
    readonly accessFrom?: { readonly namespaceSelectors?: readonly SelectorObject[] };
  };
  readonly status?: ReadyStatus;
}

export interface ImagePolicy extends KubernetesObject {
  readonly kind: 'ImagePolicy';
  readonly spec: {
    readonly suspend?: boolean;
    readonly imageRepositoryRef?: { readonly name: string; readonly namespace?: string };
    readonly digestReflectionPolicy?: string;
  };
  readonly status?: ReadyStatus;
}

export interface ImageUpdateAutomation extends KubernetesObject {
  readonly kind: 'ImageUpdateAutomation';
  readonly spec: {
    readonly suspend?: boolean;
    readonly sourceRef?: CrossNamespaceReference;
    readonly git?: {
      readonly checkoutBranch?: string;
      readonly pushBranch?: string;
      readonly pushRefspec?: string;
      /** Names of `git.push.options`; the values are not kept. */
      readonly pushOptions?: readonly string[];
      readonly signingKey?: { readonly secretRef?: { readonly name: string } };
    };
    readonly updatePath?: string;
  };
  readonly status?: ReadyStatus;
}

/** `source.extensions.fluxcd.io`, served by source-watcher. */
export interface ArtifactGenerator extends KubernetesObject {
  readonly kind: 'ArtifactGenerator';
  readonly spec: {
    readonly suspend?: boolean;
    readonly sources?: readonly (CrossNamespaceReference & { readonly alias?: string })[];
  };
  readonly status?: ReadyStatus;
}

/** `fluxcd.controlplane.io` of the Flux Operator. Templates and inputs are never kept. */
export interface ResourceSet extends KubernetesObject {
  readonly kind: 'ResourceSet' | 'ResourceSetInputProvider';
  readonly spec: {
    readonly serviceAccountName?: string;
    /** Of a ResourceSetInputProvider. */
    readonly type?: string;
    readonly url?: string;
    readonly insecure?: boolean;
    readonly secretRef?: { readonly name: string };
    readonly certSecretRef?: { readonly name: string };
  };
  readonly status?: ReadyStatus;
}

/** FluxInstance of the Flux Operator; of its patches only that there are some. */
export interface FluxInstance extends KubernetesObject {
  readonly kind: 'FluxInstance';
  readonly spec?: {
    readonly distribution?: { readonly version?: string; readonly registry?: string; readonly artifact?: string };
    readonly components?: readonly string[];
    readonly cluster?: {
      readonly type?: string;
      readonly multitenant?: boolean;
      readonly tenantDefaultServiceAccount?: string;
      readonly networkPolicy?: boolean;
      readonly objectLevelWorkloadIdentity?: boolean;
      readonly multitenantWorkloadIdentity?: boolean;
    };
    readonly sharding?: { readonly key?: string; readonly shards?: readonly string[] };
    readonly sync?: { readonly kind?: string; readonly url?: string; readonly ref?: string; readonly path?: string };
  };
}

/** `bitnami.com`: which scope unseals it; never what is sealed. */
export interface SealedSecret extends KubernetesObject {
  readonly kind: 'SealedSecret';
  /** `sealedsecrets.bitnami.com/*` annotations of the object stand in `metadata.annotations`. */
  readonly spec: {
    readonly templateAnnotations?: Readonly<Record<string, string>>;
    /** `spec.data`, the deprecated form, is not empty. */
    readonly hasDeprecatedData?: boolean;
  };
}

/** A Kubernetes Event about an Alert (`involvedObject.kind=Alert`). Its message is cut and free of URLs' paths. */
export interface AlertEvent extends KubernetesObject {
  readonly kind: 'Event';
  readonly involvedObject: { readonly kind: string; readonly namespace?: string; readonly name: string };
  readonly reason: string;
  readonly type?: string;
  readonly message?: string;
  readonly count?: number;
  /** RFC 3339. */
  readonly lastSeen?: string;
}

/** Alerting rules of Prometheus (`PrometheusRule`) or VictoriaMetrics (`VMRule`). Recording rules are left out. */
export interface AlertingRules extends KubernetesObject {
  readonly kind: 'PrometheusRule' | 'VMRule';
  readonly rules: readonly {
    readonly alert: string;
    readonly expr: string;
    /** `for`, such as `10m`. */
    readonly holdFor?: string;
    /** JSON pointer in the object. */
    readonly pointer: string;
  }[];
}

/** Who evaluates alerting rules: `Prometheus` or `VMAlert`, with the rules it selects. */
export interface RuleEvaluator extends KubernetesObject {
  readonly kind: 'Prometheus' | 'VMAlert';
  /** Absent selects nothing, empty everything. */
  readonly ruleSelector?: SelectorObject;
  /** Absent selects the own namespace only, empty every namespace. */
  readonly ruleNamespaceSelector?: SelectorObject;
}
