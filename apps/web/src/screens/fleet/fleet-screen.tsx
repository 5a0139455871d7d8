import { count, percent } from '#libs/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { clusters, fleet } from '../../api/queries.js';
import type { Fleet } from '../../api/types.js';
import { Columns, Notice, Page } from '../../ui/layout.js';
import { ProblemAlert } from '../../ui/problem-alert.js';
import { StartRunButton } from '../../ui/start-run-button.js';
import { Time } from '../../ui/time.js';
import { ClusterTable } from './cluster-table.js';
import { FleetTiles } from './fleet-tiles.js';
import { NeedsYou } from './needs-you.js';
import { NoClusters } from './no-clusters.js';
import { WorstClusters } from './worst-clusters.js';

/** Did the last audit reach everything, what is open, who must act: in five seconds. */
export function FleetScreen(): ReactNode {
  const { data, error, refetch } = useQuery({ ...fleet(), refetchInterval: 30_000 });
  if (error !== null && data === undefined) {
    return (
      <Page title="Fleet">
        <ProblemAlert error={error} onRetry={() => void refetch()} />
      </Page>
    );
  }
  if (data?.clusters.total === 0) {
    return (
      <Page title="Fleet">
        <NoClusters />
      </Page>
    );
  }
  return (
    <Page title="Fleet" kicker={data && <LastAudit fleet={data} />} actions={<StartRunButton />}>
      {data !== undefined && data.clusters.unreachable > 0 && <NotReached total={data.clusters.unreachable} />}
      <FleetTiles fleet={data} />
      <Columns>
        <WorstClusters clusters={data?.worstClusters} />
        <NeedsYou />
      </Columns>
      <ClusterTable />
    </Page>
  );
}

function LastAudit({ fleet }: { readonly fleet: Fleet }): ReactNode {
  const { lastRun } = fleet;
  if (lastRun === null) return 'No audit has finished yet. Start one to see where the fleet stands.';
  const { total } = lastRun.targets;
  return (
    <>
      <span className="words">
        Last audit{' '}
        <Link to="/runs/$runId" params={{ runId: lastRun.id }}>
          <Time at={lastRun.finishedAt ?? lastRun.createdAt} />
        </Link>{' '}
        reached{' '}
        <Link to="/runs/$runId" params={{ runId: lastRun.id }} search={{ outcome: ['evaluated'] }}>
          {lastRun.counts?.targets.evaluated ?? 0} of {count(total, 'cluster')}
        </Link>
        {lastRun.coverage !== null && <>, coverage {percent(lastRun.coverage)}</>}
      </span>
      <span>profile {lastRun.profile}</span>
    </>
  );
}

const NAMED = 6;

function NotReached({ total }: { readonly total: number }): ReactNode {
  const { data } = useQuery(clusters({ unreachable: true, limit: NAMED }));
  const rest = total - (data?.items.length ?? 0);
  return (
    <Notice>
      <strong>
        <Link to="/" search={{ unreachable: true }}>
          {count(total, 'cluster')} not reached
        </Link>
      </strong>
      <span>What is shown of {total === 1 ? 'it' : 'them'} is stale, not passing:</span>
      {data?.items.map(({ id, name }) => (
        <Link key={id} to="/clusters/$clusterRef" params={{ clusterRef: name }}>
          {name}
        </Link>
      ))}
      {data !== undefined && rest > 0 && (
        <Link to="/" search={{ unreachable: true }}>
          and {rest} more
        </Link>
      )}
    </Notice>
  );
}
