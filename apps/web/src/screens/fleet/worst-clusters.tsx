import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Cluster } from '../../api/types.js';
import { clusterState } from '../../format/cluster-state.js';
import { FindingCounts } from '../../ui/finding-counts.js';
import { Card, Section } from '../../ui/layout.js';
import { StateMark } from '../../ui/marks.js';
import styles from './fleet-screen.module.css';

const SHOWN = 5;

export function WorstClusters({ clusters }: { readonly clusters: readonly Cluster[] | undefined }): ReactNode {
  const worst = clusters?.filter(({ summary }) => summary !== null && !summary.compliant).slice(0, SHOWN);
  return (
    <Section
      title="Worst clusters"
      aside={
        <Link to="/" search={{ compliant: false, sort: '-openCritical' }} hash="clusters">
          all that are not compliant
        </Link>
      }
    >
      <Card>
        {worst?.length === 0 && <span className="muted">Every cluster that was judged is compliant.</span>}
        <ul className={styles['rows']}>
          {worst?.map((cluster) => {
            const { mark, words } = clusterState(cluster);
            return (
              <li key={cluster.id}>
                <StateMark state={mark} word={words} compact />
                <Link to="/clusters/$clusterRef" params={{ clusterRef: cluster.name }} className={styles['clip']}>
                  {cluster.name}
                </Link>
                {mark === 'fail' || mark === 'warn' ? (
                  cluster.summary && <FindingCounts counts={cluster.summary.openFindings} cluster={cluster.name} />
                ) : (
                  <span className="muted">{words}</span>
                )}
              </li>
            );
          })}
        </ul>
      </Card>
    </Section>
  );
}
