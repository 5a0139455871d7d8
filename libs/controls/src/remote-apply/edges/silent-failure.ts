import type { ModeCoverage } from '#libs/flux';
import { type RemoteApplyObject, conditionOf } from '../remote-apply-object.js';
import type { EdgeState } from './edge-state.js';

type Mode = ModeCoverage['mode']['mode'];

/** What is the matter where the Ready condition does not show it. Undefined: no event and no metric shows it either. */
const BY_CODE: Readonly<Record<string, Mode | undefined>> = {
  NOT_RECONCILED: 'CONTROLLER_DOWN',
  FROZEN: 'FROZEN',
  SOURCE_MISSING: 'SOURCE_MISSING',
  STUCK_DELETION: undefined,
};

const OF_KUSTOMIZATION: Readonly<Record<string, Mode>> = {
  BuildFailed: 'BUILD_FAIL',
  HealthCheckFailed: 'HEALTH_FAIL',
  ArtifactFailed: 'ARTIFACT_FAIL',
  DependencyNotReady: 'DEPENDENCY',
  PruneFailed: 'DELETE_FAIL',
  SourceNotReady: 'SOURCE_MISSING',
};

const OF_HELM_RELEASE: Readonly<Record<string, Mode>> = {
  StateError: 'STATE_ERROR',
  RESTClientError: 'REST_CLIENT',
  InstallFailed: 'ACTION_FAIL',
  UpgradeFailed: 'ACTION_FAIL',
  TestFailed: 'ACTION_FAIL',
  RollbackFailed: 'ACTION_FAIL',
  UninstallFailed: 'ACTION_FAIL',
  ValuesError: 'VALUES_FAIL',
  ArtifactFailed: 'CHART_FAIL',
  SourceNotReady: 'SOURCE_MISSING',
  DependencyNotReady: 'DEPENDENCY',
};

/** The way of failing that the Ready condition shows; reasons of kustomize-controller and helm-controller. */
function modeOfReady(object: RemoteApplyObject): Mode | undefined {
  const { reason = '', message = '' } = conditionOf(object, 'Ready')?.condition ?? {};
  if (object.kind === 'HelmRelease') return OF_HELM_RELEASE[reason];
  if (reason === 'ReconciliationFailed') {
    return /failed to build kube client/i.test(message) ? 'KUBECLIENT_FAIL' : 'APPLY_DENIED';
  }
  return OF_KUSTOMIZATION[reason];
}

/**
 * Whether the failure that the object is in now is one of which nobody is told. Where its kind is not known, the ways of
 * losing the target cluster stand for it. Null: it depends on what could not be read.
 */
export function isFailingSilently(
  object: RemoteApplyObject,
  { cause }: EdgeState,
  coverage: readonly ModeCoverage[],
): boolean | null {
  if (!cause) return false;
  if (Object.hasOwn(BY_CODE, cause.code) && BY_CODE[cause.code] === undefined) return true;
  const mode = BY_CODE[cause.code] ?? modeOfReady(object);
  const exact = coverage.filter((each) => each.mode.mode === mode);
  const relevant = exact.length > 0 ? exact : coverage.filter((each) => each.mode.essential);
  if (relevant.some(({ answer }) => answer.state === 'uncovered')) return true;
  return relevant.some(({ answer }) => answer.state === 'unknown') ? null : false;
}
