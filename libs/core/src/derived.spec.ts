import { describe, expect, it } from 'vitest';
import { derived } from './derived.js';

describe('derived', () => {
  it('works each combination of objects out once', () => {
    const calls: string[] = [];
    const joined = derived((a: { readonly name: string }, b: { readonly name: string }) => {
      calls.push(`${a.name}${b.name}`);
      return calls.length;
    });
    const [a, b, c] = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
    expect([joined(a, b), joined(a, b), joined(a, c), joined(b, a), joined(a, b)]).toEqual([1, 1, 2, 3, 1]);
    expect(calls).toEqual(['ab', 'ac', 'ba']);
  });

  it('goes by identity, not by content', () => {
    let calls = 0;
    const counted = derived((_list: readonly string[]) => ++calls);
    expect([counted([]), counted([])]).toEqual([1, 2]);
  });

  it('remembers undefined, and nothing of a call that threw', () => {
    let calls = 0;
    const odd = derived((source: { readonly bad: boolean }): undefined => {
      calls += 1;
      if (source.bad && calls === 1) throw new Error('bad');
      return undefined;
    });
    const source = { bad: true };
    expect(() => odd(source)).toThrow('bad');
    expect([odd(source), odd(source), calls]).toEqual([undefined, undefined, 2]);
  });
});
