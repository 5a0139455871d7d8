import type { Artifacts, ArtifactName, Collected, Control, EvaluateContext, Observation } from '#libs/core';
import { notEvaluatedBecause, CLUSTER_SUBJECT } from '#libs/core';

/** What another control says of the same artifacts, each with its state. */
export function verdictOf(
  control: Control,
  artifacts: { readonly [N in ArtifactName]?: Collected<Artifacts[N]> },
  context: EvaluateContext,
): readonly Observation[] {
  const given: Record<string, unknown> = {};
  for (const name of control.requires) {
    const artifact = artifacts[name];
    if (artifact?.state !== 'collected') return artifact ? [notEvaluatedBecause(CLUSTER_SUBJECT, artifact)] : [];
    given[name] = artifact.value;
  }
  for (const name of control.optional) given[name] = artifacts[name];
  return control.evaluate(given, context);
}
