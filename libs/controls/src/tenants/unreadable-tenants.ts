import { type AccessRule, type NotEvaluatedCause, causeOfUnavailable, codeOfUnavailable } from '#libs/core';
import type { TenantModel } from './tenant-model.js';

/** Why it is not known which namespaces are whose. */
export interface UnreadableTenants {
  readonly cause: NotEvaluatedCause;
  readonly code: string;
  readonly message: string;
  readonly missing: readonly AccessRule[];
}

/** Undefined where everything that tells was read; what the registry leaves open is no matter of reading. */
export function unreadableTenants({ unknownNamespaces, tenancy }: TenantModel): UnreadableTenants | undefined {
  if (unknownNamespaces) {
    const { reason, message, missing } = unknownNamespaces;
    return { cause: causeOfUnavailable(reason), code: codeOfUnavailable(reason), message, missing };
  }
  const { problem } = tenancy;
  return problem && problem.cause !== 'tenantsUndefined' && problem.cause !== 'tenantsAmbiguous' ? problem : undefined;
}
