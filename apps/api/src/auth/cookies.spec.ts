import { expect, it } from 'vitest';
import { readCookie, sessionCookie, sessionCookieName } from './cookies.js';

it.each([
  ['a=1; plimsoll_session=abc; b=2', 'abc'],
  ['plimsoll_session=abc', 'abc'],
  ['xplimsoll_session=abc', null],
  ['plimsoll_session', null],
  ['plimsoll_session=a=b', 'a=b'],
  ['', null],
  [undefined, null],
])('finds in %s: %s', (header, value) => {
  expect(readCookie(header, 'plimsoll_session')).toBe(value);
});

it('is for this host, for HTTP only, and for https where there is https', () => {
  expect(sessionCookie('abc', false)).toBe('plimsoll_session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200');
  expect(sessionCookie('abc', true)).toBe(
    '__Host-plimsoll_session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200; Secure',
  );
  expect(sessionCookie('', false)).toContain('Max-Age=0');
  expect(sessionCookieName(true)).toBe('__Host-plimsoll_session');
});
