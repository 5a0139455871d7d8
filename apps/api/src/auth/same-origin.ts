import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from '../http/problem.js';

function isOurs(origin: string, publicUrl: string, host: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  return origin === new URL(publicUrl).origin || new URL(origin).host === host;
}

/**
 * Refuses a request with a session cookie that another site made a browser send. Browsers say where a request comes
 * from in `Sec-Fetch-Site` (Fetch Metadata) or `Origin`; one that says neither is refused.
 * @throws {Problem} `cross-site-request`
 */
export function requireSameOrigin(headers: IncomingHttpHeaders, publicUrl: string): void {
  const site = headers['sec-fetch-site'];
  const allowed =
    site === undefined
      ? headers.origin !== undefined && isOurs(headers.origin, publicUrl, headers.host)
      : site === 'same-origin';
  if (!allowed) throw new Problem('cross-site-request', 'The session cookie came with a request of another site.');
}
