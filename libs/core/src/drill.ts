import type { JsonObject } from './json.js';
import type { AnyBinding, RbacObject } from './rbac-objects.js';

/** The steps of a rehearsal of break-glass, in their order. */
export const DRILL_STEPS = ['reach', 'identity', 'rights', 'restoreCreate', 'restoreDelete'] as const;
export type DrillStepName = (typeof DRILL_STEPS)[number];

/**
 * How far a drill goes. `verify`: reads and asks. `dryRun`: also sends the restore as a server-side dry-run.
 * `live`: also creates one ClusterRoleBinding for the break-glass principal itself, and deletes it at once.
 */
export const DRILL_MODES = ['verify', 'dryRun', 'live'] as const;
export type DrillMode = (typeof DRILL_MODES)[number];

/** `unknown`: it could not be found out, which is neither good nor bad news. `skipped`: not part of it, or not reached. */
export const DRILL_STEP_STATES = ['passed', 'failed', 'skipped', 'unknown'] as const;
export type DrillStepState = (typeof DRILL_STEP_STATES)[number];

export type DrillOutcome = 'passed' | 'failed' | 'unknown';

/** Who does it: a person with the credential at a terminal, or the service, which never holds it. */
export const DRILL_RUNNERS = ['cli', 'service'] as const;
export type DrillRunner = (typeof DRILL_RUNNERS)[number];

/** A call that a drill made. */
export interface DrillRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query, without the server's address. */
  readonly path: string;
  readonly dryRun: boolean;
  /** 0: no answer. */
  readonly status: number;
  readonly auditId?: string;
}

export interface DrillStep {
  readonly name: DrillStepName;
  readonly state: DrillStepState;
  /** Stable code, such as `unreachable` or `ADMISSION_DENIES`; absent where the step passed. */
  readonly cause?: string;
  /** For people; our own words. */
  readonly message: string;
  readonly durationMs: number;
  readonly requests: readonly DrillRequest[];
}

/** What came of a drill. */
export interface DrillReport {
  readonly mode: DrillMode;
  readonly outcome: DrillOutcome;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Calls that could have changed the cluster. */
  readonly writes: number;
  /** All of `DRILL_STEPS`, in order. */
  readonly steps: readonly DrillStep[];
}

/** A right that recovery needs, and the words for it. */
export interface DrillRight {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly title: string;
}

/** Who a credential may turn out to be. */
export interface DrillIdentity {
  /** Empty: any user, as long as the groups are these. */
  readonly user: string;
  /** Without `system:authenticated`. */
  readonly groups: readonly string[];
}

/** Everything that a drill does, decided before the first call. */
export interface DrillPlan {
  readonly mode: DrillMode;
  /** Where the entry says that the API server is; absent where it is not documented. */
  readonly apiServer?: string;
  /** UID that the namespace `kube-system` must have; absent before the first sight. */
  readonly clusterUid?: string;
  readonly identities: readonly DrillIdentity[];
  readonly rights: readonly DrillRight[];
  /** The object that would give the platform its access back. */
  readonly restore: JsonObject;
}

const RESTORE_STEPS: ReadonlySet<string> = new Set(['restoreCreate', 'restoreDelete']);
const REVIEW = /^\/apis\/auth(?:entication|orization)\.k8s\.io\/v1(?:beta1)?\/[a-z]*reviews$/;

/** The calls that could have changed the cluster: neither reads, nor reviews, nor dry-runs. */
export function drillWrites(steps: readonly Pick<DrillStep, 'requests'>[]): readonly DrillRequest[] {
  return steps
    .flatMap(({ requests }) => requests)
    .filter(({ method, path, dryRun }) => method !== 'GET' && !dryRun && !REVIEW.test(path));
}

/** Which steps a mode has; the others are skipped. The service cannot try who the credential is. */
export function stepsOfDrill(mode: DrillMode, runner: DrillRunner): readonly DrillStepName[] {
  const steps = mode === 'verify' ? DRILL_STEPS.filter((step) => !RESTORE_STEPS.has(step)) : DRILL_STEPS;
  return runner === 'cli' ? steps : steps.filter((step) => step !== 'identity');
}

/**
 * Failed where one step failed or something was written that was not to be; passed where every step of the mode passed;
 * unknown otherwise.
 */
export function drillOutcome(
  { mode, runner }: { readonly mode: DrillMode; readonly runner: DrillRunner },
  steps: readonly Pick<DrillStep, 'name' | 'state' | 'requests'>[],
): DrillOutcome {
  if (steps.some(({ state }) => state === 'failed')) return 'failed';
  if (mode !== 'live' && drillWrites(steps).length > 0) return 'failed';
  const passed = new Set(steps.filter(({ state }) => state === 'passed').map(({ name }) => name));
  return stepsOfDrill(mode, runner).every((name) => passed.has(name)) ? 'passed' : 'unknown';
}

/** Picks, of the RBAC objects of a cluster, the bindings that the platform's access rests on. */
export type RestoredBindings = (objects: readonly RbacObject[]) => readonly AnyBinding[];
