import { whole } from '#libs/core';

/** A total that the server may have stopped counting. */
export function totalWords({ count, type }: { readonly count: number; readonly type: 'exact' | 'atLeast' }): string {
  return type === 'exact' ? whole(count) : `more than ${whole(count)}`;
}
