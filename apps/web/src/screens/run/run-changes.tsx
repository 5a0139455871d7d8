import { count, type DigestFinding, type RunDigest } from '#libs/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { runDiff } from '../../api/queries.js';
import { messageParts } from '../../format/messages.js';
import { Card, Section } from '../../ui/layout.js';
import { SeverityMark, StateMark } from '../../ui/marks.js';
import { ProblemAlert } from '../../ui/problem-alert.js';
import styles from './run-screen.module.css';

const CHANGES = [
  { key: 'opened', mark: { state: 'fail', word: 'new' } },
  { key: 'reopened', mark: { state: 'fail', word: 'back again' } },
  { key: 'escalated', mark: { state: 'fail', word: 'more severe' } },
  { key: 'resolved', mark: { state: 'pass', word: 'resolved' } },
] as const;

/** What changed against the run before: what the channels were told. */
export function RunChanges({ runId }: { readonly runId: string }): ReactNode {
  const { data, error, refetch } = useQuery(runDiff(runId));
  if (error !== null) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return null;
  const rows = CHANGES.flatMap(({ key, mark }) => data[key].map((finding) => ({ key, mark, finding })));
  return (
    <Section title="What changed" aside={<Totals digest={data} />}>
      {rows.length === 0 ? (
        <span className="muted">Nothing changed since the run before.</span>
      ) : (
        <Card>
          <ul className={styles['changes']}>
            {rows.map(({ key, mark, finding }) => (
              <li key={key + finding.findingId}>
                <StateMark {...mark} />
                <SeverityMark severity={finding.severity} />
                <FindingLink finding={finding} runId={runId} />
                <Where finding={finding} />
              </li>
            ))}
          </ul>
        </Card>
      )}
    </Section>
  );
}

function Totals({ digest }: { readonly digest: RunDigest }): ReactNode {
  const { openedCount, reopenedCount, escalatedCount, resolvedCount, baselineFindings } = digest;
  return (
    <span className="muted">
      {openedCount} new, {reopenedCount} back, {escalatedCount} more severe, {resolvedCount} resolved
      {baselineFindings > 0 && `; ${count(baselineFindings, 'finding')} in clusters audited for the first time`}
    </span>
  );
}

function FindingLink({
  finding: { findingId, message, title, controlId, clusterCount },
  runId,
}: {
  readonly finding: DigestFinding;
  readonly runId: string;
}): ReactNode {
  return (
    <span>
      {clusterCount === 1 ? (
        <Link to="/findings/$findingId" params={{ findingId }}>
          {messageParts(message).headline}
        </Link>
      ) : (
        <Link to="/findings" search={{ control: [controlId], changedInRun: runId }}>
          {messageParts(message).headline}
        </Link>
      )}{' '}
      <span className="muted" title={title}>
        {controlId}
      </span>
    </span>
  );
}

function Where({ finding: { clusters, clusterCount } }: { readonly finding: DigestFinding }): ReactNode {
  const rest = clusterCount - clusters.length;
  return (
    <span className="muted">
      {clusters.join(', ')}
      {rest > 0 && ` and ${rest} more`}
    </span>
  );
}
