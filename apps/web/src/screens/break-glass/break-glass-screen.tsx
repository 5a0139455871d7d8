import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useCallback } from 'react';
import { breakGlass } from '../../api/queries.js';
import type { BreakGlassRow } from '../../api/types.js';
import { CELL_STATES, PARTS, VERDICTS } from '../../format/drill-words.js';
import { totalWords } from '../../format/numbers.js';
import type { Column } from '../../ui/data-table.js';
import { ActiveFilters, FilterBar, SearchBox, ToggleChips } from '../../ui/filters.js';
import { Lines, Page } from '../../ui/layout.js';
import { ListView } from '../../ui/list-view.js';
import { StateMark } from '../../ui/marks.js';
import { Time } from '../../ui/time.js';
import { useList } from '../../ui/use-list.js';
import { BREAK_GLASS_VERDICTS, type BreakGlassKey, type BreakGlassSearch } from '../../url/searches.js';

const route = getRouteApi('/shell/break-glass');

/** What judges ways in. */
const CONTROLS = [1, 2, 3, 4, 5].map((number) => `FLUX-BG-0${number}`);

const COLUMNS: readonly Column<BreakGlassRow, BreakGlassKey>[] = [
  {
    title: 'Cluster',
    sort: 'cluster',
    head: true,
    cell: ({ cluster, entry, entries, openDrillId }) => (
      <Lines>
        <Link to="/clusters/$clusterRef" params={{ clusterRef: cluster }} data-row>
          {cluster}
        </Link>
        <span className="muted">
          {entry ?? 'no way in'}
          {entries > 1 && `, best of ${entries}`}
        </span>
        {openDrillId !== null && (
          <Link to="/drills/$drillId" params={{ drillId: openDrillId }} className="muted">
            being drilled
          </Link>
        )}
      </Lines>
    ),
  },
  {
    title: 'Verdict',
    sort: 'verdict',
    cell: ({ cluster, verdict, runbookUrl }) => (
      <Lines>
        <StateMark {...VERDICTS[verdict]} />
        {verdict !== 'ready' && (
          <Link
            to="/findings"
            search={{ cluster: [cluster], control: CONTROLS, state: ['open', 'reopened'] }}
            className="muted"
          >
            findings
          </Link>
        )}
        {runbookUrl !== null && (
          <a href={runbookUrl} rel="noreferrer" className="muted">
            runbook
          </a>
        )}
      </Lines>
    ),
  },
  ...PARTS.map(([part, title]): Column<BreakGlassRow, BreakGlassKey> => ({
    title,
    cell: (row) => <Cell of={row[part]} drillId={part === 'lastDrill' ? row.lastDrillId : null} />,
  })),
];

function Cell({ of, drillId }: { readonly of: BreakGlassRow['path']; readonly drillId: string | null }): ReactNode {
  const { state, text, at, cause } = of;
  return (
    <Lines>
      <StateMark state={CELL_STATES[state]} word={cause ?? text} />
      {cause !== null && <span className="muted">{text}</span>}
      {at !== null && (
        <span className="muted">
          <Time at={at} />
        </span>
      )}
      {drillId !== null && (
        <Link to="/drills/$drillId" params={{ drillId }} className="muted">
          the drill
        </Link>
      )}
    </Lines>
  );
}

/** Could somebody get back in? Those clusters first where nobody could. */
export function BreakGlassScreen(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useList(breakGlass({ limit: 50, ...search }));
  const change = useCallback(
    (part: Partial<BreakGlassSearch>) =>
      void navigate({ search: (before) => ({ ...before, cursor: undefined, ...part }), resetScroll: false }),
    [navigate],
  );
  const filtered = Object.keys(search).some((key) => key !== 'sort' && key !== 'cursor');
  return (
    <Page title="Break-glass" kicker={list.page && <span>{totalWords(list.page.total)} match</span>}>
      <FilterBar>
        <SearchBox label="Search clusters" value={search.q} onChange={useCallback((q) => change({ q }), [change])} />
        <ToggleChips
          label="Verdict"
          options={BREAK_GLASS_VERDICTS}
          chosen={search.verdict}
          onChange={(verdict) => change({ verdict })}
          render={(verdict) => <StateMark {...VERDICTS[verdict]} />}
        />
        <ActiveFilters keys={['cluster', 'tenant']} chosen={search} onChange={change} />
        {filtered && (
          <Link to="/break-glass" search={{}}>
            Clear filters
          </Link>
        )}
      </FilterBar>
      <ListView
        list={list}
        request={{ path: '/break-glass', query: search }}
        caption="Ways in for emergencies"
        columns={COLUMNS}
        keyOf={({ id }) => id}
        order={search.sort ?? 'verdict'}
        onOrder={(sort) => change({ sort })}
        what={['cluster', 'clusters']}
        empty={
          filtered
            ? 'No cluster matches these filters.'
            : 'No cluster needs a way in for emergencies: none is a management cluster or dedicated to a tenant, as far as is known.'
        }
        cursor={search.cursor}
        onTurn={(cursor, trail) => void navigate({ search: (before) => ({ ...before, cursor }), state: { trail } })}
      />
    </Page>
  );
}
