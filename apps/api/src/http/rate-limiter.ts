/** Requests a minute, for each caller. */
export interface RateLimits {
  /** All requests together. */
  readonly requests: number;
  /** Of these, requests that may change something. */
  readonly writes: number;
}

export const DEFAULT_RATE_LIMITS: RateLimits = { requests: 600, writes: 120 };

const WINDOW_MS = 60_000;

interface Bucket {
  tokens: number;
  at: number;
}

export interface RateDecision {
  readonly allowed: boolean;
  /** Seconds until one more request fits; 0 where it does now. */
  readonly retryAfter: number;
  /** `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers). */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Token buckets, one or two per caller: full they hold a minute's worth, and they refill evenly. Each process counts
 * for itself, so an installation with several API processes grants the limit in each.
 */
export class RateLimiter {
  readonly #buckets = new Map<string, Bucket>();
  #sweptAt = 0;

  constructor(
    private readonly limits: RateLimits,
    private readonly now: () => number,
  ) {}

  /** Counts one request of a caller. A refused request costs nothing. */
  take(caller: string, isWrite: boolean): RateDecision {
    this.#sweep();
    const names = isWrite ? (['requests', 'writes'] as const) : (['requests'] as const);
    const buckets = names.map((name) => ({ name, bucket: this.#refilled(`${name}:${caller}`, this.limits[name]) }));
    const allowed = buckets.every(({ bucket }) => bucket.tokens >= 1);
    if (allowed) for (const { bucket } of buckets) bucket.tokens -= 1;
    const tightest = buckets.reduce((a, b) => (b.bucket.tokens < a.bucket.tokens ? b : a));
    const quota = this.limits[tightest.name];
    const { tokens } = tightest.bucket;
    const wait = tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * WINDOW_MS) / quota / 1000);
    return {
      allowed,
      retryAfter: wait,
      headers: {
        'ratelimit-policy': `"${tightest.name}";q=${quota};w=${WINDOW_MS / 1000}`,
        ratelimit: `"${tightest.name}";r=${Math.max(0, Math.floor(tokens))};t=${wait}`,
      },
    };
  }

  /** Gives a read back: an answer 304 costs nothing. */
  refund(caller: string): void {
    const bucket = this.#buckets.get(`requests:${caller}`);
    if (bucket) bucket.tokens = Math.min(this.limits.requests, bucket.tokens + 1);
  }

  #refilled(key: string, quota: number): Bucket {
    const now = this.now();
    const bucket = this.#buckets.get(key) ?? { tokens: quota, at: now };
    // A clock that is set back must not lock anybody out.
    const elapsed = Math.max(0, now - bucket.at);
    bucket.tokens = Math.min(quota, bucket.tokens + (elapsed * quota) / WINDOW_MS);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    return bucket;
  }

  /** A bucket that nobody touched for a window is full, which is what a missing one counts as. */
  #sweep(): void {
    const now = this.now();
    if (now - this.#sweptAt < WINDOW_MS) return;
    this.#sweptAt = now;
    for (const [key, { at }] of this.#buckets) if (now - at > WINDOW_MS) this.#buckets.delete(key);
  }
}
