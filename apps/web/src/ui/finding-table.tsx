import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { FindingSummary } from '../api/types.js';
import { objectText } from '../format/evidence.js';
import { messageParts } from '../format/messages.js';
import type { FindingKey } from '../url/searches.js';
import type { Column } from './data-table.js';
import { Lines, Tag, Tags } from './layout.js';
import { SeverityMark, StateMark } from './marks.js';
import { Time } from './time.js';

const WHAT: Column<FindingSummary, FindingKey> = {
  title: 'Finding',
  sort: 'control',
  head: true,
  wide: true,
  cell: ({ id, message, controlId, controlTitle, subject }) => (
    <Lines>
      <Link to="/findings/$findingId" params={{ findingId: id }} data-row className="clamp" title={message}>
        {messageParts(message).headline}
      </Link>
      <span className="muted">
        <Link to="/controls/$controlId" params={{ controlId }} className="muted" title={controlTitle}>
          {controlId}
        </Link>{' '}
        · {objectText(subject)}
      </span>
    </Lines>
  ),
};
const CLUSTER: Column<FindingSummary, FindingKey> = {
  title: 'Cluster',
  sort: 'cluster',
  cell: ({ cluster, tenant }) => (
    <Lines>
      <Link to="/clusters/$clusterRef" params={{ clusterRef: cluster.name }} className="nowrap">
        {cluster.name}
      </Link>
      {tenant && <span className="muted nowrap">tenant {tenant.name}</span>}
    </Lines>
  ),
};

/** Findings in any list. Without the cluster's column where all are of one cluster. */
export function findingColumns(withCluster: boolean): readonly Column<FindingSummary, FindingKey>[] {
  return [
    {
      title: 'Severity',
      sort: 'severity',
      downFirst: true,
      cell: ({ severity }) => <SeverityMark severity={severity} />,
    },
    WHAT,
    ...(withCluster ? [CLUSTER] : []),
    { title: 'State', cell: (finding) => <FindingState finding={finding} /> },
    { title: 'First seen', sort: 'firstSeenAt', downFirst: true, cell: ({ firstSeenAt }) => <Time at={firstSeenAt} /> },
    { title: 'Last seen', sort: 'lastSeenAt', downFirst: true, cell: ({ lastSeenAt }) => <Time at={lastSeenAt} /> },
  ];
}

/** Where a finding is in its life, and what must be known when reading it. */
export function FindingState({ finding }: { readonly finding: FindingSummary }): ReactNode {
  const { state, outcome, waiver, stale, confidence } = finding;
  return (
    <Tags>
      {state === 'resolved' ? (
        <StateMark state="pass" word="resolved" />
      ) : (
        <StateMark
          state={outcome}
          word={state === 'reopened' ? 'open again' : outcome === 'warn' ? 'open (warning)' : 'open'}
        />
      )}
      {stale && <StateMark state="stale" />}
      {waiver && <StateMark state="waived" />}
      {confidence === 'heuristic' && <Tag>heuristic</Tag>}
    </Tags>
  );
}
