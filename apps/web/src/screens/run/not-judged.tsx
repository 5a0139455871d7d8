import { count, type NotEvaluatedCause } from '#libs/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RunDetail } from '../../api/types.js';
import { CAUSES } from '../../format/words.js';
import { Card } from '../../ui/layout.js';
import { StateMark } from '../../ui/marks.js';
import { isOver } from './use-live-run.js';
import styles from './run-screen.module.css';

/** What was not evaluated, and why: never a pass. Whole clusters, and single checks. */
export function NotJudged({ run }: { readonly run: RunDetail }): ReactNode {
  const clusters = run.progress.causes;
  const checks = run.counts?.causes ?? {};
  const causes = (Object.keys(CAUSES) as NotEvaluatedCause[])
    .filter((cause) => (clusters[cause] ?? 0) + (checks[cause] ?? 0) > 0)
    .sort((a, b) => (checks[b] ?? 0) - (checks[a] ?? 0));
  if (causes.length === 0) {
    const words = isOver(run) ? 'Everything that applies to these clusters was evaluated.' : 'Nothing so far.';
    return <span className="muted">{words}</span>;
  }
  return (
    <Card>
      <ul className={styles['causes']}>
        {causes.map((cause) => (
          <li key={cause}>
            <StateMark state="notEvaluated" word={CAUSES[cause].word} />
            <span>
              <Amount n={clusters[cause]}>
                {(n) => (
                  <Link to="/runs/$runId" params={{ runId: run.id }} search={{ cause: [cause] }} hash="clusters">
                    {count(n, 'cluster')}
                  </Link>
                )}
              </Amount>
            </span>
            <span>
              <Amount n={checks[cause]}>
                {(n) => (
                  <Link to="/results" search={{ run: run.id, cause: [cause] }}>
                    {count(n, 'check')}
                  </Link>
                )}
              </Amount>
            </span>
            <span className="muted">{CAUSES[cause].help}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Amount({ n = 0, children }: { readonly n?: number; readonly children: (n: number) => ReactNode }): ReactNode {
  return n === 0 ? null : children(n);
}
