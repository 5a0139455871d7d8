import {
  type BreakGlassEntry,
  type Observation,
  type Registration,
  type Subject,
  CLUSTER_SUBJECT,
  notApplicable,
  notEvaluated,
} from '#libs/core';
import { TENANT_CONTEXT, type TenantModel } from '../tenants/tenant-model.js';

/** What a cluster is for stands in the registry; where it does not, it is derived from these. */
export const ROLE_CONTEXT = TENANT_CONTEXT;

/** An entry with its place in the registry. */
export interface Entry {
  readonly entry: BreakGlassEntry;
  readonly pointer: string;
  readonly subject: Subject;
}

export function entriesOf({ breakGlass = [] }: Registration): readonly Entry[] {
  return breakGlass.map((entry, place) => ({
    entry,
    pointer: `/breakGlass/${place}`,
    subject: { kind: 'BreakGlass', name: entry.name },
  }));
}

/** The answer where no way in for emergencies is asked for: on clusters that their tenants share, or that one team owns. */
export function unlessNeeded(model: TenantModel): Observation | undefined {
  const { role, problem, declared } = model.tenancy;
  const confidence = declared ? 'proven' : 'heuristic';
  if (role === 'management' || role === 'dedicated') return undefined;
  if (role === 'standalone') {
    return notApplicable(
      CLUSTER_SUBJECT,
      'NO_TENANT_BOUNDARY',
      'One team owns this cluster and its Flux, so there is no tenant who could shut a platform team out.',
      { confidence },
    );
  }
  if (role === 'shared') {
    return notApplicable(
      CLUSTER_SUBJECT,
      'NOT_DEDICATED',
      'Tenants share this cluster and do not run it, so they have no rights by which the platform could be shut out.',
      { confidence },
    );
  }
  return notEvaluated(
    CLUSTER_SUBJECT,
    problem?.cause ?? 'undecidable',
    problem?.code ?? 'ROLE_UNKNOWN',
    problem?.message ?? 'It cannot be told what this cluster is for. State its role in the registry.',
    { missing: problem?.missing ?? [] },
  );
}

/**
 * Judges each entry. Without one, the gap counts once, in FLUX-BG-01.
 */
export function judgeEntries(
  model: TenantModel,
  judge: (entry: Entry) => readonly Observation[],
): readonly Observation[] {
  const early = unlessNeeded(model);
  if (early) return [early];
  const entries = entriesOf(model.registration);
  if (entries.length > 0) return entries.flatMap(judge);
  return [
    notApplicable(
      CLUSTER_SUBJECT,
      'NO_ENTRY',
      'The registry has no break-glass entry for this cluster; FLUX-BG-01 counts that.',
    ),
  ];
}

export const DAY = 24 * 60 * 60 * 1000;

/** Days since a time of the registry; undefined where it is absent, no time, or yet to come. */
export function daysSince(time: string | undefined, now: number): number | undefined {
  const age = now - Date.parse(time ?? '');
  return Number.isNaN(age) || age < -DAY ? undefined : Math.max(0, age / DAY);
}
