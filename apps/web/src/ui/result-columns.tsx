import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Result } from '../api/types.js';
import { CAUSES } from '../format/words.js';
import type { ResultKey } from '../url/searches.js';
import type { Column } from './data-table.js';
import { Lines } from './layout.js';
import { SeverityMark, StateMark } from './marks.js';
import { Message } from './prose.js';
import { Time } from './time.js';

export type ResultColumn = Column<Result, ResultKey>;

/** How long it has stood so, and what was said. Lists put the control or the cluster in front. */
export const RESULT_COLUMNS: readonly ResultColumn[] = [
  { title: 'Outcome', cell: (result) => <ResultOutcome result={result} /> },
  { title: 'What is so', wide: true, cell: (result) => <ResultMessage result={result} /> },
  {
    title: 'Severity',
    sort: 'severity',
    downFirst: true,
    cell: ({ severity }) => <SeverityMark severity={severity} />,
  },
  { title: 'Since', sort: 'fromAt', downFirst: true, cell: ({ fromAt }) => <Time at={fromAt} /> },
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
      <Message text={message} />
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
  sort: 'control',
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
  sort: 'cluster',
  cell: ({ cluster }) => (
    <Link to="/clusters/$clusterRef" params={{ clusterRef: cluster.name }} data-row>
      {cluster.name}
    </Link>
  ),
};
