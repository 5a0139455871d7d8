import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { FindingChange } from '../../api/types.js';
import { SeverityMark, StateMark } from '../../ui/marks.js';
import { Time } from '../../ui/time.js';
import styles from './finding-screen.module.css';

const MARKS = {
  opened: { state: 'fail', word: 'opened' },
  reopened: { state: 'fail', word: 'opened again' },
  escalated: { state: 'fail', word: 'more severe' },
  resolved: { state: 'pass', word: 'resolved' },
} as const;

export function FindingHistory({ changes }: { readonly changes: readonly FindingChange[] }): ReactNode {
  return (
    <ol className={styles['history']}>
      {changes.map(({ change, severity, runId, at }) => (
        <li key={`${runId} ${change}`}>
          <StateMark {...MARKS[change]} />
          <Time at={at} exact />
          <span>
            <SeverityMark severity={severity} /> in{' '}
            <Link to="/runs/$runId" params={{ runId }}>
              {runId}
            </Link>
          </span>
        </li>
      ))}
    </ol>
  );
}
