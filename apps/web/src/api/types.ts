import type { components, operations } from './schema.generated.js';

type Schemas = components['schemas'];

/** What the service answers, under the names of the contract. */
export type BreakGlassRow = Schemas['BreakGlassRow'];
export type Channel = Schemas['Channel'];
export type Cluster = Schemas['Cluster'];
export type Condition = Schemas['Condition'];
export type Control = Schemas['Control'];
export type ControlSummary = Schemas['ControlSummary'];
export type Delivery = Schemas['Delivery'];
export type Drill = Schemas['Drill'];
export type DrillDetail = Schemas['DrillDetail'];
export type Evidence = Schemas['Evidence'];
export type EvidenceItem = Schemas['EvidenceItem'];
export type Finding = Schemas['Finding'];
export type FindingChange = Finding['changes'][number];
export type FindingSummary = Schemas['FindingSummary'];
export type Fleet = Schemas['FleetSummary'];
export type OutcomeCounts = Schemas['OutcomeCounts'];
export type RelatedToFinding = Schemas['RelatedToFinding'];
export type RemoteApply = Schemas['RemoteApply'];
export type RemoteApplySummary = Schemas['RemoteApplySummary'];
export type Result = Schemas['Result'];
export type Run = Schemas['Run'];
export type RunDetail = Schemas['RunDetail'];
export type RunDiff = Schemas['RunDiff'];
export type Target = Schemas['Target'];

/** The answer of a list: one page and how to get the next. */
export interface PageOf<T> {
  readonly items: readonly T[];
  readonly page: {
    readonly next: string | null;
    readonly limit: number;
    readonly total: { readonly count: number; readonly type: 'exact' | 'atLeast' };
  };
}

/** The query that an operation takes. */
export type QueryOf<O extends keyof operations> = NonNullable<operations[O]['parameters']['query']>;
