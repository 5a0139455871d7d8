import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { controls } from '../api/queries.js';

/** Control id → its title; the id itself has to do until they are loaded. */
export function useControlTitles(): ReadonlyMap<string, string> {
  const { data } = useQuery({ ...controls({ limit: 500 }), staleTime: Infinity });
  return useMemo(() => new Map(data?.items.map(({ id, title }) => [id, title])), [data]);
}
