import { describe, expect, it } from 'vitest';
import { hashToken, newApiToken, newSecret, parseApiToken, sameHash } from './api-token.js';

describe('newApiToken', () => {
  it.each(['pat', 'sat'] as const)('makes a %s that reads back', (kind) => {
    const { token, publicId, hash } = newApiToken(kind);
    expect(token).toMatch(new RegExp(`^plm_${kind}_${publicId}_[0-9A-Za-z]{49}$`));
    expect(parseApiToken(token)).toEqual({ kind, publicId, hash });
    expect(hash).toBe(hashToken(token));
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('never repeats, and keeps its length', () => {
    const tokens = Array.from({ length: 500 }, () => newApiToken('pat'));
    expect(new Set(tokens.map(({ token }) => token)).size).toBe(500);
    expect(new Set(tokens.map(({ publicId }) => publicId)).size).toBe(500);
    expect(new Set(tokens.map(({ token }) => token.length)).size).toBe(1);
  });
});

describe('parseApiToken', () => {
  const { token } = newApiToken('pat');
  const swapped = (at: number) => token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);

  it('finds a wrong character anywhere', () => {
    for (let at = 0; at < token.length; at += 1) expect(parseApiToken(swapped(at))).toBeNull();
  });

  it.each([
    ['', 'nothing'],
    [token.slice(0, -1), 'too short'],
    [`${token}A`, 'too long'],
    [` ${token}`, 'white space'],
    [token.replace('plm_pat_', 'plm_adm_'), 'another kind'],
    [token.toLowerCase(), 'lower case'],
    ['Bearer x', 'something else'],
  ])('refuses %s (%s)', (text) => {
    expect(parseApiToken(text)).toBeNull();
  });
});

describe('sameHash', () => {
  it.each([
    ['ab', 'ab', true],
    ['ab', 'ac', false],
    ['ab', 'abc', false],
    ['', '', true],
    ['é', 'e', false],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(sameHash(a, b)).toBe(expected);
  });
});

it('makes secrets with the hash to store', () => {
  const { secret, hash } = newSecret();
  expect(secret).toMatch(/^[0-9A-Za-z]{43}$/);
  expect(hash).toBe(hashToken(secret));
  expect(newSecret().secret).not.toBe(secret);
});
