import type { ReactNode } from 'react';
import { stringifySearch } from '../url/search-params.js';
import { CopyButton } from './copy-button.js';
import { type Column, DataTable } from './data-table.js';
import { Pager } from './pager.js';
import { ProblemAlert } from './problem-alert.js';
import type { List } from './use-list.js';

interface ListViewProps<T, K extends string> {
  readonly list: List<T>;
  /** The list as the REST API has it: `/clusters` and its query. */
  readonly request: { readonly path: string; readonly query: object };
  /** Read aloud before the table. */
  readonly caption: string;
  /** One row and many: `['delivery', 'deliveries']`. */
  readonly what: readonly [singular: string, plural: string];
  readonly columns: readonly Column<T, K>[];
  readonly keyOf: (row: T) => string;
  readonly order: K | `-${K}`;
  readonly onOrder: (order: K | `-${K}`) => void;
  readonly empty: ReactNode;
  readonly cursor: string | undefined;
  readonly onTurn: (cursor: string | undefined, trail: readonly string[]) => void;
}

function apiCall({ path, query }: { readonly path: string; readonly query: object }): string {
  const url = `${location.origin}/api/v1${path}${stringifySearch({ ...query, cursor: undefined })}`;
  return `curl -H "Authorization: Bearer $PLIMSOLL_TOKEN" '${url}'`;
}

/** A list of the server: its problem where there is one, its rows, its pages. */
export function ListView<T, K extends string>(props: ListViewProps<T, K>): ReactNode {
  const { list, request, caption, what, columns, keyOf, order, onOrder, empty, cursor, onTurn } = props;
  const { rows, page, trail, updating, error, again } = list;
  // A cursor may have expired; the beginning of the list is always there.
  const retry = cursor === undefined ? again : () => onTurn(undefined, []);
  return (
    <>
      {error !== null && <ProblemAlert error={error} onRetry={retry} />}
      {(error === null || rows !== undefined) && (
        <DataTable
          caption={caption}
          columns={columns}
          rows={rows}
          keyOf={keyOf}
          order={order}
          onOrder={onOrder}
          updating={updating}
          empty={empty}
        />
      )}
      <Pager page={page} shown={rows?.length ?? 0} what={what} cursor={cursor} trail={trail} onTurn={onTurn}>
        <CopyButton label="Copy as API call" text={apiCall(request)} />
      </Pager>
    </>
  );
}
