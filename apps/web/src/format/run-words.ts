import { count } from '#libs/core';
import type { Run } from '../api/types.js';

export const TRIGGER_WORDS = { api: 'requested', schedule: 'scheduled', start: 'first audit' } as const;

/** What a run was aimed at, such as `all clusters` or `env=prod, tenant team-a`. */
export function targetWords({ clusters, labelSelector, tenant }: Run['target']): string {
  const parts = [
    clusters === undefined ? '' : clusters.length <= 2 ? clusters.join(', ') : count(clusters.length, 'named cluster'),
    labelSelector ?? '',
    tenant === undefined ? '' : `tenant ${tenant}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'all clusters' : parts.join(', ');
}
