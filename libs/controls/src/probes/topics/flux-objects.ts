import type { Probe } from '#libs/core';
import { FLUX_TARGETS, type Demand, namesAccount, namesDecryptionKey, refersAtHome } from '#libs/admission';
import { admissionView, coverageOf, placesOf } from '../../admission/admission-view.js';
import {
  ACCOUNT_TRIALS,
  DECRYPTION_TRIALS,
  FLUX_CONTROLS,
  type FluxTrial,
  REFERENCE_TRIALS,
  SOURCE_TRIALS,
  fluxProbe,
} from '../flux-trials.js';
import type { ProbePlanner } from '../plan-probes.js';
import { tenantSide, whoMay } from '../tenant-side.js';

interface Question {
  readonly control: string;
  readonly trials: readonly FluxTrial[];
  /** Tried only where reading found policies that refuse this: without one the answer is known. Absent: always tried. */
  readonly demand?: Demand;
}

const QUESTIONS: readonly Question[] = [
  { control: 'FLUX-MT-02', trials: ACCOUNT_TRIALS.Kustomization, demand: namesAccount('Kustomization') },
  { control: 'FLUX-MT-02', trials: ACCOUNT_TRIALS.HelmRelease, demand: namesAccount('HelmRelease') },
  { control: 'FLUX-MT-01', trials: REFERENCE_TRIALS.Kustomization, demand: refersAtHome('Kustomization') },
  { control: 'FLUX-MT-01', trials: REFERENCE_TRIALS.HelmRelease, demand: refersAtHome('HelmRelease') },
  { control: 'FLUX-KEK-02', trials: DECRYPTION_TRIALS, demand: namesDecryptionKey },
  { control: 'FLUX-X-21', trials: Object.values(SOURCE_TRIALS) },
];

/** Whether policies refuse what Flux objects of tenants should not say (FLUX-MT-01, FLUX-MT-02, FLUX-KEK-02, FLUX-X-21). */
export const fluxObjectProbes: ProbePlanner = (artifacts) => {
  const side = tenantSide(artifacts);
  const { discovery } = artifacts;
  if (!side || discovery.state === 'unavailable' || side.model.unknownNamespaces) return [];
  const { model } = side;
  const places = placesOf(model.tenants);
  const view = admissionView(artifacts);
  const foreign = model.fluxNamespaces[0] ?? 'flux-system';
  return QUESTIONS.filter(({ demand }) => !demand || coverageOf(view, [demand], places).state === 'enforced').flatMap(
    ({ control, trials }) =>
      places.flatMap(({ tenant, namespace }): readonly Probe[] =>
        withControls(trials).flatMap((trial) => {
          const { group, resource } = FLUX_TARGETS[trial.kind];
          const as = whoMay(tenant, { verb: 'create', group, resource, namespace }, side);
          const probe = as && fluxProbe(trial, { control, namespace, as, foreign, discovery: discovery.value });
          return probe ? [probe] : [];
        }),
      ),
  );
};

/** With the objects that must be let in; each is sent once, whoever asks for it. */
function withControls(trials: readonly FluxTrial[]): readonly FluxTrial[] {
  const kinds = new Set(trials.map(({ kind }) => kind));
  return [...Object.values(FLUX_CONTROLS).filter(({ kind }) => kinds.has(kind)), ...trials];
}
