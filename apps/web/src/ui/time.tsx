import type { ReactNode } from 'react';
import { absoluteTime, relativeTime } from '../format/time.js';
import { useNow } from './use-now.js';

/** `2 h ago`, with the exact time as a tooltip; the exact time first where `exact`. */
export function Time({ at, exact = false }: { readonly at: string; readonly exact?: boolean }): ReactNode {
  const now = useNow();
  const relative = relativeTime(at, now);
  const absolute = absoluteTime(at);
  return (
    <time dateTime={at} title={exact ? relative : absolute} className="nowrap">
      {exact ? absolute : relative}
    </time>
  );
}
