import type { Artifacts, ArtifactName, Collected, Probe } from '#libs/core';
import { sparedFrom } from './spared-principals.js';

/** Everything that was collected before anything is tried. */
export type ProbedFrom = { readonly [N in Exclude<ArtifactName, 'probes'>]: Collected<Artifacts[N]> };

/** What the controls of one topic want to try. Pure; tries nothing where the artifacts that it needs are not there. */
export type ProbePlanner = (artifacts: ProbedFrom) => readonly Probe[];

/** One line for each file of `topics/`; the most important first, for the number of dry-runs is limited. */
const PLANNERS: readonly ProbePlanner[] = [];

/**
 * The dry-runs that the controls want to be sent, each once, whoever wants them. Nobody whose access the platform or an
 * emergency rests on is ever impersonated: what a planner asks for in such a name is left out.
 */
export function planProbes(artifacts: ProbedFrom): readonly Probe[] {
  const probes = new Map<string, Probe>();
  for (const planner of PLANNERS) {
    for (const probe of planner(artifacts)) if (!probes.has(probe.key)) probes.set(probe.key, probe);
  }
  const spared = sparedFrom(artifacts.registration);
  return [...probes.values()].filter(({ as }) => spared !== undefined && !spared(as));
}
