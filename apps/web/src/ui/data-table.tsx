import type { ReactNode } from 'react';
import { announce } from '../app/live-region.js';
import styles from './table.module.css';

export interface Column<T, K extends string = never> {
  readonly title: string;
  readonly cell: (row: T) => ReactNode;
  /** Names the row for screen readers. One column has it. */
  readonly head?: boolean;
  readonly numeric?: boolean;
  readonly wide?: boolean;
  /** The server's sort key, where the column can order the list. */
  readonly sort?: K;
  /** Ordered downwards first, as counts and times are. */
  readonly downFirst?: boolean;
}

interface DataTableProps<T, K extends string> {
  /** Read aloud before the table. */
  readonly caption: string;
  readonly columns: readonly Column<T, K>[];
  readonly rows: readonly T[] | undefined;
  readonly keyOf: (row: T) => string;
  readonly order?: K | `-${K}`;
  readonly onOrder?: (order: K | `-${K}`) => void;
  /** The rows are those of the view before, until the new ones come. */
  readonly updating?: boolean;
  readonly empty: ReactNode;
}

const SKELETON_ROWS = [0, 1, 2, 3, 4, 5];

/** A table whose order and pages are the server's. */
export function DataTable<T, K extends string = never>(props: DataTableProps<T, K>): ReactNode {
  const { caption, columns, rows, keyOf, order, onOrder, updating, empty } = props;
  return (
    <div className={`${styles['frame']} ${updating ? styles['updating'] : ''}`}>
      <table className={styles['table']} aria-busy={rows === undefined || updating}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Heading key={column.title} column={column} order={order} onOrder={onOrder} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows === undefined &&
            SKELETON_ROWS.map((row) => (
              <tr key={row}>
                {columns.map(({ title }) => (
                  <td key={title}>
                    <div className={styles['skeleton']} />
                  </td>
                ))}
              </tr>
            ))}
          {rows?.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => {
                const Cell = column.head ? 'th' : 'td';
                return (
                  <Cell key={column.title} scope={column.head ? 'row' : undefined} className={classOf(column)}>
                    {column.cell(row)}
                  </Cell>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {rows?.length === 0 && <div className={styles['empty']}>{empty}</div>}
    </div>
  );
}

function classOf({ numeric, wide }: { readonly numeric?: boolean; readonly wide?: boolean }): string {
  return [numeric ? styles['num'] : '', wide ? styles['wide'] : ''].join(' ').trim();
}

interface HeadingProps<T, K extends string> {
  readonly column: Column<T, K>;
  readonly order: K | `-${K}` | undefined;
  readonly onOrder: ((order: K | `-${K}`) => void) | undefined;
}

function Heading<T, K extends string>({ column, order, onOrder }: HeadingProps<T, K>): ReactNode {
  const { sort, title, downFirst } = column;
  if (sort === undefined || onOrder === undefined) {
    return (
      <th scope="col" className={classOf(column)}>
        {title}
      </th>
    );
  }
  const up = order === sort;
  const down = order === `-${sort}`;
  const next: K | `-${K}` = up ? `-${sort}` : down ? sort : downFirst ? `-${sort}` : sort;
  return (
    <th scope="col" className={classOf(column)} aria-sort={up ? 'ascending' : down ? 'descending' : undefined}>
      <button
        type="button"
        className={styles['sort']}
        onClick={() => {
          onOrder(next);
          announce(`Ordered by ${title}, ${next.startsWith('-') ? 'descending' : 'ascending'}`);
        }}
      >
        {title}
        <span className={styles['arrow']} aria-hidden="true">
          {up ? '↑' : down ? '↓' : ''}
        </span>
      </button>
    </th>
  );
}
