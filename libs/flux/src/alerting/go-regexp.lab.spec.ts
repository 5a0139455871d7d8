import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Arbitrary, array, constantFrom, oneof, sample, tuple } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ATOMS, CHARACTERS, FLAGS, FOREIGN, ODD, REPEATS, TEXTS, WRITTEN } from '../../test/go-patterns.js';
import { compileGoPattern, matchesGoPattern } from './go-regexp.js';

const SOURCE = fileURLToPath(new URL('../../../../test/lab/go/regexp-oracle', import.meta.url));
const hasGo = spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0;
/** Fixed, so that a failure can be repeated. */
const SEED = 20_261_124;
const GENERATED = process.env['CI'] === 'true' ? 50_000 : 5_000;

interface Case {
  readonly pattern: string;
  readonly texts: readonly string[];
  /** The whole text must match, as Prometheus matches labels. */
  readonly whole: boolean;
}

const text = array(
  oneof({ weight: 6, arbitrary: constantFrom(...CHARACTERS) }, { weight: 1, arbitrary: constantFrom(...FOREIGN) }),
  { maxLength: 8 },
).map((parts) => parts.join(''));

const part: Arbitrary<string> = oneof(
  { weight: 20, arbitrary: constantFrom(...ATOMS) },
  { weight: 6, arbitrary: constantFrom(...REPEATS) },
  { weight: 3, arbitrary: constantFrom(...FLAGS) },
  { weight: 2, arbitrary: constantFrom(...FOREIGN) },
  { weight: 1, arbitrary: constantFrom(...ODD) },
);
const pieces = array(part, { maxLength: 5 }).map((parts) => parts.join(''));
const group = tuple(
  constantFrom('(', '(?:', '(?i:', '(?m:', '(?s-i:', '(?P<a>', '(?<b>'),
  pieces,
  constantFrom('', '|', '|a', '|$'),
  constantFrom('', ...REPEATS),
).map(([open, inner, other, repeat]) => `${open}${inner}${other})${repeat}`);
const pattern = array(
  oneof(
    { weight: 3, arbitrary: pieces },
    { weight: 2, arbitrary: group },
    { weight: 1, arbitrary: constantFrom('|', '^', '$') },
  ),
  { minLength: 1, maxLength: 4 },
).map((parts) => parts.join(''));
const generated = tuple(pattern, array(text, { minLength: 5, maxLength: 8 }), constantFrom(false, false, true));

const cases: readonly Case[] = [
  ...[false, true].flatMap((whole) => WRITTEN.map((written): Case => ({ pattern: written, texts: TEXTS, whole }))),
  ...sample(generated, { seed: SEED, numRuns: GENERATED }).map(([written, texts, whole]): Case => ({
    pattern: written,
    texts,
    whole,
  })),
];

/** As the oracle answers; `?` where we say that we do not know what the pattern means. */
function ours({ pattern: written, texts, whole }: Case): string {
  const compiled = compileGoPattern(whole ? `(?s:${written})` : written);
  if (compiled.state === 'invalid') return '!';
  if (compiled.state === 'notUnderstood') return '?';
  const budget = { left: Number.MAX_SAFE_INTEGER };
  return texts.map((each) => (matchesGoPattern(compiled.program, each, budget, whole) ? 'm' : '-')).join('');
}

function asked({ pattern: written, texts, whole }: Case): string {
  return JSON.stringify({ pattern: whole ? `^(?s:${written})$` : written, texts });
}

function difference(each: Case, mine: string, theirs: string): string[] {
  if (mine === '?' || mine === theirs) return [];
  const at = each.texts.findIndex((_, place) => theirs[place] !== mine[place]);
  return [JSON.stringify({ ...each, texts: each.texts[at], mine: mine[at], theirs: theirs[at] })];
}

describe.skipIf(!hasGo)("our matcher and Go's package regexp [needs lab]", () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-regexp-'));
    execFileSync('go', ['build', '-trimpath', '-o', path.join(folder, 'oracle'), '.'], {
      cwd: SOURCE,
      env: { ...process.env, CGO_ENABLED: '0' },
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(`agree on ${cases.length} patterns (seed ${SEED})`, () => {
    const theirs = execFileSync(path.join(folder, 'oracle'), {
      input: cases.map(asked).join('\n'),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    }).split('\n');
    // The last line ends with a line break too.
    expect(theirs).toHaveLength(cases.length + 1);
    const mine = cases.map(ours);
    const different = cases.flatMap((each, index) => difference(each, mine[index] ?? '', theirs[index] ?? ''));
    expect(different.slice(0, 10)).toEqual([]);
    const count = (answers: readonly string[], letter: string) => answers.join('').split(letter).length - 1;
    // All kinds of answers must be well represented, or the comparison says little.
    expect(count(theirs, 'm')).toBeGreaterThan(cases.length);
    expect(count(theirs, '-')).toBeGreaterThan(cases.length);
    expect(count(theirs, '!')).toBeGreaterThan(cases.length / 20);
    expect(count(mine, '?')).toBeLessThan(cases.length / 50);
  });
});
