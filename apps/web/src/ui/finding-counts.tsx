import { SEVERITIES, type SeverityCounts } from '#libs/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Counts, MarkedCount } from './marks.js';

interface FindingCountsProps {
  readonly counts: SeverityCounts;
  /** Of this cluster only. */
  readonly cluster?: string;
  /** Also those that are zero. */
  readonly all?: boolean;
}

/** Open findings by severity; each number leads to them. */
export function FindingCounts({ counts, cluster, all = false }: FindingCountsProps): ReactNode {
  const shown = SEVERITIES.filter((severity) => counts[severity] > 0 || (all && severity !== 'info'));
  if (shown.length === 0) return <span className="muted">none</span>;
  return (
    <Counts>
      {shown.map((severity) => (
        <Link
          key={severity}
          to="/findings"
          search={{
            severity: [severity],
            state: ['open', 'reopened'],
            cluster: cluster === undefined ? undefined : [cluster],
          }}
        >
          <MarkedCount mark={severity} n={counts[severity]} what={`open ${severity} findings`} />
        </Link>
      ))}
    </Counts>
  );
}
