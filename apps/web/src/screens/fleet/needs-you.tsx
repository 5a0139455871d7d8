import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { findings } from '../../api/queries.js';
import { messageParts } from '../../format/messages.js';
import { Card, Section } from '../../ui/layout.js';
import { SeverityMark } from '../../ui/marks.js';
import type { FindingsSearch } from '../../url/searches.js';
import styles from './fleet-screen.module.css';

/** The worst of what is open and not accepted. */
export function NeedsYou(): ReactNode {
  const search: FindingsSearch = { state: ['open', 'reopened'], severity: ['critical', 'high'] };
  const { data } = useQuery(findings({ ...search, waived: false, sort: '-severity', limit: 5 }));
  return (
    <Section
      title="Needs you"
      aside={
        <Link to="/findings" search={search}>
          {data === undefined ? 'all' : `all ${data.page.total.count}`} critical and high
        </Link>
      }
    >
      <Card>
        {data?.items.length === 0 && <span className="muted">No critical or high finding is open.</span>}
        <ul className={styles['rows']}>
          {data?.items.map((finding) => (
            <li key={finding.id}>
              <SeverityMark severity={finding.severity} compact />
              <Link to="/findings/$findingId" params={{ findingId: finding.id }} className={styles['clip']}>
                {messageParts(finding.message).headline}
              </Link>
              <Link to="/clusters/$clusterRef" params={{ clusterRef: finding.cluster.name }} className="muted">
                {finding.cluster.name}
              </Link>
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  );
}
