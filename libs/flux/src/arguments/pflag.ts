import { type FlagType, type FlagValue, setFlag, splitOnce } from './flag-values.js';

/**
 * Command lines as github.com/spf13/pflag v1.0.10 parses them: all Flux controllers use its `CommandLine`, without
 * shorthands, which exits the process on the first error. `pflag.lab.spec.ts` compares this file with pflag itself.
 */

export interface Token {
  readonly text: string;
  /** How much of `text` is known, where a part of it comes from a variable that could not be read. Absent = all. */
  readonly certain?: number;
}

export type CrashCode =
  /** `---x`, `--=x`. */
  | 'badSyntax'
  | 'unknownFlag'
  /** A single dash starts a cluster of shorthands, and the controllers define none. */
  | 'unknownShorthand'
  | 'valueRequired'
  | 'invalidValue'
  /** `--help` and `-h` print the usage and exit with code 0. */
  | 'help';

interface FlagSetting<T extends Token> {
  /** Undefined where it depends on `gap`. */
  readonly value: FlagValue | undefined;
  /** The token whose text is not fully known. */
  readonly gap?: T;
  /** The last occurrence. */
  readonly flag: T;
  /** What holds its value: the flag itself, or the token after it. */
  readonly from: T;
}

export interface ParsedLine<T extends Token> {
  readonly state: 'parsed';
  readonly flags: ReadonlyMap<string, FlagSetting<T>>;
  /** What pflag takes for operands, those after `--` included: they have no effect. */
  readonly positional: readonly { readonly token: T; readonly afterDashes: boolean }[];
  /** Only where unknown flags are tolerated. */
  readonly unknown: readonly T[];
  /** Flags whose occurrence an unknown flag before it may have taken as its value, with that unknown flag. */
  readonly ambiguous: ReadonlyMap<string, T>;
}

export interface CrashedLine<T extends Token> {
  readonly state: 'crash';
  readonly code: CrashCode;
  readonly token: T;
  /** Name of the flag, as far as it can be told. */
  readonly flag?: string;
}

/** A token that is not known could be any flag, an operand, or `--`. */
export interface UnknownLine<T extends Token> {
  readonly state: 'unknown';
  readonly token: T;
}

export interface ParseOptions {
  /**
   * The flags of this build are not all known: one that is written `--x=…` is skipped, and `--x` is skipped while
   * flags in the next token become ambiguous, because `--x` may have taken it as its value.
   */
  readonly tolerateUnknown?: boolean;
}

export type FlagTypes = ReadonlyMap<string, FlagType>;

/** No flag of any version has such a name, so it is an error in every build (typically `--flag value` in one item). */
const IMPOSSIBLE_NAME = /[^\w.-]/;

/** Each occurrence adds to the ones before it. */
const GROWING: ReadonlySet<FlagType> = new Set(['stringSlice', 'stringArray', 'mapStringBool']);

const isPartial = ({ text, certain }: Token): boolean => certain !== undefined && certain < text.length;

/** `--name=` is known, only what follows is not. */
function hasCertainName({ text, certain = text.length }: Token): boolean {
  const equals = text.indexOf('=');
  return text.startsWith('--') && equals > 0 && equals < certain;
}

export function parseFlags<T extends Token>(
  tokens: readonly T[],
  types: FlagTypes,
  options: ParseOptions = {},
): ParsedLine<T> | CrashedLine<T> | UnknownLine<T> {
  const flags = new Map<string, FlagSetting<T>>();
  const positional: { token: T; afterDashes: boolean }[] = [];
  const unknown: T[] = [];
  const ambiguous = new Map<string, T>();
  let at = 0;
  for (let token = tokens[at++]; token; token = tokens[at++]) {
    const { text } = token;
    if (isPartial(token) && !hasCertainName(token)) return { state: 'unknown', token };
    if (!text.startsWith('-') || text === '-') {
      positional.push({ token, afterDashes: false });
      continue;
    }
    if (text === '--') {
      for (const rest of tokens.slice(at)) positional.push({ token: rest, afterDashes: true });
      break;
    }
    if (!text.startsWith('--')) {
      if (text.startsWith('-test.')) continue; // left for Go's own test flags
      return { state: 'crash', code: text[1] === 'h' ? 'help' : 'unknownShorthand', token };
    }
    const [name, inline] = splitOnce(text.slice(2), '=');
    if (name === '' || name.startsWith('-')) return { state: 'crash', code: 'badSyntax', token };
    const type = types.get(name);
    if (!type) {
      if (name === 'help') return { state: 'crash', code: 'help', token };
      if (options.tolerateUnknown !== true || IMPOSSIBLE_NAME.test(name)) {
        return { state: 'crash', code: 'unknownFlag', token, flag: name };
      }
      unknown.push(token);
      if (inline === undefined) for (const flag of possiblySwallowed(tokens, at, types)) ambiguous.set(flag, token);
      continue;
    }
    const from = inline === undefined && type !== 'bool' ? tokens[at++] : token;
    if (!from) return { state: 'crash', code: 'valueRequired', token, flag: name };
    // A bool never takes the next token: `--flag false` means true.
    const raw = inline ?? (type === 'bool' ? 'true' : from.text);
    const earlier = flags.get(name);
    const gap = isPartial(from) ? from : GROWING.has(type) ? earlier?.gap : undefined;
    if (gap) {
      flags.set(name, { value: undefined, gap, flag: token, from });
      continue;
    }
    const value = setFlag(type, raw, earlier?.value);
    if (value === undefined) return { state: 'crash', code: 'invalidValue', token, flag: name };
    flags.set(name, { value, flag: token, from });
  }
  return { state: 'parsed', flags, positional, unknown, ambiguous };
}

/** Known flags that would not be parsed, or be parsed for the first time, if `tokens[at]` were the value of a flag. */
function possiblySwallowed(tokens: readonly Token[], at: number, types: FlagTypes): readonly string[] {
  const next = tokens[at];
  if (!next?.text.startsWith('--')) return [];
  // A swallowed `--` would make flags of what now are operands; a swallowed flag frees the value after it.
  const affected = next.text === '--' ? tokens.slice(at + 1) : tokens.slice(at, at + 2);
  return affected.flatMap(({ text }) => {
    const name = text.startsWith('--') ? splitOnce(text.slice(2), '=')[0] : '';
    return types.has(name) ? [name] : [];
  });
}
