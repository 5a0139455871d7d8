import { describe, expect, it } from 'vitest';
import type { SopsFacts } from '#libs/core';
import {
  type Answer,
  encryptedItems,
  isTellable,
  kindOfRecipient,
  opens,
  recipientKey,
  wrappedKey,
} from './sops-recipients.js';

const sops = (groups: readonly (readonly string[])[], threshold?: number): SopsFacts => ({
  hasMac: true,
  groups: groups.map((group) => group.map((id) => ({ id }))),
  ...(threshold !== undefined && { threshold }),
});

describe('opens', () => {
  it.each<[string, readonly (readonly string[])[], number | undefined, readonly string[], Answer]>([
    ['one of a flat list', [['a', 'b']], undefined, ['b'], 'yes'],
    ['none of a flat list', [['a', 'b']], undefined, ['c'], 'no'],
    ['one group of two, all needed', [['a'], ['b']], undefined, ['a'], 'no'],
    ['both groups', [['a'], ['b']], undefined, ['a', 'b'], 'yes'],
    ['threshold 0 means all', [['a'], ['b']], 0, ['a'], 'no'],
    ['threshold 1 of two', [['a'], ['b']], 1, ['b'], 'yes'],
    ['threshold 2 of three', [['a'], ['b'], ['c']], 2, ['a', 'c'], 'yes'],
    ['threshold 2 of three, twice the same group', [['a', 'b'], ['c'], ['d']], 2, ['a', 'b'], 'no'],
    ['an unknown one may be enough', [['a'], ['?']], 2, ['a'], 'unknown'],
    ['an unknown one is not needed', [['a'], ['?']], 1, ['a'], 'yes'],
    ['an unknown one is not enough', [['a'], ['?']], 2, [], 'no'],
    ['nothing is said', [], undefined, ['a'], 'unknown'],
    ['an empty group', [[]], undefined, ['a'], 'no'],
  ])('%s', (_title, groups, threshold, held, expected) => {
    const answer = opens(sops(groups, threshold), ({ id }) =>
      id === '?' ? 'unknown' : held.includes(id) ? 'yes' : 'no',
    );
    expect(answer).toBe(expected);
  });
});

it.each([
  ['age1abc', 'age:age1abc'],
  ['age:AGE1ABC', 'age:age1abc'],
  [' age:age1abc ', 'age:age1abc'],
  ['pgp:abcd 0123', 'pgp:ABCD0123'],
  ['0xabcdef0123456789', 'pgp:ABCDEF0123456789'],
  ['FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4', 'pgp:FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4'],
  ['azkv:https://Vault.Azure.NET/Key', 'azkv:https://vault.azure.net/Key'],
  ['aws:arn:aws:kms:eu-west-1:1:key/Ab', 'aws:arn:aws:kms:eu-west-1:1:key/Ab'],
  ['', ''],
])('%s is the recipient %s', (text, key) => {
  expect(recipientKey(text)).toBe(key);
});

it('keeps context and role of a key apart', () => {
  const key = { id: 'aws:arn:1' };
  const all = [key, { ...key, context: ['t=a'] }, { ...key, context: ['t=b'] }, { ...key, role: 'r' }].map(wrappedKey);
  expect(new Set(all).size).toBe(4);
});

it.each([
  ['age:age1', 'age'],
  ['pgp:AB', 'pgp'],
  ['vault:https://v/transit/k', 'vault'],
  ['aws:arn', 'cloud'],
  ['gcp:projects/x', 'cloud'],
  ['hckms:x', 'cloud'],
])('%s is opened by %s', (id, kind) => {
  expect(kindOfRecipient(id)).toBe(kind);
});

it.each([
  ['age1qyqszqgp', true],
  ['age:age1qyqszqgp', true],
  ['age1pq1qyqszqgp', false],
  ['age1yubikey1qyqszqgp', false],
  ['age:ssh-ed25519 AAAA', false],
  ['pgp:ABCD', false],
  ['gcp:projects/x', false],
])('can be told from a Secret: %s: %s', (id, expected) => {
  expect(isTellable(id)).toBe(expected);
});

it('finds documents, and the file as a whole', () => {
  const facts = sops([['age:a']]);
  const file = { path: 'x', sops: facts, documents: [{ kind: 'Secret' }, { kind: 'Secret', sops: facts }] };
  expect(encryptedItems(file).map(({ pointer }) => pointer)).toEqual(['/sops', '/documents/1/sops']);
  expect(encryptedItems({ path: 'y' })).toEqual([]);
});
