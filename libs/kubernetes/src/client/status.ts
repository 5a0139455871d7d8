import { ClusterError } from '../cluster-error.js';
import type { WireAnswer } from './transport.js';

/** Longest `Retry-After` that is taken at its word, milliseconds. */
const MAX_RETRY_AFTER = 15_000;

/** Throws the error that the status stands for; returns for 200 and 201 with JSON. Nothing of the body is looked at. */
export function assertAnswered(answer: WireAnswer): void {
  const { status } = answer;
  if (status === 200 || status === 201) {
    if (!answer.isJson) throw new ClusterError('notKubernetes', { status });
    return;
  }
  if (status >= 300 && status < 400) throw new ClusterError('redirected', { status });
  // A login page or a firewall says 401 and 403 too, but an API server never says it in HTML.
  if (answer.isHtml && status < 500) throw new ClusterError('notKubernetes', { status });
  if (status === 401) throw new ClusterError('unauthenticated', { status });
  if (status === 403) throw new ClusterError('forbidden', { status });
  if (status === 404) throw new ClusterError('notFound', { status });
  if (status === 429 || status >= 500) {
    const retryAfterMs = retryAfter(answer.headers['retry-after']);
    throw new ClusterError('transient', { status, ...(retryAfterMs !== undefined && { retryAfterMs }) });
  }
  throw new ClusterError('rejected', { status });
}

/** `Retry-After` (RFC 9110, 10.2.3), seconds or a date, as milliseconds from now; capped. */
function retryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), MAX_RETRY_AFTER) : undefined;
}
