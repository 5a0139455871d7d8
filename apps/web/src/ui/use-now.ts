import { useSyncExternalStore } from 'react';

const TICK_MS = 15_000;
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of listeners) tell();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function current(): number {
  // Without a subscriber nothing ticks, so the first one must not see an old time.
  if (timer === undefined) now = Date.now();
  return now;
}

/** The time, renewed every 15 seconds for the whole page at once. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, current);
}
