import type { Condition } from '#libs/core';
import { classifyCause } from '#libs/flux';
import { type FailureCode, codeOfReadyReason } from './failure-texts.js';

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
 * What a condition with status False is reported as. `impersonated`: whether requests are made in the name of a service
 * account, which tells why a first contact was refused; undefined where that is not known.
 */
export function failureCode({ reason = '', message = '' }: Condition, impersonated: boolean | undefined): FailureCode {
  if (!ABOUT_THE_TARGET.has(reason)) return codeOfReadyReason(reason);
  const text = WAITING.has(reason) ? message.replaceAll(/context deadline exceeded/gi, '') : message;
  return classifyCause(text, impersonated === undefined ? {} : { impersonated }) ?? codeOfReadyReason(reason);
}
