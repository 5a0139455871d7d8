import { ClusterError } from '../cluster-error.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const ITEMS = Buffer.from('items');
const MAX_ENVELOPE = 256 * 1024;
/** etcd holds at most 1.5 MiB per object by default; the JSON form of one is a few times that at worst. */
const MAX_ITEM = 8 * 1024 ** 2;
const MAX_DEPTH = 200;

/**
 * Takes a list answer apart while it arrives: each element of the top-level `items` array is parsed alone and handed on, so
 * one element is in memory at a time, whether the server pages or sends everything at once. What is around the items (the
 * envelope) is returned at the end, with `items` empty. Throws `ClusterError('malformed')`.
 */
export class ListSplitter {
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** `before` the items, `within` them, `after` them. */
  private place: 'before' | 'within' | 'after' = 'before';
  /** Where the last key of the top level stands: seen `"items"`, then its colon. */
  private key: 'none' | 'name' | 'colon' = 'none';
  private name: number[] = [];
  private envelope: Buffer[] = [];
  private envelopeBytes = 0;
  private parts: Buffer[] = [];
  private partBytes = 0;

  constructor(private readonly onItem: (item: unknown, bytes: number) => void) {}

  push(chunk: Buffer): void {
    /** Start of the part of this chunk that is still to be put away. */
    let from = 0;
    let at = 0;
    while (at < chunk.length) {
      if (this.inString) {
        at = this.skipString(chunk, at);
        continue;
      }
      const byte = chunk[at] as number;
      at += 1;
      if (byte <= 0x20) continue;
      if (this.place === 'within' && this.depth === 2) {
        // Between two items: the only bytes that belong nowhere.
        if (byte === COMMA) from = at;
        else if (byte === 0x7b) {
          from = at - 1;
          this.open();
        } else if (byte === 0x5d) {
          this.depth = 1;
          this.place = 'after';
          from = at - 1;
        } else throw malformed();
      } else if (byte === QUOTE) {
        this.inString = true;
        this.name = [];
      } else if (byte === 0x7b || byte === 0x5b) {
        if (this.depth === 0 && byte === 0x5b) throw malformed();
        this.open();
        if (byte === 0x5b && this.depth === 2 && this.key === 'colon') {
          if (this.place !== 'before') throw malformed();
          this.keepEnvelope(chunk, from, at);
          this.place = 'within';
          from = at;
        }
        this.key = 'none';
      } else if (byte === 0x7d || byte === 0x5d) {
        this.depth -= 1;
        if (this.depth < 0) throw malformed();
        if (this.place === 'within' && this.depth === 2) {
          this.finishItem(chunk, from, at);
          from = at;
        }
      } else if (this.depth === 0) throw malformed();
      else if (byte === COLON) this.key = this.key === 'name' ? 'colon' : 'none';
      else this.key = 'none';
    }
    this.keepRest(chunk, from);
  }

  /** The envelope, once the answer is complete. Its `items` are empty, or absent or null where the server sent none. */
  end(): Readonly<Record<string, unknown>> {
    if (this.place === 'within' || this.depth !== 0 || this.inString) throw malformed();
    const envelope = parse(Buffer.concat(this.envelope));
    if (typeof envelope !== 'object' || envelope === null || Array.isArray(envelope)) throw malformed();
    const { items } = envelope as { items?: unknown };
    if (this.place === 'before' && items !== undefined && items !== null) throw malformed();
    return envelope as Readonly<Record<string, unknown>>;
  }

  private open(): void {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw malformed();
  }

  /** Moves to the byte after the closing quote, or to the end of the chunk. */
  private skipString(chunk: Buffer, start: number): number {
    let at = start;
    if (this.escaped) {
      this.escaped = false;
      at += 1;
    }
    for (;;) {
      const quote = chunk.indexOf(QUOTE, at);
      const end = quote < 0 ? chunk.length : quote;
      let slashes = 0;
      while (end - 1 - slashes >= at && chunk[end - 1 - slashes] === BACKSLASH) slashes += 1;
      this.noteName(chunk, at, end);
      if (quote < 0) {
        this.escaped = slashes % 2 === 1;
        return chunk.length;
      }
      at = quote + 1;
      if (slashes % 2 === 1) continue;
      this.inString = false;
      this.key = this.depth === 1 && ITEMS.equals(Buffer.from(this.name)) ? 'name' : 'none';
      return at;
    }
  }

  /** Remembers a short top-level string: it may be the key `items`, cut by the end of a chunk. */
  private noteName(chunk: Buffer, start: number, end: number): void {
    if (this.depth !== 1) return;
    for (let at = start; at < end && this.name.length <= ITEMS.length; at++) this.name.push(chunk[at] as number);
  }

  private finishItem(chunk: Buffer, from: number, to: number): void {
    const bytes = this.partBytes + (to - from);
    if (bytes > MAX_ITEM) throw malformed();
    const item =
      this.parts.length === 0
        ? chunk.subarray(from, to)
        : Buffer.concat([...this.parts, chunk.subarray(from, to)], bytes);
    this.parts = [];
    this.partBytes = 0;
    this.onItem(parse(item), bytes);
  }

  private keepRest(chunk: Buffer, from: number): void {
    if (this.place !== 'within') this.keepEnvelope(chunk, from, chunk.length);
    else if (this.depth > 2 && from < chunk.length) {
      this.parts.push(chunk.subarray(from));
      this.partBytes += chunk.length - from;
      if (this.partBytes > MAX_ITEM) throw malformed();
    }
  }

  private keepEnvelope(chunk: Buffer, from: number, to: number): void {
    this.envelopeBytes += to - from;
    if (this.envelopeBytes > MAX_ENVELOPE) throw malformed();
    this.envelope.push(Buffer.from(chunk.subarray(from, to)));
  }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw malformed();
  }
}

function malformed(): ClusterError {
  return new ClusterError('malformed');
}
