import {
  type AccessRule,
  type KubernetesObject,
  type NotEvaluatedCause,
  type UnavailableReason,
  causeOfUnavailable,
  codeOfUnavailable,
} from '#libs/core';
import type { ControllerInstance } from '../inventory/discover-controllers.js';

/** A service account of the audited cluster; it need not exist. */
export interface AccountReference {
  readonly namespace: string;
  readonly name: string;
}

/** Where it stands that an object acts as somebody. */
export interface IdentitySource {
  readonly object: KubernetesObject;
  /** JSON pointer into the object, or into the facts of a Secret or ConfigMap. */
  readonly pointer: string;
  /** What stands there; null = nothing, which is what counts. */
  readonly observed: string | null;
}

/**
 * `named`: the object names the account. `default`: a start-up flag of its controller does. `controller`: nobody does,
 * so it acts as the controller itself.
 */
export type IdentityOrigin = 'named' | 'default' | 'controller';

export interface AccountIdentity {
  readonly kind: 'account';
  readonly account: AccountReference;
  readonly origin: IdentityOrigin;
  readonly sources: readonly IdentitySource[];
  /** Whose flags decided; absent where the object alone did. */
  readonly instance?: ControllerInstance;
  /** Not so in a running pod, but by the template that the pods will follow. */
  readonly pending: boolean;
}

/** `spec.kubeConfig` leads back to this cluster, with a credential of its own. */
export interface CredentialIdentity {
  readonly kind: 'credential';
  readonly user: string;
  readonly groups: readonly string[];
  readonly sources: readonly IdentitySource[];
}

/** It is applied to another cluster, where its rights are. */
export interface RemoteIdentity {
  readonly kind: 'remote';
}

export interface UnknownIdentity {
  readonly kind: 'unknown';
  /** `NOT_SERVED`, `UNKNOWN_CREDENTIAL`, the code of an undecidable argument, or of what could not be read. */
  readonly code: string;
  readonly cause: NotEvaluatedCause;
  /** Whole sentences. */
  readonly message: string;
  readonly missing: readonly AccessRule[];
}

/** Who Flux is, towards an API server, when it applies an object. */
export type EffectiveIdentity = AccountIdentity | CredentialIdentity | RemoteIdentity | UnknownIdentity;

export function unknownIdentity(code: string, message: string, missing: readonly AccessRule[] = []): UnknownIdentity {
  return { kind: 'unknown', code, message, missing, cause: missing.length > 0 ? 'forbidden' : 'undecidable' };
}

/** The identity that depends on something which could not be read. */
export function unreadIdentity(artifact: {
  readonly reason: UnavailableReason;
  readonly message: string;
  readonly missing: readonly AccessRule[];
}): UnknownIdentity {
  const { reason, message, missing } = artifact;
  return { kind: 'unknown', code: codeOfUnavailable(reason), cause: causeOfUnavailable(reason), message, missing };
}
