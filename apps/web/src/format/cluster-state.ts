import { count } from '#libs/core';
import type { Cluster } from '../api/types.js';
import type { OUTCOME_MARKS } from './words.js';

interface ClusterState {
  readonly mark: keyof typeof OUTCOME_MARKS;
  readonly words: string;
}

type Known = Pick<Cluster, 'stale' | 'summary' | 'lastAttemptAt' | 'lastAuditedAt'>;

/** One word for a cluster, worst first. It passes only where everything was judged and nothing was found. */
export function clusterState({ stale, summary, lastAttemptAt, lastAuditedAt }: Known): ClusterState {
  if (lastAttemptAt === null) return { mark: 'notApplicable', words: 'never audited' };
  if (lastAuditedAt === null || summary === null) return { mark: 'notEvaluated', words: 'never judged' };
  if (stale) return { mark: 'stale', words: 'stale' };
  const { fail, warn, notEvaluated, error = 0 } = summary.outcomes;
  if (fail > 0) return { mark: 'fail', words: `${fail} failing` };
  const blind = notEvaluated + error;
  if (blind > 0) return { mark: 'notEvaluated', words: `${blind} not evaluated` };
  if (warn > 0) return { mark: 'warn', words: count(warn, 'warning') };
  return { mark: 'pass', words: 'passing' };
}
