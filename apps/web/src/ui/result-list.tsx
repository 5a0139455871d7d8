import type { ReactNode } from 'react';
import { OUTCOME_FILTER } from '../format/words.js';
import type { PartialResultsSearch } from '../url/searches.js';
import { results } from '../api/queries.js';
import { FilterBar, ToggleChips } from './filters.js';
import { Section } from './layout.js';
import { ListView } from './list-view.js';
import { StateMark } from './marks.js';
import { RESULT_COLUMNS, type ResultColumn } from './result-columns.js';
import { useList } from './use-list.js';

interface ResultListProps {
  readonly title: string;
  /** Whose results: `{ cluster: [name] }` or `{ control: [id] }`. */
  readonly of: { readonly cluster?: string[]; readonly control?: string[] };
  readonly limit: number;
  /** The column that tells the rows apart. */
  readonly first: ResultColumn;
  readonly standardOrder: NonNullable<PartialResultsSearch['sort']>;
  readonly search: PartialResultsSearch;
  readonly onChange: (part: Partial<PartialResultsSearch>) => void;
  readonly onTurn: (cursor: string | undefined, trail: readonly string[]) => void;
}

/** What controls say about clusters, as it stands now. */
export function ResultList(props: ResultListProps): ReactNode {
  const { title, of, limit, first, standardOrder, search, onChange, onTurn } = props;
  const order = search.sort ?? standardOrder;
  const list = useList(results({ limit, ...of, ...search, sort: order }));
  return (
    <Section title={title} id="results">
      <FilterBar>
        <ToggleChips
          label="Outcome"
          options={OUTCOME_FILTER}
          chosen={search.outcome}
          onChange={(outcome) => onChange({ outcome })}
          render={(outcome) => <StateMark state={outcome} />}
        />
      </FilterBar>
      <ListView
        list={list}
        request={{ path: '/results', query: { ...of, ...search } }}
        caption={title}
        what={['result', 'results']}
        columns={[first, ...RESULT_COLUMNS]}
        keyOf={({ id }) => id}
        order={order}
        onOrder={(sort) => onChange({ sort })}
        empty={search.outcome === undefined ? 'Nothing has been judged yet.' : 'There is no result with this outcome.'}
        cursor={search.cursor}
        onTurn={onTurn}
      />
    </Section>
  );
}
