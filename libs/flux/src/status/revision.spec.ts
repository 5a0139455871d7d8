import { describe, expect, it } from 'vitest';
import { sameRevision } from './revision.js';

const SHA1 = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334';
const OTHER = 'ffffffffffffffffffffffffffffffffffffffff';
const SHA256 = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';

describe('revisions', () => {
  it.each<[string, string, boolean]>([
    [`main@sha1:${SHA1}`, `main@sha1:${SHA1}`, true],
    [`main@sha1:${SHA1}`, `main/${SHA1}`, true],
    [`main@sha1:${SHA1}`, `sha1:${SHA1}`, true],
    [`refs/heads/main@sha1:${SHA1}`, `main/${SHA1}`, true],
    [`main@sha1:${SHA1}`, `main@sha1:${OTHER}`, false],
    [`main/${SHA1}`, `main/${OTHER}`, false],
    [`latest@sha256:${SHA256}`, `1.2.3+${SHA256.slice(0, 12)}`, true],
    [`latest@sha256:${SHA256}`, '1.2.3+000000000000', false],
    ['1.2.3', '1.2.3', true],
    ['1.2.3', '1.2.4', false],
    ['1.2.3', `1.2.3+${SHA256.slice(0, 12)}`, false],
    ['main', `main@sha1:${SHA1}`, false],
    ['', '', true],
  ])('%s and %s: %s', (a, b, same) => {
    expect(sameRevision(a, b)).toBe(same);
    expect(sameRevision(b, a)).toBe(same);
  });
});
