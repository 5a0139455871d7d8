import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Result } from '../api/types.js';
import { CAUSES } from '../format/words.js';
import type { Column } from './data-table.js';
import { Lines } from './layout.js';
import { SeverityMark, StateMark } from './marks.js';
import { Time } from './time.js';

type Key = 'from' | 'lastSeenAt' | 'controlId';
export type ResultColumn = Column<Result, Key>;

/** How long it has stood so, and what was said. Lists put the control or the cluster in front. */
export const RESULT_COLUMNS: readonly ResultColumn[] = [
  { title: 'Outcome', cell: (result) => <ResultOutcome result={result} /> },
  { title: 'What is so', wide: true, cell: (result) => <ResultMessage result={result} /> },
  { title: 'Severity', cell: ({ severity }) => <SeverityMark severity={severity} /> },
  { title: 'Since', sort: 'from', downFirst: true, cell: ({ from }) => <Time at={from} /> },
];

function ResultOutcome({ result: { outcome, partial } }: { readonly result: Result }): ReactNode {
  return (
    <Lines>
      <StateMark state={outcome} />
      {partial && <StateMark state="notEvaluated" word="in part" />}
    </Lines>
  );
}

function ResultMessage({ result: { message, cause, reason } }: { readonly result: Result }): ReactNode {
  return (
    <Lines>
      <span>{message}</span>
      <span className="muted">
        {cause !== null && `${CAUSES[cause].word} · `}
        <code>{reason}</code>
      </span>
    </Lines>
  );
}

export const controlColumn = (titles: ReadonlyMap<string, string>): ResultColumn => ({
  title: 'Control',
  head: true,
  sort: 'controlId',
  wide: true,
  cell: ({ controlId }) => (
    <Lines>
      <Link to="/controls/$controlId" params={{ controlId }} data-row>
        {titles.get(controlId) ?? controlId}
      </Link>
      <span className="muted">{controlId}</span>
    </Lines>
  ),
});

export const CLUSTER_COLUMN: ResultColumn = {
  title: 'Cluster',
  head: true,
  cell: ({ cluster }) => (
    <Link to="/clusters/$clusterRef" params={{ clusterRef: cluster.name }} data-row>
      {cluster.name}
    </Link>
  ),
};
