import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Problem } from '../api/problem.js';
import { Words } from './prose.js';
import styles from './problem-alert.module.css';

interface ProblemAlertProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What went wrong and what to do about it, in the service's own words. */
export function ProblemAlert({ error, onRetry }: ProblemAlertProps): ReactNode {
  const problem = error instanceof Problem ? error : bug(error);
  return (
    <div role="alert" className={styles['problem']}>
      <div className={styles['title']}>{problem.title}</div>
      <div>{problem.detail}</div>
      {problem.errors.length > 1 && (
        <ul className={styles['errors']}>
          {problem.errors.map((item) => (
            <li key={`${item.pointer ?? item.parameter ?? item.header}${item.code}`}>
              <code>{item.pointer ?? item.parameter ?? item.header}</code>: {item.detail}
            </li>
          ))}
        </ul>
      )}
      {problem.fix !== null && (
        <div className={styles['fix']}>
          <strong>What to do:</strong> <Words text={problem.fix} />
        </div>
      )}
      <div className={styles['foot']}>
        {onRetry && (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
        {problem.type !== null && <a href={problem.type}>About “{problem.code}”</a>}
        {problem.requestId !== null && (
          <span>
            Request <code>{problem.requestId}</code>
          </span>
        )}
      </div>
    </div>
  );
}

function bug(error: unknown): Problem {
  const what = error instanceof Error ? error.message : String(error);
  return new Problem(
    0,
    'dashboard',
    'The dashboard met an error of its own',
    what,
    'Reload the page. If it stays, report it.',
  );
}
