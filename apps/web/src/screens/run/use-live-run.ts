import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../api/client.js';
import { run } from '../../api/queries.js';
import type { Run, RunDetail } from '../../api/types.js';
import { announce } from '../../app/live-region.js';

const WAIT_SECONDS = 20;
/** A change of every single cluster would be a request a moment; this is often enough to watch. */
const PAUSE_MS = 700;
const AFTER_ERROR_MS = 5_000;
/** Said (WCAG 2.2, 4.1.3), but not so often that nothing else can be heard. */
const ANNOUNCE_MS = 10_000;

export const isOver = ({ state }: Pick<Run, 'state'>): boolean => state === 'completed' || state === 'cancelled';

interface LiveRun {
  readonly data: RunDetail | undefined;
  readonly error: Error | null;
  readonly again: () => void;
}

/** A run that is kept current while it goes on: the service answers when something changed (RFC 7240, `wait`). */
export function useLiveRun(runId: string): LiveRun {
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

async function follow(runId: string, signal: AbortSignal, onChange: (run: RunDetail) => void): Promise<void> {
  let etag: string | null = null;
  let spokenAt = 0;
  while (!signal.aborted) {
    const answer = await ask(runId, etag, signal);
    if (signal.aborted) return;
    if (answer?.run !== undefined) {
      etag = answer.etag;
      onChange(answer.run);
      const { state, targets } = answer.run;
      if (isOver(answer.run)) return announce(`Audit ${state}`);
      if (Date.now() - spokenAt > ANNOUNCE_MS) {
        spokenAt = Date.now();
        announce(`${targets.done} of ${targets.total} clusters audited`);
      }
    }
    await pause(answer === null ? AFTER_ERROR_MS : PAUSE_MS, signal);
  }
}

interface Answer {
  /** Undefined where nothing has changed. */
  readonly run: RunDetail | undefined;
  readonly etag: string | null;
}

/** Waits for a change of what is known by `etag`; asks at once where nothing is known. Null: no usable answer. */
async function ask(runId: string, etag: string | null, signal: AbortSignal): Promise<Answer | null> {
  const header = etag === null ? {} : { Prefer: `wait=${WAIT_SECONDS}`, 'If-None-Match': etag };
  try {
    const { data, response } = await api.GET('/api/v1/runs/{runId}', { params: { path: { runId }, header }, signal });
    if (!response.ok && response.status !== 304) return null;
    return { run: data, etag: response.headers.get('etag') };
  } catch {
    return null;
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
