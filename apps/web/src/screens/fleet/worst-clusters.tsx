import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { clusters } from '../../api/queries.js';
import { clusterState } from '../../format/cluster-state.js';
import { FindingCounts } from '../../ui/finding-counts.js';
import { Card, Section } from '../../ui/layout.js';
import { StateMark } from '../../ui/marks.js';
import styles from './fleet-screen.module.css';

export function WorstClusters(): ReactNode {
  const { data } = useQuery(clusters({ sort: '-openFindings', limit: 5 }));
  const worst = data?.items.filter(
    ({ summary }) => summary !== null && summary.outcomes.fail + summary.outcomes.warn > 0,
  );
  return (
    <Section
      title="Worst clusters"
      aside={
        <Link to="/" search={{ sort: '-openFindings' }} hash="clusters">
          all by findings
        </Link>
      }
    >
      <Card>
        {worst?.length === 0 && <span className="muted">No cluster that was judged has an open finding.</span>}
        <ul className={styles['rows']}>
          {worst?.map((cluster) => {
            const { mark, words } = clusterState(cluster);
            return (
              <li key={cluster.id}>
                <StateMark state={mark} word={words} compact />
                <Link to="/clusters/$clusterRef" params={{ clusterRef: cluster.name }} className={styles['clip']}>
                  {cluster.name}
                </Link>
                {cluster.summary && <FindingCounts counts={cluster.summary.openFindings} cluster={cluster.name} />}
              </li>
            );
          })}
        </ul>
      </Card>
    </Section>
  );
}
