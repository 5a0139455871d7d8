import type { Condition } from '#libs/core';
import { classifyCause } from './classify-cause.js';
import { type FailureCode, codeOfReadyReason } from './failure-texts.js';

/** Whose name a request to the target cluster is made in; `unknown` where the controller's flags could not be read. */
export type Impersonation = 'impersonates' | 'doesNot' | 'unknown';

/** Ready reasons whose message can come from the target cluster, or from making a client for it. */
const ABOUT_THE_TARGET: ReadonlySet<string> = new Set([
  'ReconciliationFailed',
  'PruneFailed',
  'HealthCheckFailed',
  'RESTClientError',
  'ResourceManagerError',
  'FactoryError',
  'ConfigFactoryErr',
  'StateError',
  'InstallFailed',
  'UpgradeFailed',
  'TestFailed',
  'RollbackFailed',
  'UninstallFailed',
  'ReconcileError',
]);

/** Reasons of waiting: here a deadline says that a workload was slow, not that the network is. */
const WAITING: ReadonlySet<string> = new Set([
  'HealthCheckFailed',
  'InstallFailed',
  'UpgradeFailed',
  'TestFailed',
  'RollbackFailed',
  'UninstallFailed',
]);

/**
 * What a condition with status False is reported as. A refused first contact (`failed to get server groups: unknown`)
 * does not say why: it is the impersonation where a service account is impersonated, else a missing credential.
 */
export function failureCode({ reason = '', message = '' }: Condition, impersonation: Impersonation): FailureCode {
  if (!ABOUT_THE_TARGET.has(reason)) return codeOfReadyReason(reason);
  const text = WAITING.has(reason) ? message.replaceAll(/context deadline exceeded/gi, '') : message;
  const cause = classifyCause(text);
  if (cause === 'DISCOVERY_FORBIDDEN' && impersonation !== 'unknown') {
    return impersonation === 'impersonates' ? 'IMPERSONATION_DENIED' : 'ANONYMOUS';
  }
  return cause ?? codeOfReadyReason(reason);
}
