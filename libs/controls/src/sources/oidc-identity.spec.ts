import { expect, it } from 'vitest';
import { identityJudge } from './oidc-identity.js';

const ISSUER = '^https://token.actions.githubusercontent.com$';
const SUBJECT = '^https://github.com/org/app/.github/workflows/release.yml@refs/tags/.*$';
const flaws = (issuer?: string, subject?: string, left = 1e6) =>
  identityJudge({ left })({ ...(issuer !== undefined && { issuer }), ...(subject !== undefined && { subject }) }).map(
    ({ field, problem }) => `${field} ${problem}`,
  );

it.each([
  [ISSUER, SUBJECT, []],
  [ISSUER, '^https://github.com/org/.*', []],
  [ISSUER, '^release@example.com$', []],
  [ISSUER, '.*', ['subject tooBroad']],
  [ISSUER, '', ['subject tooBroad']],
  [ISSUER, undefined, ['subject tooBroad']],
  [ISSUER, '^https://github.com/.*$', ['subject tooBroad']],
  [ISSUER, '^https://github.com/[^/]+/[^/]+/.*$', ['subject tooBroad']],
  [ISSUER, '^https://gitlab.com/.+', ['subject tooBroad']],
  [ISSUER, '@', ['subject tooBroad']],
  [ISSUER, 'https://github.com/org/app', ['subject unanchored']],
  [ISSUER, '^https://github.com/org', ['subject unanchored']],
  [ISSUER, 'github.com/org/app.*$', ['subject unanchored']],
  ['https://token.actions.githubusercontent.com', SUBJECT, ['issuer unanchored']],
  ['.*', SUBJECT, ['issuer tooBroad']],
  ['^https://.*$', '.+', ['issuer tooBroad', 'subject tooBroad']],
  [ISSUER, '(', ['subject unknown']],
  [ISSUER, String.raw`^\pL$`, ['subject unknown']],
] as const)('%s and %s: %j', (issuer, subject, expected) => {
  expect(flaws(issuer, subject)).toEqual(expected);
});

it('gives up where patterns cost too much', () => {
  expect(flaws(ISSUER, SUBJECT, 1)).toEqual(['issuer unknown', 'subject unknown']);
});
