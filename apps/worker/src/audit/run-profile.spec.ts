import { describe, expect, it } from 'vitest';
import type { Profile } from '#libs/core';
import { profileOfRun } from './run-profile.js';

const known: readonly Profile[] = [{ id: 'base@1', ruleSetVersion: '1', controls: ['A', 'B', 'C'] }];

describe('profileOfRun', () => {
  it.each<[string, Parameters<typeof profileOfRun>[0], readonly string[], boolean]>([
    ['a profile of the release', { profile: 'base@1', tailoring: null, controls: null }, ['A', 'B', 'C'], false],
    ['some of its controls', { profile: 'base@1', tailoring: null, controls: ['C', 'X'] }, ['C'], false],
    [
      'an own profile',
      { profile: 'own@2', tailoring: { extends: 'base@1', include: ['D'], exclude: ['A'] }, controls: null },
      ['B', 'C', 'D'],
      false,
    ],
    [
      'an own profile, some of its controls',
      { profile: 'own@2', tailoring: { extends: 'base@1', include: ['D'] }, controls: ['D', 'A'] },
      ['A', 'D'],
      false,
    ],
    [
      'a profile that this version does not know',
      { profile: 'x@1', tailoring: null, controls: null },
      ['A', 'B', 'C'],
      true,
    ],
    [
      'an own profile over one that this version does not know',
      { profile: 'own@2', tailoring: { extends: 'x@1' }, controls: ['B'] },
      ['B'],
      true,
    ],
  ])('%s', (_title, run, controls, unknown) => {
    const { profile, problem } = profileOfRun(run, known);
    expect(profile).toMatchObject({ id: run.profile, controls });
    expect(problem !== undefined).toBe(unknown);
  });
});
