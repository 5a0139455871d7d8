import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import type { ListOptions } from '../api/queries.js';
import type { PageOf } from '../api/types.js';

/** The rows of a list, and where in the list they stand. */
export interface List<T> {
  /** Undefined while the first ones are on their way. */
  readonly rows: readonly T[] | undefined;
  readonly page: PageOf<T>['page'] | undefined;
  /** Cursors of the pages before; the first page has the empty one. */
  readonly trail: readonly string[];
  /** The rows are those of the view before, until the new ones come. */
  readonly updating: boolean;
  readonly error: Error | null;
  readonly again: () => void;
}

export function useList<T>(options: ListOptions<T>, everyMs?: number): List<T> {
  const { data, error, isPlaceholderData, refetch } = useQuery({ ...options, refetchInterval: everyMs ?? false });
  const trail = useLocation({ select: ({ state }) => state.trail }) ?? [];
  return {
    rows: data?.items,
    page: data?.page,
    trail,
    updating: isPlaceholderData && error === null,
    error,
    again: () => void refetch(),
  };
}
