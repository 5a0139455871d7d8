import type { DataSource, EntityManager } from 'typeorm';

/** Counts finished targets; completes the run with the last one. */
export async function completeIfDone(_manager: EntityManager, _runId: string, _finished: number): Promise<void> {
  throw new Error('not yet');
}

export async function closeOverdueRuns(_dataSource: DataSource, _now: Date): Promise<readonly string[]> {
  throw new Error('not yet');
}
