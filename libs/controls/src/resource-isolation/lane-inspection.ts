import { type Evidence, type EvaluateContext, type Observation, fail, notEvaluated } from '#libs/core';
import {
  type Component,
  type Lane,
  type LaneProblem,
  type LaneReading,
  SELECTOR_FLAG,
  describeLane,
  excerpt,
  lanesOf,
  readFlag,
} from '#libs/flux';
import { flagEvidence } from '../controller-flags/flag-evidence.js';
import {
  type ControllerArtifacts,
  type Inspection,
  inspectControllers,
} from '../controller-flags/inspect-controllers.js';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';
import { type Served, type ServedArtifacts, servedByComponent } from './served-objects.js';

/** The lanes of an installation, and what could be in them. */
export interface LaneInspection {
  readonly inspection: Inspection;
  /** As the running pods say. */
  readonly reading: LaneReading;
  readonly served: ReadonlyMap<Component, Served>;
}

export function inspectLanes(
  artifacts: ControllerArtifacts & ServedArtifacts,
  context: EvaluateContext,
): LaneInspection {
  const inspection = inspectControllers(artifacts, context);
  return {
    inspection,
    reading: lanesOf(inspection.instances, context.now),
    served: servedByComponent(artifacts),
  };
}

/** Where the selector of a lane is written. */
export function selectorEvidence({ run }: Pick<Lane, 'run'>, expected: string, flag = SELECTOR_FLAG): Evidence {
  return flagEvidence(run, readFlag(run.arguments, flag, run.env), expected);
}

/** `"!sharding.fluxcd.io/key"`, or words where there is no selector. */
export function describeSelector({ selector, namespace }: Lane): string {
  const scope = namespace === null ? '' : ` in namespace ${namespace}`;
  return selector.text === '' ? `everything${scope}` : `"${excerpt(selector.text)}"${scope}`;
}

const EXPECTED = 'arguments that the controller starts with';

/** An instance whose lane is not known is not judged; one that its arguments stop serves nothing. */
export function problemObservation(problem: LaneProblem): Observation {
  const { instance, code, kind, why, missing, flag } = problem;
  const subject = subjectOfInstance(instance);
  const evidence = selectorEvidence(problem, EXPECTED, flag);
  const name = describeLane({ component: instance.component, instance });
  if (kind === 'stopped') {
    return fail(
      subject,
      code,
      `${name} does not start: ${why}. Nothing that is in its lane is reconciled. ` +
        `Correct the argument; --${SELECTOR_FLAG} takes requirements such as key=value, key in (a,b), key notin (a), key and !key, joined by commas.`,
      { evidence: [evidence] },
    );
  }
  const what =
    kind === 'mismatch'
      ? `${name} runs although its arguments should stop it, so this build differs from what Plimsoll knows of it (${why}).`
      : `What ${name} watches cannot be told: ${why}.`;
  return notEvaluated(
    subject,
    missing.length > 0 ? 'forbidden' : 'undecidable',
    code,
    `${what} So it cannot be told which objects are in its lane. Write the value into the arguments.`,
    { evidence: [evidence], missing },
  );
}
