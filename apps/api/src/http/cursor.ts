import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { Problem } from './problem.js';

/** How long a cursor may be continued: as long as a chunked list of Kubernetes is worth continuing at most. */
const LIFETIME_MS = 60 * 60_000;
const MAC_BYTES = 16;

/** Where a page ended: the sort values and the id of its last row, as the store gave them. */
export type Position = readonly string[];

/** Issued at (ms), digest of the list, position. */
const PAYLOAD = z.tuple([z.int(), z.string(), z.array(z.string())]);

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** What makes two requests pages of one list: the path, the filters, the sort order. Their order does not matter. */
export function listDigest(path: string, parameters: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(parameters)
    .filter(([key, value]) => value !== undefined && key !== 'cursor' && key !== 'limit')
    .map(([key, value]): [string, unknown] => [key, Array.isArray(value) ? value.map(String).toSorted(byText) : value])
    .sort(([a], [b]) => byText(a, b));
  return createHash('sha256')
    .update(JSON.stringify([path, entries]))
    .digest('base64url')
    .slice(0, 22);
}

/**
 * Makes and reads cursors. A cursor is readable but signed: a client cannot make one up, use it for another list, or
 * keep it for longer than an hour.
 */
export class CursorCodec {
  /** @param key 32 bytes, the same in every process of an installation */
  constructor(
    private readonly key: Buffer,
    private readonly now: () => number,
  ) {}

  encode(digest: string, position: Position): string {
    const payload = Buffer.from(JSON.stringify([this.now(), digest, position]));
    return `${payload.toString('base64url')}.${this.mac(payload).toString('base64url')}`;
  }

  /** @throws {Problem} `cursor-mismatch` where it was not made for this list, `cursor-expired` where it is too old */
  decode(digest: string, cursor: string): Position {
    const [issuedAt, madeFor, position] = this.open(cursor);
    if (madeFor !== digest) {
      throw new Problem('cursor-mismatch', 'The cursor was made for other filters, another order or another list.');
    }
    if (this.now() - issuedAt > LIFETIME_MS) throw new Problem('cursor-expired', 'The cursor is older than one hour.');
    return position;
  }

  private open(cursor: string): z.infer<typeof PAYLOAD> {
    const [body = '', signature = ''] = cursor.split('.');
    const payload = Buffer.from(body, 'base64url');
    const given = Buffer.from(signature, 'base64url');
    const authentic = given.length === MAC_BYTES && timingSafeEqual(given, this.mac(payload));
    if (!authentic) throw new Problem('cursor-mismatch', 'The cursor was not made by this service.');
    return PAYLOAD.parse(JSON.parse(payload.toString()));
  }

  private mac(payload: Buffer): Buffer {
    return createHmac('sha256', this.key).update(payload).digest().subarray(0, MAC_BYTES);
  }
}
