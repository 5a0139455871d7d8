import { describe, expect, it } from 'vitest';
import type { FlagType } from './flag-values.js';
import { type ParseOptions, parseFlags } from './pflag.js';

const TYPES = new Map<string, FlagType>([
  ['exec', 'bool'],
  ['watch', 'bool'],
  ['account', 'string'],
  ['selector', 'string'],
  ['concurrent', 'int'],
  ['algos', 'stringSlice'],
  ['manager', 'stringArray'],
  ['feature-gates', 'mapStringBool'],
]);

function outcome(line: readonly string[], options?: ParseOptions): unknown {
  const parsed = parseFlags(
    line.map((text) => ({ text })),
    TYPES,
    options,
  );
  if (parsed.state !== 'parsed') return parsed.state === 'crash' ? parsed.code : parsed.state;
  return Object.fromEntries([...parsed.flags].map(([name, { value }]) => [name, value]));
}

describe('command lines', () => {
  it.each<[string, string[], unknown]>([
    ['nothing', [], {}],
    ['a bare bool', ['--exec'], { exec: true }],
    ['a bare bool before false', ['--exec', 'false'], { exec: true }],
    ['ParseBool: T', ['--exec=T'], { exec: true }],
    ['ParseBool: 0', ['--exec=0'], { exec: false }],
    ['ParseBool: yes', ['--exec=yes'], 'invalidValue'],
    ['ParseBool: tRUE', ['--exec=tRUE'], 'invalidValue'],
    ['ParseBool: trailing blank', ['--exec=true '], 'invalidValue'],
    ['an empty bool', ['--exec='], 'invalidValue'],
    ['the last one wins', ['--exec=true', '--exec=0'], { exec: false }],
    ['a text takes the next token', ['--account', 'default'], { account: 'default' }],
    ['even one with dashes', ['--selector', '--exec=true'], { selector: '--exec=true' }],
    ['even the terminator', ['--selector', '--', '--exec'], { selector: '--', exec: true }],
    ['a text without a value', ['--account'], 'valueRequired'],
    ['an empty text', ['--account='], { account: '' }],
    ['quotes belong to the value', ['--account="x"'], { account: '"x"' }],
    ['only the first = splits', ['--account=a=b'], { account: 'a=b' }],
    ['operands are interspersed', ['x', '--exec', '-', '', 'y'], { exec: true }],
    ['after -- nothing is a flag', ['--', '--exec=true'], {}],
    ['single dash', ['-exec=true'], 'unknownShorthand'],
    ['help', ['--help'], 'help'],
    ['short help', ['-h'], 'help'],
    ['short help first in a cluster', ['-hx'], 'help'],
    ['short help later in a cluster', ['-xh'], 'unknownShorthand'],
    ["Go's test flags", ['-test.v=true', '--exec'], { exec: true }],
    ['unknown', ['--nope=1'], 'unknownFlag'],
    ['flag and value in one item', ['--exec true'], 'unknownFlag'],
    ['names are case-sensitive', ['--Exec=true'], 'unknownFlag'],
    ['_ is not -', ['--feature_gates=A=true'], 'unknownFlag'],
    ['three dashes', ['---exec'], 'badSyntax'],
    ['no name', ['--=true'], 'badSyntax'],
    ['slices append', ['--algos=a,b', '--algos', 'c'], { algos: ['a', 'b', 'c'] }],
    ['slices read CSV', ['--algos="a,b",c'], { algos: ['a,b', 'c'] }],
    ['arrays do not', ['--manager=a,b', '--manager=c'], { manager: ['a,b', 'c'] }],
    [
      'gates merge',
      ['--feature-gates=A=true', '--feature-gates= B = f ,,A=0'],
      { 'feature-gates': { A: false, B: false } },
    ],
    ['a gate without a value', ['--feature-gates=A'], 'invalidValue'],
    ['octal', ['--concurrent=010'], { concurrent: 8n }],
    ['underscores', ['--concurrent=1_000'], { concurrent: 1000n }],
    ['too big', ['--concurrent=9223372036854775808'], 'invalidValue'],
  ])('%s', (_title, line, expected) => {
    expect(outcome(line)).toEqual(expected);
  });
});

describe('a build whose flags are not all known', () => {
  const tolerate = { tolerateUnknown: true };

  it.each<[string, string[], unknown]>([
    ['--new=1 is skipped', ['--new=1', '--exec'], { exec: true }],
    ['--new is skipped', ['--new', '--exec'], { exec: true }],
    ['an impossible name is not', ['--exec true'], 'unknownFlag'],
    ['a single dash is not', ['-exec'], 'unknownShorthand'],
  ])('%s', (_title, line, expected) => {
    expect(outcome(line, tolerate)).toEqual(expected);
  });

  it.each<[string, string[], string[]]>([
    ['a flag after --new may be its value', ['--new', '--exec=true'], ['exec']],
    ['and so may the value after that flag', ['--new', '--account', '--exec'], ['account', 'exec']],
    ['an operand after --new is none of ours', ['--new', 'true', '--exec'], []],
    ['--new=1 takes nothing', ['--new=1', '--exec'], []],
    ['a swallowed -- would free what follows', ['--new', '--', '--exec'], ['exec']],
  ])('%s', (_title, line, ambiguous) => {
    const parsed = parseFlags(
      line.map((text) => ({ text })),
      TYPES,
      tolerate,
    );
    expect(parsed.state === 'parsed' && [...parsed.ambiguous.keys()]).toEqual(ambiguous);
  });
});

describe('tokens that are not fully known', () => {
  it.each<[string, { text: string; certain?: number }[], unknown]>([
    ['the value of one flag', [{ text: '--exec=$(A)', certain: 7 }], { exec: undefined }],
    ['a later occurrence wins', [{ text: '--exec=$(A)', certain: 7 }, { text: '--exec=0' }], { exec: false }],
    [
      'gates would merge',
      [{ text: '--feature-gates=$(A)', certain: 16 }, { text: '--feature-gates=A=true' }],
      { 'feature-gates': undefined },
    ],
    ['a value in the next token', [{ text: '--account' }, { text: '$(A)', certain: 0 }], { account: undefined }],
    ['the name of a flag', [{ text: '--$(A)=true', certain: 2 }], 'unknown'],
    ['a whole token', [{ text: '$(A)', certain: 0 }], 'unknown'],
  ])('%s', (_title, tokens, expected) => {
    const parsed = parseFlags(tokens, TYPES);
    expect(
      parsed.state === 'parsed'
        ? Object.fromEntries([...parsed.flags].map(([name, { value }]) => [name, value]))
        : parsed.state,
    ).toEqual(expected);
  });
});
