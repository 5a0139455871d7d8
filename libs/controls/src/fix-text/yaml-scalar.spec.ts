import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { yamlScalar } from './yaml-scalar.js';

describe('yamlScalar', () => {
  it.each(['team-a', 'sharding.fluxcd.io/key', 'HelmRelease', 'shard1'])('leaves %s alone', (text) => {
    expect(yamlScalar(text)).toBe(text);
  });

  it.each([
    '',
    '123',
    '1e3',
    '0x10',
    'true',
    'No',
    'null',
    '~',
    '2026-11-24',
    'a: b',
    'a #b',
    '- a',
    '{a}',
    '"',
    "it's",
    'a\nb',
    '!x',
    '&a',
    '*a',
    '%a',
    '.inf',
  ])('keeps %j a text', (text) => {
    expect(parse(`value: ${yamlScalar(text)}`)).toEqual({ value: text });
    expect(parse(`value: ${yamlScalar(text)}`, { version: '1.1' })).toEqual({ value: text });
  });
});
