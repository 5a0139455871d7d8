import type { ArtifactName, Assessment, Control, ControlResult, Profile, Snapshot } from '#libs/core';
import { NO_COUNTS } from '#libs/core';
import { controlsOf } from './catalog.js';
import { coverageOf } from './coverage.js';
import { type MissingArtifact, notEvaluatedResult } from './not-evaluated.js';
import { rollUp, severityOf } from './roll-up.js';

function missingArtifacts(control: Control, snapshot: Snapshot): readonly MissingArtifact[] {
  return control.requires.flatMap((name) => {
    const artifact = snapshot.artifacts[name];
    return artifact.state === 'unavailable' ? [{ name, artifact }] : [];
  });
}

/** Only what the control declares: complete values for `requires`, values with their state for `optional`. */
function declaredArtifacts(control: Control, snapshot: Snapshot): Readonly<Record<string, unknown>> {
  const handed: Partial<Record<ArtifactName, unknown>> = {};
  for (const name of control.requires) {
    const artifact = snapshot.artifacts[name];
    if (artifact.state === 'collected') handed[name] = artifact.value;
  }
  for (const name of control.optional) handed[name] = snapshot.artifacts[name];
  return handed;
}

/** Error class and place; never the text of an error, which may quote what was read. */
function whereThrown(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'a thrown value';
  const frame = /([\w.-]+\.[jt]s):(\d+)/.exec(thrown.stack?.split('\n').slice(1).join('\n') ?? '');
  return frame ? `${thrown.name} at ${frame[1]}:${frame[2]}` : thrown.name;
}

function errorResult(control: Control, profile: Profile, thrown: unknown): ControlResult {
  return {
    controlId: control.id,
    outcome: 'error',
    reason: 'CONTROL_ERROR',
    message:
      `The check of ${control.id} stopped with ${whereThrown(thrown)}, so nothing is known about it. ` +
      'This is a defect of Plimsoll, not of the cluster. Please report it with the version of Plimsoll.',
    severity: severityOf(control, profile),
    counts: NO_COUNTS,
    partial: false,
    observations: [],
    missing: [],
    sightings: [],
  };
}

/** A control that could not run has looked at nothing, so all that it sighted before stays. Its keys start with its id. */
function keepSightings(result: ControlResult, snapshot: Snapshot): ControlResult {
  const { sightings } = snapshot.artifacts;
  if (sightings.state !== 'collected') return result;
  const keys = Object.keys(sightings.value.firstSeen).filter((key) => key.startsWith(`${result.controlId}/`));
  return { ...result, sightings: keys.toSorted() };
}

function evaluateControl(control: Control, profile: Profile, snapshot: Snapshot, now: number): ControlResult {
  const [first, ...others] = missingArtifacts(control, snapshot);
  if (first) return keepSightings(notEvaluatedResult(control, profile, [first, ...others]), snapshot);
  try {
    return rollUp(control, profile, control.evaluate(declaredArtifacts(control, snapshot), { now }));
  } catch (thrown) {
    return keepSightings(errorResult(control, profile, thrown), snapshot);
  }
}

/**
 * Judges a snapshot: one result for each control of the profile, in its order. Never throws because of what the
 * snapshot holds: a control that stops with an exception has the outcome `error`, the others are not touched.
 * @throws {Error} where the profile names a control that the catalog does not hold.
 */
export function evaluate(catalog: readonly Control[], profile: Profile, snapshot: Snapshot): Assessment {
  const now = Date.parse(snapshot.collectedAt);
  const results = controlsOf(catalog, profile).map((control) => evaluateControl(control, profile, snapshot, now));
  return {
    cluster: snapshot.cluster,
    collectedAt: snapshot.collectedAt,
    profile: profile.id,
    ruleSetVersion: profile.ruleSetVersion,
    results,
    coverage: coverageOf(results),
  };
}
