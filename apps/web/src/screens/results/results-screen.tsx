import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { results } from '../../api/queries.js';
import { totalWords } from '../../format/numbers.js';
import { CAUSES, OUTCOME_FILTER } from '../../format/words.js';
import { ActiveFilter, FilterBar, ToggleChips } from '../../ui/filters.js';
import { Page } from '../../ui/layout.js';
import { ListView } from '../../ui/list-view.js';
import { StateMark } from '../../ui/marks.js';
import { CLUSTER_COLUMN, controlColumn, RESULT_COLUMNS } from '../../ui/result-columns.js';
import { useControlTitles } from '../../ui/use-control-titles.js';
import { useList } from '../../ui/use-list.js';

const route = getRouteApi('/shell/results');

/** What every control says about every cluster. Other screens lead here with their numbers. */
export function ResultsScreen(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const titles = useControlTitles();
  const columns = useMemo(
    () => [{ ...CLUSTER_COLUMN, head: false }, controlColumn(titles), ...RESULT_COLUMNS],
    [titles],
  );
  const list = useList(results({ limit: 50, ...search }));
  const change = (part: Partial<typeof search>): void =>
    void navigate({ search: (before) => ({ ...before, cursor: undefined, ...part }), resetScroll: false });
  return (
    <Page
      title="Results"
      kicker={
        <>
          {list.page && <span>{totalWords(list.page.total)} match</span>}
          {search.run !== undefined && (
            <span className="words">
              as they stood after{' '}
              <Link to="/runs/$runId" params={{ runId: search.run }}>
                this run
              </Link>
            </span>
          )}
        </>
      }
    >
      <FilterBar>
        <ToggleChips
          label="Outcome"
          options={OUTCOME_FILTER}
          chosen={search.outcome}
          onChange={(outcome) => change({ outcome })}
          render={(outcome) => <StateMark state={outcome} />}
        />
        {search.cause?.map((cause) => (
          <ActiveFilter
            key={cause}
            label="cause"
            value={CAUSES[cause].word}
            onRemove={() => change({ cause: undefined })}
          />
        ))}
        {(['cluster', 'control'] as const).flatMap((key) =>
          (search[key] ?? []).map((value) => (
            <ActiveFilter key={key + value} label={key} value={value} onRemove={() => change({ [key]: undefined })} />
          )),
        )}
        {search.run !== undefined && (
          <ActiveFilter label="run" value={search.run} onRemove={() => change({ run: undefined })} />
        )}
      </FilterBar>
      <ListView
        list={list}
        request={{ path: '/results', query: search }}
        caption="Results"
        what={['result', 'results']}
        columns={columns}
        keyOf={({ id }) => id}
        order={search.sort ?? 'cluster'}
        onOrder={(sort) => change({ sort })}
        empty="No result matches these filters."
        cursor={search.cursor}
        onTurn={(cursor, trail) => void navigate({ search: (before) => ({ ...before, cursor }), state: { trail } })}
      />
    </Page>
  );
}
