import type { JsonObject } from './json.js';
import type { KubernetesObject } from './resources.js';
import type { SelectorObject } from './selector-object.js';

/** https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#matching-requests-rules */
export interface AdmissionRule {
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly operations: readonly string[];
  readonly resources: readonly string[];
  readonly scope?: string;
  readonly resourceNames?: readonly string[];
}

export interface Webhook {
  readonly name: string;
  readonly failurePolicy?: string;
  readonly sideEffects?: string;
  readonly matchPolicy?: string;
  readonly rules: readonly AdmissionRule[];
  readonly namespaceSelector?: SelectorObject;
  readonly objectSelector?: SelectorObject;
  /** CEL expressions by name; all must hold. */
  readonly matchConditions?: readonly { readonly name: string; readonly expression: string }[];
  readonly service?: { readonly namespace: string; readonly name: string };
}

/** Without `caBundle`. */
export interface WebhookConfiguration extends KubernetesObject {
  readonly kind: 'ValidatingWebhookConfiguration' | 'MutatingWebhookConfiguration';
  readonly webhooks: readonly Webhook[];
}

interface MatchResources {
  readonly resourceRules?: readonly AdmissionRule[];
  readonly excludeResourceRules?: readonly AdmissionRule[];
  readonly namespaceSelector?: SelectorObject;
  readonly objectSelector?: SelectorObject;
  readonly matchPolicy?: string;
}

export interface AdmissionPolicy extends KubernetesObject {
  readonly kind: 'ValidatingAdmissionPolicy' | 'MutatingAdmissionPolicy';
  readonly spec: {
    readonly failurePolicy?: string;
    readonly matchConstraints?: MatchResources;
    readonly matchConditions?: readonly { readonly name: string; readonly expression: string }[];
    readonly variables?: readonly { readonly name: string; readonly expression: string }[];
    /** Of a ValidatingAdmissionPolicy. */
    readonly validations?: readonly {
      readonly expression: string;
      readonly message?: string;
      readonly reason?: string;
    }[];
    readonly paramKind?: { readonly apiVersion: string; readonly kind: string };
  };
}

export interface AdmissionPolicyBinding extends KubernetesObject {
  readonly kind: 'ValidatingAdmissionPolicyBinding' | 'MutatingAdmissionPolicyBinding';
  readonly spec: {
    readonly policyName: string;
    /** Of a ValidatingAdmissionPolicyBinding: `Deny`, `Warn`, `Audit`. */
    readonly validationActions?: readonly string[];
    readonly matchResources?: MatchResources;
    readonly paramRef?: JsonObject;
  };
}

/**
 * An object of a policy engine: Kyverno's policies and exceptions (`kyverno.io`, `policies.kyverno.io`), Gatekeeper's
 * templates, constraints and configuration (`templates.gatekeeper.sh`, `constraints.gatekeeper.sh`,
 * `config.gatekeeper.sh`), with its spec as it is.
 */
export interface EnginePolicy extends KubernetesObject {
  readonly spec: JsonObject;
}

/** https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/apiserver-aggregation/ */
export interface ApiService extends KubernetesObject {
  readonly kind: 'APIService';
  readonly spec: {
    readonly group: string;
    readonly version: string;
    /** Absent: served by the API server itself. */
    readonly service?: { readonly namespace: string; readonly name: string };
  };
}
