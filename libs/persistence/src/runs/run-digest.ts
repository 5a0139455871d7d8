import type { RunDigest } from '#libs/core';
import type { Executor } from '../sql/rows.js';

export async function runDigest(_executor: Executor, _runId: string): Promise<RunDigest | null> {
  throw new Error('not yet');
}
