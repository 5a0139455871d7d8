/** Waits; ends early, without an error, when `signal` aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

export interface EventuallyOptions {
  /** Default 60 s: generous, because build machines are busy. */
  readonly deadlineMs?: number;
  readonly everyMs?: number;
}

/**
 * Asks `probe` again and again until it answers something other than `undefined`, and returns that.
 * @throws Error naming `what` and the last error of the probe, when the deadline passes.
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
  { deadlineMs = 60_000, everyMs = 100 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  let lastError: unknown;
  while (Date.now() < deadline) {
    try {
      const answer = await probe();
      if (answer !== undefined) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await sleep(everyMs);
  }
  const because = lastError === undefined ? '' : ` Last error: ${errorText(lastError)}`;
  throw new Error(`Waited ${Math.round(deadlineMs / 1000)} s in vain: ${what}.${because}`);
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : JSON.stringify(error);
}
