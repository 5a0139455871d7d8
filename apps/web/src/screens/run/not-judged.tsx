import { count, type NotEvaluatedCause } from '#libs/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Run } from '../../api/types.js';
import { CAUSES } from '../../format/words.js';
import { Card } from '../../ui/layout.js';
import { StateMark } from '../../ui/marks.js';
import styles from './run-screen.module.css';

/** What was not evaluated, and why: never a pass. */
export function NotJudged({ run }: { readonly run: Run }): ReactNode {
  const causes = (Object.entries(run.causes) as [NotEvaluatedCause, number][])
    .filter(([, n]) => n > 0)
    .sort(([, a], [, b]) => b - a);
  if (causes.length === 0) {
    const words =
      run.targets.done < run.targets.total
        ? 'Nothing so far.'
        : 'Everything that applies to these clusters was evaluated.';
    return <span className="muted">{words}</span>;
  }
  return (
    <Card>
      <ul className={styles['causes']}>
        {causes.map(([cause, n]) => (
          <li key={cause}>
            <StateMark state="notEvaluated" word={CAUSES[cause].word} />
            <Link to="/runs/$runId" params={{ runId: run.id }} search={{ cause: [cause] }} hash="clusters">
              {count(n, 'check')}
            </Link>
            <span className="muted">{CAUSES[cause].help}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
