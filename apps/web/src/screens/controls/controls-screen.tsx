import { SEVERITIES } from '#libs/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useCallback } from 'react';
import { controls, fleet } from '../../api/queries.js';
import type { ControlSummary } from '../../api/types.js';
import { OUTCOME_FILTER, OUTCOME_MARKS } from '../../format/words.js';
import type { Column } from '../../ui/data-table.js';
import { ActiveFilter, FilterBar, SearchBox, ToggleChips } from '../../ui/filters.js';
import { Page } from '../../ui/layout.js';
import { ListView } from '../../ui/list-view.js';
import { Counts, MarkedCount, SeverityMark } from '../../ui/marks.js';
import { useList } from '../../ui/use-list.js';
import type { ControlKey, ControlsSearch } from '../../url/searches.js';

const route = getRouteApi('/shell/controls');

/** Management, shared, dedicated, standalone. */
const KINDS = 4;

const COLUMNS: readonly Column<ControlSummary, ControlKey>[] = [
  {
    title: 'Control',
    head: true,
    wide: true,
    sort: 'title',
    cell: ({ id, title }) => (
      <Link to="/controls/$controlId" params={{ controlId: id }} data-row>
        {title}
      </Link>
    ),
  },
  { title: 'Id', sort: 'id', cell: ({ id }) => <code className="nowrap">{id}</code> },
  { title: 'Severity', cell: ({ severity }) => <SeverityMark severity={severity} /> },
  {
    title: 'Family',
    cell: ({ family }) => (
      <Link to="/controls" search={{ family: [family] }} className="nowrap">
        {family}
      </Link>
    ),
  },
  {
    title: 'Meant for',
    cell: ({ scope }) => <span className="muted">{scope.length === KINDS ? 'every cluster' : scope.join(', ')}</span>,
  },
  { title: 'On the fleet', cell: ({ id }) => <FleetOutcomes control={id} /> },
];

export function ControlsScreen(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useList(controls({ limit: 200, ...search }));
  const change = useCallback(
    (part: Partial<ControlsSearch>) =>
      void navigate({ search: (before) => ({ ...before, cursor: undefined, ...part }), resetScroll: false }),
    [navigate],
  );
  return (
    <Page title="Controls" kicker="What is checked, why, and how to fix it.">
      <FilterBar>
        <SearchBox label="Search controls" value={search.q} onChange={useCallback((q) => change({ q }), [change])} />
        <ToggleChips
          label="Severity"
          options={SEVERITIES}
          chosen={search.severity}
          onChange={(severity) => change({ severity })}
          render={(severity) => <SeverityMark severity={severity} />}
        />
        {search.family?.map((family) => (
          <ActiveFilter key={family} label="family" value={family} onRemove={() => change({ family: undefined })} />
        ))}
      </FilterBar>
      <ListView
        list={list}
        request={{ path: '/controls', query: search }}
        caption="Controls"
        columns={COLUMNS}
        keyOf={({ id }) => id}
        order={search.sort ?? 'id'}
        onOrder={(sort) => change({ sort })}
        what={['control', 'controls']}
        empty="No control matches these filters."
        cursor={search.cursor}
        onTurn={(cursor, trail) => void navigate({ search: (before) => ({ ...before, cursor }), state: { trail } })}
      />
    </Page>
  );
}

/** Clusters by outcome; each number leads to them. */
function FleetOutcomes({ control }: { readonly control: string }): ReactNode {
  const { data } = useQuery(fleet());
  const outcomes = data?.controls.find(({ controlId }) => controlId === control)?.outcomes;
  if (outcomes === undefined) return null;
  return (
    <Counts>
      {OUTCOME_FILTER.filter((outcome) => (outcomes[outcome] ?? 0) > 0).map((outcome) => (
        <Link
          key={outcome}
          to="/controls/$controlId"
          params={{ controlId: control }}
          search={{ outcome: [outcome] }}
          hash="results"
        >
          <MarkedCount mark={outcome} n={outcomes[outcome] ?? 0} what={`clusters: ${OUTCOME_MARKS[outcome].word}`} />
        </Link>
      ))}
    </Counts>
  );
}
