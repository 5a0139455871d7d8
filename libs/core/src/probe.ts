import type { JsonObject, JsonValue } from './json.js';

/** As whom a question is asked: a tenant, or any other principal. */
export interface ProbeIdentity {
  readonly user: string;
  /** All groups of a user; empty for a service account, which the API server gives its own. */
  readonly groups: readonly string[];
}

/** A change that would be made if it were no dry-run. */
export interface Probe {
  /** Unique in a plan. */
  readonly key: string;
  /** The control that judges the answer. */
  readonly control: string;
  readonly as: ProbeIdentity;
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly target: {
    readonly group: string;
    readonly version: string;
    readonly resource: string;
    readonly namespace?: string;
    /** Absent for a create. */
    readonly name?: string;
    readonly subresource?: 'status' | 'finalize' | 'scale';
  };
  /** UID of the object as the snapshot saw it; required for a deletion. */
  readonly uid?: string;
  /** Of a POST or PUT the object, of a PATCH the patch; a list is a JSON patch (RFC 6902), an object a merge patch (RFC 7386). */
  readonly body?: JsonValue;
  /** For people: "deletes the ClusterRoleBinding platform-admin". */
  readonly what: string;
  /** Fields of the answered object that the control needs, such as `/spec/runtimeClassName`. Never of a Secret. */
  readonly show?: readonly string[];
}

export type ProbeDenier =
  | { readonly mechanism: 'validatingAdmissionPolicy'; readonly name: string; readonly binding?: string }
  | { readonly mechanism: 'webhook'; readonly name: string }
  | { readonly mechanism: 'podSecurity' }
  /** Not a security control, but it comes after every policy and webhook, so those let the request through. */
  | { readonly mechanism: 'quota' }
  | { readonly mechanism: 'admission' };

/** What an answer proves. Only `denied` proves that something protects the object. */
export type ProbeVerdict =
  /** The request would have gone through. */
  | { readonly kind: 'accepted' }
  /** RBAC, or another authorizer, refuses the impersonated user. */
  | { readonly kind: 'unauthorized' }
  /** The auditor may not act as this user: nothing was asked. */
  | { readonly kind: 'cannotImpersonate' }
  | { readonly kind: 'denied'; readonly by: ProbeDenier }
  /** A policy that fails for everybody: it refuses, and proves nothing. */
  | { readonly kind: 'brokenPolicy'; readonly name: string }
  /** A webhook that does not answer and fails closed. */
  | { readonly kind: 'webhookDown'; readonly name?: string }
  | { readonly kind: 'dryRunUnsupported'; readonly name?: string }
  /** Stopped before any admission decided: the payload has to be another one. */
  | { readonly kind: 'inconclusive' }
  | { readonly kind: 'unreadable' };

export interface ProbeResult {
  readonly probe: Probe;
  readonly verdict: ProbeVerdict;
  /** HTTP status of the answer. */
  readonly status: number;
  readonly auditId?: string;
  /** What `show` asked for, by pointer. */
  readonly shown?: JsonObject;
}

/** What active verification found out. It is there only where it was switched on and proved to be harmless first. */
export interface ProbeReport {
  readonly results: readonly ProbeResult[];
  /** Probes that were planned and not sent, because there were more than one audit may send. */
  readonly left: number;
}
