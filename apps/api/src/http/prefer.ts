const MAX_SECONDS = 60;

/** Milliseconds to wait at most, from `Prefer: wait=<seconds>` (RFC 7240 4.3); 0 without it. At most 60 s. */
export function preferredWait(header: string | string[] | undefined): number {
  const seconds = /(?:^|[,;\s])wait=(\d{1,6})(?=$|[,;\s])/i.exec([header].flat().join(','))?.[1];
  return Math.min(Number(seconds ?? 0), MAX_SECONDS) * 1000;
}

/**
 * Asks until an answer is good enough or time is up, and gives the last answer.
 * @param pauseMs between two questions
 */
export async function pollUntil<T>(
  ask: () => Promise<T>,
  isEnough: (answer: T) => boolean,
  { waitMs, pauseMs, signal }: { readonly waitMs: number; readonly pauseMs: number; readonly signal: AbortSignal },
): Promise<T> {
  const deadline = performance.now() + waitMs;
  let answer = await ask();
  while (!isEnough(answer) && !signal.aborted && performance.now() < deadline) {
    await pause(Math.min(pauseMs, deadline - performance.now()), signal);
    answer = await ask();
  }
  return answer;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(0, ms));
    signal.addEventListener('abort', done, { once: true });
  });
}
