import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useCallback } from 'react';
import { targets } from '../../api/queries.js';
import type { Target } from '../../api/types.js';
import { elapsed } from '../../format/time.js';
import { CAUSES } from '../../format/words.js';
import { CoverageBar } from '../../ui/coverage-bar.js';
import type { Column } from '../../ui/data-table.js';
import { ActiveFilter, FilterBar, ToggleChips } from '../../ui/filters.js';
import { Lines, Section } from '../../ui/layout.js';
import { ListView } from '../../ui/list-view.js';
import { StateMark } from '../../ui/marks.js';
import { Message } from '../../ui/prose.js';
import { OutcomeCounts } from '../../ui/outcome-counts.js';
import { useList } from '../../ui/use-list.js';
import { type RunSearch, TARGET_OUTCOMES, type TargetKey } from '../../url/searches.js';

const route = getRouteApi('/shell/runs/$runId');

const COLUMNS: readonly Column<Target, TargetKey>[] = [
  {
    title: 'Cluster',
    head: true,
    sort: 'clusterName',
    cell: ({ cluster }) => (
      <Link to="/clusters/$clusterRef" params={{ clusterRef: cluster.name }} data-row>
        {cluster.name}
      </Link>
    ),
  },
  { title: 'State', cell: (target) => <TargetState target={target} /> },
  {
    title: 'Results',
    cell: ({ counts }) => counts && <OutcomeCounts counts={counts} />,
  },
  {
    title: 'Coverage',
    cell: ({ coverage, state }) => (state === 'done' ? <CoverageBar ratio={coverage} /> : null),
  },
  { title: 'New', numeric: true, cell: ({ opened, reopened }) => <Change n={opened + reopened} /> },
  { title: 'Resolved', numeric: true, cell: ({ resolved }) => <Change n={resolved} /> },
  {
    title: 'Time',
    sort: 'finishedAt',
    downFirst: true,
    cell: ({ startedAt, finishedAt }) =>
      finishedAt === null ? null : <span className="nowrap">{elapsed(startedAt, finishedAt, 0)}</span>,
  },
];

export function TargetTable({ runId }: { readonly runId: string }): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useList(targets(runId, { limit: 100, ...search }));
  const change = useCallback(
    (part: Partial<RunSearch>) =>
      void navigate({ search: (before) => ({ ...before, cursor: undefined, ...part }), resetScroll: false }),
    [navigate],
  );
  return (
    <Section title="Clusters" id="clusters">
      <FilterBar>
        <ToggleChips
          label="Outcome"
          options={TARGET_OUTCOMES}
          chosen={search.outcome}
          onChange={(outcome) => change({ outcome })}
          render={(outcome) =>
            outcome === 'evaluated' ? (
              <StateMark state="pass" word="judged" />
            ) : (
              <StateMark state="notEvaluated" word="not judged" />
            )
          }
        />
        {search.cause?.map((cause) => (
          <ActiveFilter
            key={cause}
            label="cause"
            value={CAUSES[cause].word}
            onRemove={() => change({ cause: undefined })}
          />
        ))}
      </FilterBar>
      <ListView
        list={list}
        request={{ path: `/runs/${runId}/targets`, query: search }}
        caption="Clusters of this run"
        columns={COLUMNS}
        keyOf={({ id }) => id}
        order={search.sort ?? 'clusterName'}
        onOrder={(sort) => change({ sort })}
        what={['cluster', 'clusters']}
        empty="No cluster of this run matches these filters."
        cursor={search.cursor}
        onTurn={(cursor, trail) =>
          void navigate({ search: (before) => ({ ...before, cursor }), state: { trail }, hash: 'clusters' })
        }
      />
    </Section>
  );
}

function TargetState({ target: { state, outcome, cause, message } }: { readonly target: Target }): ReactNode {
  if (state !== 'done') return <span className="muted">{state === 'queued' ? 'waiting' : state}</span>;
  if (outcome === 'evaluated') return <StateMark state="pass" word="judged" />;
  return (
    <Lines>
      <StateMark state="notEvaluated" word={cause === null ? 'not judged' : CAUSES[cause].word} />
      {message !== null && (
        <span className="muted">
          <Message text={message} />
        </span>
      )}
    </Lines>
  );
}

function Change({ n }: { readonly n: number }): ReactNode {
  return n === 0 ? <span className="muted">0</span> : <strong>{n}</strong>;
}
