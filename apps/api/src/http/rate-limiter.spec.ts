import { describe, expect, it } from 'vitest';
import { RateLimiter } from './rate-limiter.js';

function limiterAt(limits = { requests: 6, writes: 2 }) {
  let now = 0;
  return { limiter: new RateLimiter(limits, () => now), pass: (ms: number) => (now += ms) };
}

describe('RateLimiter', () => {
  it('grants a minute’s worth at once, then one every tenth of a minute', () => {
    const { limiter, pass } = limiterAt();
    for (let i = 0; i < 6; i += 1) expect(limiter.take('a', false).allowed).toBe(true);
    expect(limiter.take('a', false)).toMatchObject({ allowed: false, retryAfter: 10 });
    pass(9_999);
    expect(limiter.take('a', false)).toMatchObject({ allowed: false, retryAfter: 1 });
    pass(1);
    expect(limiter.take('a', false).allowed).toBe(true);
    expect(limiter.take('a', false).allowed).toBe(false);
  });

  it('counts writes twice: as requests and as writes', () => {
    const { limiter } = limiterAt();
    expect(limiter.take('a', true).allowed).toBe(true);
    expect(limiter.take('a', true).allowed).toBe(true);
    expect(limiter.take('a', true)).toMatchObject({ allowed: false, retryAfter: 30 });
    for (let i = 0; i < 4; i += 1) expect(limiter.take('a', false).allowed).toBe(true);
    expect(limiter.take('a', false).allowed).toBe(false);
  });

  it('keeps callers apart', () => {
    const { limiter } = limiterAt({ requests: 1, writes: 1 });
    expect(limiter.take('a', false).allowed).toBe(true);
    expect(limiter.take('b', false).allowed).toBe(true);
    expect(limiter.take('a', false).allowed).toBe(false);
  });

  it('gives a read back', () => {
    const { limiter } = limiterAt({ requests: 1, writes: 1 });
    limiter.take('a', false);
    limiter.refund('a');
    expect(limiter.take('a', false).allowed).toBe(true);
  });

  it('never saves up more than a minute’s worth', () => {
    const { limiter, pass } = limiterAt();
    limiter.take('a', false);
    pass(3_600_000);
    for (let i = 0; i < 6; i += 1) limiter.take('a', false);
    expect(limiter.take('a', false).allowed).toBe(false);
  });

  it('does not mind a clock that is set back', () => {
    const { limiter, pass } = limiterAt();
    limiter.take('a', false);
    pass(-3_600_000);
    for (let i = 0; i < 5; i += 1) expect(limiter.take('a', false).allowed).toBe(true);
    pass(10_000);
    expect(limiter.take('a', false).allowed).toBe(true);
  });

  it('says what is left in headers', () => {
    const { limiter } = limiterAt();
    expect(limiter.take('a', false).headers).toEqual({
      'ratelimit-policy': '"requests";q=6;w=60',
      ratelimit: '"requests";r=5;t=0',
    });
    expect(limiter.take('a', true).headers['ratelimit']).toBe('"writes";r=1;t=0');
  });
});
