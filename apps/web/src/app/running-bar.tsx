import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { runs } from '../api/queries.js';
import styles from './shell.module.css';

const IDLE_MS = 20_000;
const BUSY_MS = 3_000;

/** The run that is going on, on every screen. */
export function RunningBar(): ReactNode {
  const { data } = useQuery({
    ...runs({ state: ['queued', 'running'], limit: 1 }),
    refetchInterval: ({ state }) => ((state.data?.items.length ?? 0) > 0 ? BUSY_MS : IDLE_MS),
  });
  const run = data?.items[0];
  if (run === undefined) return null;
  const { done, total } = run.targets;
  return (
    <Link to="/runs/$runId" params={{ runId: run.id }} className={styles['running']}>
      <span>
        Audit running: {done} of {total} clusters
        <span className={styles['bar']} aria-hidden="true">
          <span style={{ width: `${total === 0 ? 0 : (done / total) * 100}%` }} />
        </span>
      </span>
    </Link>
  );
}
