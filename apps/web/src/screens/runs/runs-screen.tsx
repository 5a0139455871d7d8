import { count } from '#libs/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useCallback } from 'react';
import { runs } from '../../api/queries.js';
import type { Run } from '../../api/types.js';
import { elapsed } from '../../format/time.js';
import { TRIGGER_WORDS, targetWords } from '../../format/run-words.js';
import { CoverageBar } from '../../ui/coverage-bar.js';
import type { Column } from '../../ui/data-table.js';
import { ActiveFilter, FilterBar, ToggleChips } from '../../ui/filters.js';
import { Page } from '../../ui/layout.js';
import { ListView } from '../../ui/list-view.js';
import { OutcomeCounts } from '../../ui/outcome-counts.js';
import { RunState } from '../../ui/run-state.js';
import { StartRunButton } from '../../ui/start-run-button.js';
import { Time } from '../../ui/time.js';
import { useList } from '../../ui/use-list.js';
import { useNow } from '../../ui/use-now.js';
import { RUN_STATES, type RunKey, type RunsSearch } from '../../url/searches.js';

const route = getRouteApi('/shell/runs');

const COLUMNS: readonly Column<Run, RunKey>[] = [
  {
    title: 'Started',
    head: true,
    sort: 'createdAt',
    downFirst: true,
    cell: ({ id, createdAt }) => (
      <Link to="/runs/$runId" params={{ runId: id }} data-row>
        <Time at={createdAt} exact />
      </Link>
    ),
  },
  { title: 'State', cell: ({ state }) => <RunState state={state} /> },
  { title: 'Why', cell: ({ trigger, reason }) => reason ?? TRIGGER_WORDS[trigger] },
  { title: 'Target', cell: (run) => targetWords(run.target) },
  {
    title: 'Clusters judged',
    cell: (run) => <Judged run={run} />,
  },
  { title: 'Coverage', cell: ({ coverage }) => <CoverageBar ratio={coverage} /> },
  {
    title: 'Results',
    cell: ({ counts }) => counts && <OutcomeCounts counts={counts.outcomes} />,
  },
  { title: 'Time', sort: 'finishedAt', downFirst: true, cell: (run) => <Elapsed run={run} /> },
];

export function RunsScreen(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useList(runs({ limit: 50, ...search }), 10_000);
  const change = useCallback(
    (part: Partial<RunsSearch>) =>
      void navigate({ search: (before) => ({ ...before, cursor: undefined, ...part }), resetScroll: false }),
    [navigate],
  );
  return (
    <Page title="Runs" kicker="Each run is one audit of the fleet or a part of it." actions={<StartRunButton />}>
      <FilterBar>
        <ToggleChips
          label="State"
          options={RUN_STATES}
          chosen={search.state}
          onChange={(state) => change({ state })}
          render={(state) => state}
        />
        {search.cluster !== undefined && (
          <ActiveFilter label="cluster" value={search.cluster} onRemove={() => change({ cluster: undefined })} />
        )}
      </FilterBar>
      <ListView
        list={list}
        request={{ path: '/runs', query: search }}
        caption="Runs"
        columns={COLUMNS}
        keyOf={({ id }) => id}
        order={search.sort ?? '-createdAt'}
        onOrder={(sort) => change({ sort })}
        what={['run', 'runs']}
        empty="No run yet. Start one here, or make a schedule: POST /api/v1/schedules."
        cursor={search.cursor}
        onTurn={(cursor, trail) => void navigate({ search: (before) => ({ ...before, cursor }), state: { trail } })}
      />
    </Page>
  );
}

function Judged({ run: { id, counts, targets } }: { readonly run: Run }): ReactNode {
  if (counts === null) return `${targets.done} of ${targets.total} so far`;
  const { evaluated, notEvaluated } = counts.targets;
  return (
    <span className="nowrap">
      {evaluated} of {targets.total}
      {notEvaluated > 0 && (
        <>
          {', '}
          <Link to="/runs/$runId" params={{ runId: id }} search={{ outcome: ['notEvaluated'] }} hash="clusters">
            {notEvaluated} not
          </Link>
        </>
      )}
    </span>
  );
}

function Elapsed({ run: { startedAt, finishedAt, targets } }: { readonly run: Run }): ReactNode {
  const now = useNow();
  const time = elapsed(startedAt, finishedAt, now);
  return time === null ? (
    <span className="muted">waiting</span>
  ) : (
    <span title={count(targets.total, 'cluster')}>{time}</span>
  );
}
