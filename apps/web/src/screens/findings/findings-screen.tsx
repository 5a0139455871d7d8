import { SEVERITIES } from '#libs/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useCallback } from 'react';
import { findings } from '../../api/queries.js';
import { totalWords } from '../../format/numbers.js';
import { ActiveFilter, ActiveFilters, FilterBar, SearchBox, ToggleChips } from '../../ui/filters.js';
import { findingColumns } from '../../ui/finding-table.js';
import { Page } from '../../ui/layout.js';
import { ListView } from '../../ui/list-view.js';
import { SeverityMark, StateMark } from '../../ui/marks.js';
import { useList } from '../../ui/use-list.js';
import { FINDING_STATES, type FindingsSearch } from '../../url/searches.js';

const route = getRouteApi('/shell/findings');
const COLUMNS = findingColumns(true);
const STATE_MARKS = { open: 'fail', reopened: 'fail', resolved: 'pass' } as const;
const STATE_WORDS = { open: 'open', reopened: 'open again', resolved: 'resolved' } as const;

export function FindingsScreen(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useList(findings({ limit: 50, ...search }));
  const change = useCallback(
    (part: Partial<FindingsSearch>) =>
      void navigate({ search: (before) => ({ ...before, cursor: undefined, ...part }), resetScroll: false }),
    [navigate],
  );
  const filtered = Object.keys(search).some((key) => key !== 'sort' && key !== 'cursor');
  return (
    <Page title="Findings" kicker={list.page && <span>{totalWords(list.page.total)} match</span>}>
      <FilterBar>
        <SearchBox label="Search findings" value={search.q} onChange={useCallback((q) => change({ q }), [change])} />
        <ToggleChips
          label="Severity"
          options={SEVERITIES}
          chosen={search.severity}
          onChange={(severity) => change({ severity })}
          render={(severity) => <SeverityMark severity={severity} />}
        />
        <ToggleChips
          label="State"
          options={FINDING_STATES}
          chosen={search.state}
          onChange={(state) => change({ state })}
          render={(state) => <StateMark state={STATE_MARKS[state]} word={STATE_WORDS[state]} />}
        />
        <ToggleChips
          label="More"
          options={['stale', 'waived']}
          chosen={(['stale', 'waived'] as const).filter((flag) => search[flag])}
          onChange={(chosen = []) =>
            change({
              stale: chosen.includes('stale') ? true : undefined,
              waived: chosen.includes('waived') ? true : undefined,
            })
          }
          render={(flag) => <StateMark state={flag} />}
        />
        <ActiveFilters keys={['cluster', 'tenant', 'control']} chosen={search} onChange={change} />
        {search.changedInRun !== undefined && (
          <ActiveFilter
            label="changed in"
            value={search.changedInRun}
            onRemove={() => change({ changedInRun: undefined })}
          />
        )}
        {search.labelSelector !== undefined && (
          <ActiveFilter
            label="labels"
            value={search.labelSelector}
            onRemove={() => change({ labelSelector: undefined })}
          />
        )}
        {filtered && (
          <Link to="/findings" search={{}}>
            Clear filters
          </Link>
        )}
      </FilterBar>
      <ListView
        list={list}
        request={{ path: '/findings', query: search }}
        caption="Findings"
        columns={COLUMNS}
        keyOf={({ id }) => id}
        order={search.sort ?? '-severity'}
        onOrder={(sort) => change({ sort })}
        what={['finding', 'findings']}
        empty={filtered ? 'No finding matches these filters.' : <NothingFound />}
        cursor={search.cursor}
        onTurn={(cursor, trail) => void navigate({ search: (before) => ({ ...before, cursor }), state: { trail } })}
      />
    </Page>
  );
}

function NothingFound(): ReactNode {
  return (
    <>
      No finding has been made. That is good news only where everything was judged: see the coverage of the{' '}
      <Link to="/">fleet</Link>.
    </>
  );
}
