import { describe, expect, it } from 'vitest';
import { type Profile, type Tailoring, tailored } from './profile.js';

const base: Profile = {
  id: 'base@1',
  ruleSetVersion: '1',
  controls: ['A', 'B', 'C'],
  severityOverrides: { A: 'low' },
};

describe('tailored', () => {
  it.each<[string, Omit<Tailoring, 'extends'>, readonly string[], Profile['severityOverrides']]>([
    ['nothing', {}, ['A', 'B', 'C'], { A: 'low' }],
    ['less', { exclude: ['B', 'unknown'] }, ['A', 'C'], { A: 'low' }],
    ['more, each once', { include: ['D', 'A', 'D'] }, ['A', 'B', 'C', 'D'], { A: 'low' }],
    ['both at once', { include: ['D'], exclude: ['D', 'A'] }, ['B', 'C'], { A: 'low' }],
    ['another severity', { severityOverrides: { A: 'high', B: 'info' } }, ['A', 'B', 'C'], { A: 'high', B: 'info' }],
  ])('changes %s', (_title, tailoring, controls, severityOverrides) => {
    const profile = tailored('own@2', base, { extends: 'base@1', ...tailoring });
    expect(profile).toEqual({ id: 'own@2', ruleSetVersion: '1', controls, severityOverrides });
  });

  it('has no overrides where none are stated', () => {
    expect(tailored('own@1', { id: 'x', ruleSetVersion: '1', controls: [] }, { extends: 'x' })).toEqual({
      id: 'own@1',
      ruleSetVersion: '1',
      controls: [],
    });
  });
});
