import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Polls until `read` answers with something other than `undefined` or `false`, and returns it.
 * @param what finishes the sentence "… did not happen: " for the failure's message
 */
export async function eventually<T>(
  what: string,
  read: () => T | Promise<T>,
  { withinMs = 30_000, everyMs = 25 }: { readonly withinMs?: number; readonly everyMs?: number } = {},
): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + withinMs;
  let last: unknown;
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
    last = value;
    if (Date.now() >= deadline)
      throw new Error(`within ${withinMs} ms this did not happen: ${what} (last: ${String(last)})`);
    await sleep(everyMs);
  }
}
