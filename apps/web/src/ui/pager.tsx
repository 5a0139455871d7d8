import { count, whole } from '#libs/core';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { PageOf } from '../api/types.js';
import styles from './table.module.css';

interface PagerProps {
  readonly page: PageOf<unknown>['page'] | undefined;
  readonly shown: number;
  /** One and many: `['delivery', 'deliveries']`. */
  readonly what: readonly [singular: string, plural: string];
  /** Cursors of the pages before this one; the first page has the empty one. */
  readonly trail: readonly string[];
  readonly onTurn: (cursor: string | undefined, trail: readonly string[]) => void;
  readonly cursor: string | undefined;
  /** Stands in the same line. */
  readonly children?: ReactNode;
}

/** Turns the pages of a list. Cursors lead forwards only, so the way back is remembered in the browser's history. */
export function Pager({ page, shown, what, trail, onTurn, cursor, children }: PagerProps): ReactNode {
  if (page === undefined) return null;
  const { total, next } = page;
  const before = trail.at(-1);
  const isAll = next === null && cursor === undefined;
  return (
    <nav className={styles['pager']} aria-label={`Pages of ${what[1]}`}>
      <span>
        {isAll ? '' : `${whole(shown)} on this page of `}
        {total.type === 'exact' ? '' : 'more than '}
        {count(total.count, ...what)}
      </span>
      <span className={styles['pagerButtons']}>
        {children}
        {!isAll && (
          <>
            <Button
              size="compact-sm"
              variant="default"
              disabled={cursor === undefined}
              onClick={() =>
                before === undefined ? onTurn(undefined, []) : onTurn(before || undefined, trail.slice(0, -1))
              }
            >
              {before === undefined && cursor !== undefined ? 'First page' : 'Previous'}
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              disabled={next === null}
              onClick={() => onTurn(next ?? undefined, [...trail, cursor ?? ''])}
            >
              Next
            </Button>
          </>
        )}
      </span>
    </nav>
  );
}
