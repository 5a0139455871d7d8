import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Arbitrary,
  array,
  bigInt,
  constantFrom,
  integer,
  oneof,
  sample,
  string,
  stringMatching,
  tuple,
} from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlagType, FlagValue } from './flag-values.js';
import { parseFlags } from './pflag.js';

const SOURCE = fileURLToPath(new URL('../../../../test/lab/go/pflag-oracle', import.meta.url));
const hasGo = spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0;
/** Fixed, so that a failure can be repeated. */
const SEED = 20_261_101;
const RUNS = 4_000;

const FLAGS: readonly (readonly [string, FlagType])[] = [
  ['exec', 'bool'],
  ['watch-all-namespaces', 'bool'],
  ['account', 'string'],
  ['concurrent', 'int'],
  ['max-size', 'int64'],
  ['percentage', 'uint8'],
  ['minutes', 'uint16'],
  ['qps', 'float32'],
  ['timeout', 'duration'],
  ['algos', 'stringSlice'],
  ['manager', 'stringArray'],
  ['feature-gates', 'mapStringBool'],
];

const VALUES: Record<FlagType, readonly string[]> = {
  bool: ['true', 'false', '1', '0', 't', 'T', 'TRUE', 'True', 'f', 'F', 'FALSE', 'False', 'yes', 'tRUE', 'true ', ''],
  string: ['default', '', '"default"', 'a=b', '--exec', 'x y', 'ü', '$(NAME)'],
  int: ['4', '-4', '+4', '010', '08', '0x1F', '0b11', '0o17', '1_000', '1__0', '_1', '1_', '0_7', '', ' 1', '1.0'],
  int64: ['9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809', '0', '-0'],
  uint8: ['0', '255', '256', '-1', '+1', '0377', '0x_ff'],
  uint16: ['0', '65535', '65536', '1e3'],
  float32: ['50', '0.1', '.5', '5.', '1e3', '1e39', '-1', '+2', 'inf', '-Inf', '+Infinity', '1e', '.', '', '1f'],
  duration: ['0', '30s', '1h30m', '1.5h', '-5m', '+5m', '.5s', '1.s', '1us', '1µs', '1μs', '5', '', '-', 's', '1d'],
  stringSlice: ['a', 'a,b', '', '"a,b",c', '"a""b"', 'a"b', '"a', '"a"b', ' "a"', ',', 'a\nb', '\na', 'a\r\nb', '\n'],
  stringArray: ['a', 'a,b', '', '"x"'],
  mapStringBool: ['A=true', 'A=true,B=false', ' A = t ', ',', '', 'A', 'A=', '=true', 'A=true=x', 'A=yes'],
};

const durationText = tuple(
  constantFrom('', '-', '+'),
  array(
    tuple(
      stringMatching(/^(\d{1,12}|\d{0,3}\.\d{0,22})$/),
      constantFrom('ns', 'us', 'µs', 'ms', 's', 'm', 'h', 'd', ''),
    ),
    { maxLength: 4 },
  ),
).map(([sign, parts]) => sign + parts.map(([number, unit]) => number + unit).join(''));

/** Texts near each type's grammar. Hexadecimal floats are left out: the parser refuses them on purpose. */
const text: Record<FlagType, Arbitrary<string>> = {
  bool: constantFrom(...VALUES.bool),
  string: oneof(constantFrom(...VALUES.string), string({ maxLength: 8 })),
  int: oneof(constantFrom(...VALUES.int, ...VALUES.int64), stringMatching(/^[+-]?[0-9xXbBoO_a-f]{0,6}$/)),
  int64: oneof(constantFrom(...VALUES.int64, ...VALUES.int), bigInt().map(String)),
  uint8: oneof(constantFrom(...VALUES.uint8, ...VALUES.int), integer({ min: -2, max: 300 }).map(String)),
  uint16: oneof(constantFrom(...VALUES.uint16, ...VALUES.int), integer({ min: -2, max: 70_000 }).map(String)),
  float32: oneof(constantFrom(...VALUES.float32), stringMatching(/^[+-]?\d{0,9}\.?\d{0,9}(e[+-]?\d{1,2})?$/)),
  duration: oneof(constantFrom(...VALUES.duration), durationText),
  stringSlice: oneof(constantFrom(...VALUES.stringSlice), stringMatching(/^[a,"\n\r ]{0,8}$/)),
  stringArray: constantFrom(...VALUES.stringArray),
  mapStringBool: oneof(constantFrom(...VALUES.mapStringBool), stringMatching(/^[AB=,t1 ]{0,8}$/)),
};

/** Words that are not the usual `--flag=value`. */
const ODDITIES =
  '-- - ---exec --=x -exec -h -xh --help --help=x -test.v -test --nope --nope=1 --Exec --feature_gates=A=true exec=true false'
    .split(' ')
    .concat('', '--exec true');

const known = constantFrom(...FLAGS);
const token: Arbitrary<readonly string[]> = oneof(
  { weight: 6, arbitrary: known.chain(([name, type]) => text[type].map((value) => [`--${name}=${value}`])) },
  { weight: 4, arbitrary: known.chain(([name, type]) => text[type].map((value) => [`--${name}`, value])) },
  { weight: 2, arbitrary: known.map(([name]) => [`--${name}`]) },
  {
    weight: 1,
    arbitrary: constantFrom(...ODDITIES).map((word) => [word]),
  },
);
const line = array(token, { maxLength: 6 }).map((parts) => parts.flat());

/** The parser's answer in the oracle's form. */
function ours(args: readonly string[]): unknown {
  const parsed = parseFlags(
    args.map((word) => ({ text: word })),
    new Map(FLAGS),
  );
  if (parsed.state === 'crash') return { error: parsed.code };
  if (parsed.state !== 'parsed') return parsed;
  const values = Object.fromEntries([...parsed.flags].map(([name, { value }]) => [name, printed(value)]));
  const rest = parsed.positional.map((each) => each.token.text);
  return { ...(parsed.flags.size > 0 && { values }), ...(rest.length > 0 && { rest }) };
}

function printed(value: FlagValue | undefined): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'number') return value;
  return String(value);
}

/** Go and JavaScript print some floats differently; both are read back as numbers. */
function comparable(answer: unknown): unknown {
  const { values, ...others } = answer as { values?: Record<string, unknown> };
  if (!values || !('qps' in values)) return answer;
  const number = Number(String(values['qps']).replace(/^([+-])Inf$/, '$1Infinity'));
  return { ...others, values: { ...values, qps: String(number) } };
}

describe.skipIf(!hasGo)('the parser and spf13/pflag v1.0.10 [needs lab]', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-pflag-'));
    execFileSync('go', ['build', '-trimpath', '-o', path.join(folder, 'oracle'), '.'], {
      cwd: SOURCE,
      env: { ...process.env, CGO_ENABLED: '0' },
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(`agree on ${RUNS} command lines (seed ${SEED})`, () => {
    const lines = [
      ...FLAGS.flatMap(([name, type]) => VALUES[type].map((value) => [`--${name}=${value}`])),
      ...sample(line, { seed: SEED, numRuns: RUNS }),
    ];
    const flags = FLAGS.map(([name, type]) => ({ name, type }));
    const answers = execFileSync(path.join(folder, 'oracle'), {
      input: lines.map((args) => JSON.stringify({ flags, args })).join('\n'),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
      .trimEnd()
      .split('\n')
      .map((answer): unknown => JSON.parse(answer));
    expect(answers).toHaveLength(lines.length);
    const different = lines.flatMap((args, index) => {
      const [mine, theirs] = [comparable(ours(args)), comparable(answers[index])];
      return JSON.stringify(sorted(mine)) === JSON.stringify(sorted(theirs)) ? [] : [{ args, mine, theirs }];
    });
    expect(different.slice(0, 5).map((each) => JSON.stringify(each))).toEqual([]);
    const crashes = answers.filter((answer) => (answer as { error?: string }).error !== undefined).length;
    // Both kinds of answer must be well represented, or the comparison says little.
    expect(crashes).toBeGreaterThan(lines.length / 10);
    expect(lines.length - crashes).toBeGreaterThan(lines.length / 10);
  });
});

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
