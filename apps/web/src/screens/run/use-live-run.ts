import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type HttpAnswer, send } from '../../api/http.js';
import { run } from '../../api/queries.js';
import type { Run } from '../../api/types.js';
import { announce } from '../../app/live-region.js';

const WAIT_SECONDS = 20;
/** A change of every single cluster would be a request a moment; this is often enough to watch. */
const PAUSE_MS = 700;
const AFTER_ERROR_MS = 5_000;
/** WCAG 2.2, 4.1.3: said, but not so often that nothing else can be heard. */
const ANNOUNCE_MS = 10_000;

export const isOver = ({ state }: Run): boolean => state === 'completed' || state === 'cancelled';

/** A run that is kept current while it goes on: the service answers when something changed (RFC 7240, `wait`). */
export function useLiveRun(runId: string): {
  readonly data: Run | undefined;
  readonly error: Error | null;
  readonly again: () => void;
} {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(run(runId));
  const live = data !== undefined && !isOver(data);
  useEffect(() => {
    if (!live) return undefined;
    const stop = new AbortController();
    void follow(runId, stop.signal, (next) => {
      client.setQueryData(run(runId).queryKey, next);
      void client.invalidateQueries({ queryKey: ['targets'] });
      if (isOver(next)) void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'runs' });
    });
    return () => stop.abort();
  }, [live, runId, client]);
  return { data, error: data === undefined ? error : null, again: () => void refetch() };
}

async function follow(runId: string, signal: AbortSignal, onChange: (run: Run) => void): Promise<void> {
  const prefer = `wait=${WAIT_SECONDS}`;
  let etag: string | null = null;
  let spokenAt = 0;
  for (;;) {
    const wait: HttpAnswer<Run> | null = await send<Run>('GET', `/runs/${encodeURIComponent(runId)}`, {
      headers: etag === null ? { prefer } : { prefer, 'if-none-match': etag },
      signal,
    }).catch(() => null);
    if (signal.aborted) return;
    if (wait?.body !== undefined) {
      etag = wait.etag;
      onChange(wait.body);
      if (isOver(wait.body)) return announce(`Audit ${wait.body.state}`);
      if (Date.now() - spokenAt > ANNOUNCE_MS) {
        spokenAt = Date.now();
        announce(`${wait.body.targets.done} of ${wait.body.targets.total} clusters audited`);
      }
    }
    await pause(wait === null ? AFTER_ERROR_MS : PAUSE_MS, signal);
    if (signal.aborted) return;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
