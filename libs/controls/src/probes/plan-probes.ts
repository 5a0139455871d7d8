import type { Artifacts, ArtifactName, Collected, Probe } from '#libs/core';
import { platformObjectProbes } from './topics/platform-objects.js';
import { fluxObjectProbes } from './topics/flux-objects.js';
import { podPlacementProbes } from './topics/pod-placement.js';
import { podSecurityProbes } from './topics/pod-security.js';
import { sparedFrom } from './spared-principals.js';

/** Everything that was collected before anything is tried. */
export type ProbedFrom = { readonly [N in Exclude<ArtifactName, 'probes'>]: Collected<Artifacts[N]> };

/** What the controls of one topic want to try. Pure; tries nothing where the artifacts that it needs are not there. */
export type ProbePlanner = (artifacts: ProbedFrom) => readonly Probe[];

/** One line for each file of `topics/`; the most important first, for the number of dry-runs is limited. */
const PLANNERS: readonly ProbePlanner[] = [
  platformObjectProbes,
  fluxObjectProbes,
  podSecurityProbes,
  podPlacementProbes,
];

/**
 * The dry-runs that the controls want to be sent, each once, whoever wants them. Nobody whose access the platform or an
 * emergency rests on is ever impersonated, and nothing is tried in API groups that another server answers, for that one
 * need not know dry-runs: what a planner asks for all the same is left out.
 */
export function planProbes(artifacts: ProbedFrom): readonly Probe[] {
  const probes = new Map<string, Probe>();
  for (const planner of PLANNERS) {
    for (const probe of planner(artifacts)) if (!probes.has(probe.key)) probes.set(probe.key, probe);
  }
  const { registration, apiServices } = artifacts;
  const spared = sparedFrom(registration);
  if (spared === undefined || apiServices.state === 'unavailable') return [];
  const foreign = new Set(apiServices.value.flatMap(({ spec }) => (spec.service ? [spec.group] : [])));
  return [...probes.values()].filter(({ as, target }) => !spared(as) && !foreign.has(target.group));
}
