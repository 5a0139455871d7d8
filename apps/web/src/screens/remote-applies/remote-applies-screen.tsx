import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useCallback } from 'react';
import { remoteApplies } from '../../api/queries.js';
import type { RemoteApplySummary } from '../../api/types.js';
import { objectText } from '../../format/evidence.js';
import { totalWords } from '../../format/numbers.js';
import { alertedMark, AUTH_METHODS } from '../../format/remote-apply-words.js';
import type { Column } from '../../ui/data-table.js';
import { ActiveFilters, FilterBar, SearchBox, ToggleChips } from '../../ui/filters.js';
import { Lines, Page } from '../../ui/layout.js';
import { ListView } from '../../ui/list-view.js';
import { StateMark } from '../../ui/marks.js';
import { RemoteTarget, Standing } from '../../ui/remote-apply-marks.js';
import { Time } from '../../ui/time.js';
import { useList } from '../../ui/use-list.js';
import type { RemoteAppliesSearch, RemoteApplyKey } from '../../url/searches.js';

const route = getRouteApi('/shell/remote-applies');

const COLUMNS: readonly Column<RemoteApplySummary, RemoteApplyKey>[] = [
  {
    title: 'Object',
    sort: 'name',
    head: true,
    wide: true,
    cell: ({ id, object, cluster }) => (
      <Lines>
        <Link to="/remote-applies/$remoteApplyId" params={{ remoteApplyId: id }} data-row>
          {objectText(object)}
        </Link>
        <span className="muted">
          on{' '}
          <Link to="/clusters/$clusterRef" params={{ clusterRef: cluster.name }} className="muted">
            {cluster.name}
          </Link>
        </span>
      </Lines>
    ),
  },
  { title: 'Target', sort: 'target', cell: (row) => <RemoteTarget of={row} /> },
  {
    title: 'State',
    sort: 'urgency',
    downFirst: true,
    cell: (row) => (
      <Lines>
        <Standing of={row} />
        {row.cause && (
          <span className="muted" title={row.cause.message}>
            {row.cause.code}
          </span>
        )}
      </Lines>
    ),
  },
  {
    title: 'Failing since',
    sort: 'failingSince',
    cell: ({ failingSince }) => (failingSince === null ? null : <Time at={failingSince} />),
  },
  { title: 'Loss is told', cell: ({ alertCovered }) => <StateMark {...alertedMark(alertCovered)} /> },
  { title: 'Credential', cell: ({ authMethod }) => AUTH_METHODS[authMethod] },
  { title: 'Last seen', sort: 'lastSeenAt', downFirst: true, cell: ({ lastSeenAt }) => <Time at={lastSeenAt} /> },
];

const FLAGS = ['failing', 'suspended', 'stale'] as const;
const FLAG_MARKS = { failing: 'fail', suspended: 'warn', stale: 'stale' } as const;

/** What management clusters apply to others: what fails without anybody being told comes first. */
export function RemoteAppliesScreen(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useList(remoteApplies({ limit: 50, ...search }));
  const change = useCallback(
    (part: Partial<RemoteAppliesSearch>) =>
      void navigate({ search: (before) => ({ ...before, cursor: undefined, ...part }), resetScroll: false }),
    [navigate],
  );
  const filtered = Object.keys(search).some((key) => key !== 'sort' && key !== 'cursor');
  return (
    <Page title="Remote apply" kicker={list.page && <span>{totalWords(list.page.total)} match</span>}>
      <FilterBar>
        <SearchBox
          label="Search remote applies"
          value={search.q}
          onChange={useCallback((q) => change({ q }), [change])}
        />
        <ToggleChips
          label="Silent failures"
          options={['true', 'unknown']}
          chosen={search.silent}
          onChange={(silent) => change({ silent })}
          render={(silent) => (
            <StateMark
              state={silent === 'true' ? 'fail' : 'notEvaluated'}
              word={silent === 'true' ? 'failing silently' : 'silence not known'}
            />
          )}
        />
        <ToggleChips
          label="State"
          options={FLAGS}
          chosen={FLAGS.filter((flag) => search[flag])}
          onChange={(chosen = []) =>
            change(Object.fromEntries(FLAGS.map((flag) => [flag, chosen.includes(flag) ? true : undefined])))
          }
          render={(flag) => <StateMark state={FLAG_MARKS[flag]} word={flag} />}
        />
        <ToggleChips
          label="Whether people hear of a loss"
          options={['false', 'unknown']}
          chosen={search.alertCovered}
          onChange={(alertCovered) => change({ alertCovered })}
          render={(covered) => (
            <StateMark
              state={covered === 'false' ? 'fail' : 'notEvaluated'}
              word={covered === 'false' ? 'no alert' : 'alert not known'}
            />
          )}
        />
        <ActiveFilters keys={['cluster', 'target', 'tenant']} chosen={search} onChange={change} />
        {filtered && (
          <Link to="/remote-applies" search={{}}>
            Clear filters
          </Link>
        )}
      </FilterBar>
      <ListView
        list={list}
        request={{ path: '/remote-applies', query: search }}
        caption="Remote applies"
        columns={COLUMNS}
        keyOf={({ id }) => id}
        order={search.sort ?? '-urgency'}
        onOrder={(sort) => change({ sort })}
        what={['remote apply', 'remote applies']}
        empty={filtered ? 'No remote apply matches these filters.' : <NothingApplied />}
        cursor={search.cursor}
        onTurn={(cursor, trail) => void navigate({ search: (before) => ({ ...before, cursor }), state: { trail } })}
      />
    </Page>
  );
}

function NothingApplied(): ReactNode {
  return (
    <>
      No audited cluster applies to another one: no Kustomization or HelmRelease has <code>spec.kubeConfig</code>. That
      is so only for clusters that could be read; see the <Link to="/">fleet</Link>.
    </>
  );
}
