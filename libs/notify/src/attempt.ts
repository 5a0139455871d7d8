import { SendFailure } from './http-post.js';
import { type SendResult, toSendResult, type Verdict } from './send-result.js';

/** Times one attempt, and turns a failure to get any answer into its result. */
export async function attempt(send: () => Promise<Verdict>): Promise<SendResult> {
  const started = performance.now();
  const verdict = await send().catch((error: unknown): Verdict => {
    if (error instanceof SendFailure) return { code: error.code };
    throw error;
  });
  return toSendResult(verdict, performance.now() - started);
}
