import { foldedClass } from './go-regexp-folding.js';
import {
  type Assertion,
  CONTROL,
  MAX_CODE_POINT,
  PERL,
  POSIX,
  PatternError,
  type PatternNode,
  type Range,
  code,
  complement,
  range,
  single,
} from './go-regexp-syntax.js';

const MAX_REPEAT = 1000;
const DIGIT = /^[0-9]$/;
const HEX_DIGIT = /^[0-9A-Fa-f]$/;
/** Go allows 1000; ours is lower because the parser calls itself. */
const MAX_DEPTH = 100;

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
}

class Parser {
  private readonly chars: readonly string[];
  private at = 0;
  private depth = 0;

  constructor(pattern: string) {
    this.chars = Array.from(pattern);
  }

  parse(): PatternNode {
    const node = this.alternation({ i: false, m: false, s: false });
    if (this.at < this.chars.length) throw invalid('unexpected )');
    return node;
  }

  private peek(offset = 0): string | undefined {
    return this.chars[this.at + offset];
  }

  private take(text: string): boolean {
    for (const [index, char] of Array.from(text).entries()) if (this.peek(index) !== char) return false;
    this.at += text.length;
    return true;
  }

  /** Flags set inside a group, as by `(?i)`, hold to its end, over the bars. */
  private alternation(outer: Flags): PatternNode {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new PatternError('notUnderstood', 'it nests too deeply');
    const state = { flags: outer };
    const branches: PatternNode[] = [this.sequence(state)];
    while (this.take('|')) branches.push(this.sequence(state));
    this.depth -= 1;
    const [only] = branches;
    return branches.length === 1 && only ? only : { kind: 'alt', nodes: branches };
  }

  private sequence(state: { flags: Flags }): PatternNode {
    const nodes: PatternNode[] = [];
    /** There is something that a quantifier can follow, and whether it is a quantifier's result already. */
    let last: 'nothing' | 'atom' | 'repeated' = 'nothing';
    for (;;) {
      const char = this.peek();
      if (char === undefined || char === '|' || char === ')') break;
      const repeat = this.quantifier();
      if (repeat) {
        const node = nodes.pop();
        if (last === 'nothing' || node === undefined) throw invalid('missing argument to repetition operator');
        if (last === 'repeated') throw invalid('invalid nested repetition operator');
        nodes.push(repeated(node, repeat));
        last = 'repeated';
        continue;
      }
      if (this.take('\\Q')) {
        while (this.peek() !== undefined && !this.take('\\E')) nodes.push(literal(this.next(), state.flags));
        if (nodes.length > 0) last = 'atom';
        continue;
      }
      if (this.take('(?')) {
        const node = this.special(state);
        if (node) nodes.push(node);
        last = nodes.length > 0 ? 'atom' : 'nothing';
        continue;
      }
      nodes.push(this.atom(state.flags));
      last = 'atom';
    }
    return { kind: 'cat', nodes };
  }

  private next(): string {
    const char = this.peek();
    if (char === undefined) throw invalid('it ends too early');
    this.at += 1;
    return char;
  }

  private quantifier(): { min: number; max: number | null } | undefined {
    const char = this.peek();
    let found: { min: number; max: number | null } | undefined;
    if (char === '*') found = { min: 0, max: null };
    else if (char === '+') found = { min: 1, max: null };
    else if (char === '?') found = { min: 0, max: 1 };
    if (found) this.at += 1;
    else if (char === '{') found = this.counted();
    // Lazy or greedy does not matter for whether a text matches.
    if (found) this.take('?');
    return found;
  }

  /** `{2}`, `{2,}`, `{2,5}`; anything else that starts with a brace is text. */
  private counted(): { min: number; max: number | null } | undefined {
    const first = this.run(DIGIT, 1);
    let length = 1 + first.length;
    let second: string | undefined;
    if (this.peek(length) === ',') {
      second = this.run(DIGIT, length + 1);
      length += 1 + second.length;
    }
    const isText = first === '' || [first, second].some((each) => /^0\d/.test(each ?? ''));
    if (isText || this.peek(length) !== '}') return undefined;
    this.at += length + 1;
    const min = Number(first);
    const max = second === undefined ? min : second === '' ? null : Number(second);
    if (min > MAX_REPEAT || (max !== null && (max > MAX_REPEAT || max < min))) throw invalid('invalid repeat count');
    return { min, max };
  }

  /** The characters from there on that are of a kind. */
  private run(kind: RegExp, offset: number): string {
    let found = '';
    for (let char = this.peek(offset); char !== undefined && kind.test(char); char = this.peek(offset + found.length)) {
      found += char;
    }
    return found;
  }

  /** After `(?`: flags, groups with flags, and named groups. Undefined where it only sets flags. */
  private special(state: { flags: Flags }): PatternNode | undefined {
    const rest = this.chars.slice(this.at).join('');
    const name = /^P?<([A-Za-z0-9_]+)>/.exec(rest);
    if (name?.[1] !== undefined) {
      this.at += name[0].length;
      return this.group(state.flags);
    }
    const flags = /^([imsU]*)(-[imsU]+)?([:)])/.exec(rest);
    if (!flags) throw invalid('invalid or unsupported Perl syntax');
    this.at += flags[0].length;
    const changed: Flags = {
      i: flagOf('i', state.flags.i, flags),
      m: flagOf('m', state.flags.m, flags),
      s: flagOf('s', state.flags.s, flags),
    };
    if (flags[3] === ':') return this.group(changed);
    state.flags = changed;
    return undefined;
  }

  private group(flags: Flags): PatternNode {
    const node = this.alternation(flags);
    if (!this.take(')')) throw invalid('missing closing )');
    return node;
  }

  private atom(flags: Flags): PatternNode {
    const char = this.next();
    switch (char) {
      case '(':
        return this.group(flags);
      case '[':
        return this.bracket(flags);
      case '.':
        return { kind: 'set', ranges: flags.s ? [] : [range('\n')], negated: true, fold: false };
      case '^':
        return { kind: 'assert', what: flags.m ? 'beginLine' : 'begin' };
      case '$':
        return { kind: 'assert', what: flags.m ? 'endLine' : 'end' };
      case '\\':
        return this.escaped(flags);
      default:
        return literal(char, flags);
    }
  }

  private escaped(flags: Flags): PatternNode {
    const char = this.peek();
    const assertion = char === undefined ? undefined : ASSERTIONS[char];
    if (assertion) {
      this.at += 1;
      return { kind: 'assert', what: assertion };
    }
    const perl = this.perlClass(flags);
    if (perl) return { kind: 'set', ranges: perl, negated: false, fold: false };
    return { kind: 'set', ranges: [single(this.escape())], negated: false, fold: flags.i };
  }

  /** After a backslash: `d`, `D` and so on. */
  private perlClass(flags: Flags): readonly Range[] | undefined {
    const char = this.peek() ?? '';
    if (char === 'p' || char === 'P') throw new PatternError('notUnderstood', 'Unicode classes are not supported');
    const ranges = PERL[char.toLowerCase()];
    if (!ranges || !/^[dws]$/i.test(char)) return undefined;
    this.at += 1;
    return classOf(ranges, char !== char.toLowerCase(), flags);
  }

  /** After a backslash: one character. */
  private escape(): number {
    const char = this.next();
    if (/^[0-7]$/.test(char)) {
      // A single digit other than 0 would be a back reference, which Go does not have.
      if (char !== '0' && !/^[0-7]$/.test(this.peek() ?? '')) throw invalid('invalid escape sequence');
      let digits = char;
      while (digits.length < 3 && /^[0-7]$/.test(this.peek() ?? '')) digits += this.next();
      return Number.parseInt(digits, 8);
    }
    if (char === 'x') return this.hexadecimal();
    const control = CONTROL[char];
    if (control !== undefined) return control;
    if (code(char) < 0x80 && !/^[0-9A-Za-z]$/.test(char)) return code(char);
    throw invalid('invalid escape sequence');
  }

  private hexadecimal(): number {
    const braced = this.take('{');
    const digits = braced ? this.run(HEX_DIGIT, 0) : this.run(HEX_DIGIT, 0).slice(0, 2);
    const value = Number.parseInt(digits, 16);
    this.at += digits.length;
    if ((braced ? !this.take('}') : digits.length < 2) || !(value <= MAX_CODE_POINT)) {
      throw invalid('invalid escape sequence');
    }
    return value;
  }

  /** After `[`. A `]` that comes first is text. */
  private bracket(flags: Flags): PatternNode {
    const negated = this.take('^');
    const ranges: Range[] = [];
    let first = true;
    while (this.peek() !== ']' || first) {
      first = false;
      const named = this.posixClass(flags) ?? this.perlClassInBracket(flags);
      if (named) {
        ranges.push(...named);
        continue;
      }
      const low = this.bracketChar();
      let high = low;
      if (this.peek() === '-' && this.peek(1) !== undefined && this.peek(1) !== ']') {
        this.at += 1;
        high = this.bracketChar();
        if (high < low) throw invalid('invalid character class range');
      }
      ranges.push([low, high]);
    }
    this.at += 1;
    return { kind: 'set', ranges, negated, fold: flags.i };
  }

  private bracketChar(): number {
    const char = this.next();
    return char === '\\' ? this.escape() : code(char);
  }

  private perlClassInBracket(flags: Flags): readonly Range[] | undefined {
    if (this.peek() !== '\\') return undefined;
    this.at += 1;
    const ranges = this.perlClass(flags);
    if (!ranges) this.at -= 1;
    return ranges;
  }

  /** `[:alpha:]`; where no `:]` follows, however far away, a bracket is text. */
  private posixClass(flags: Flags): readonly Range[] | undefined {
    if (this.peek() !== '[' || this.peek(1) !== ':') return undefined;
    let end = this.chars.indexOf(':', this.at + 2);
    while (end >= 0 && this.chars[end + 1] !== ']') end = this.chars.indexOf(':', end + 1);
    if (end < 0) return undefined;
    const name = this.chars.slice(this.at + 2, end).join('');
    const negated = name.startsWith('^');
    const key = negated ? name.slice(1) : name;
    const ranges = Object.hasOwn(POSIX, key) ? POSIX[key] : undefined;
    if (!ranges) throw invalid('invalid character class range');
    this.at = end + 2;
    return classOf(ranges, negated, flags);
  }
}

/** Go folds a class before it turns it around. */
function classOf(ranges: readonly Range[], negated: boolean, { i }: Flags): readonly Range[] {
  const folded = i ? foldedClass(ranges) : ranges;
  return negated ? complement(folded) : folded;
}

const ASSERTIONS: Readonly<Record<string, Assertion | undefined>> = {
  A: 'begin',
  z: 'end',
  b: 'wordBoundary',
  B: 'noWordBoundary',
};

function invalid(message: string): PatternError {
  return new PatternError('invalid', message);
}

function flagOf(flag: keyof Flags, before: boolean, [, on = '', off = '']: RegExpExecArray): boolean {
  return (before || on.includes(flag)) && !off.includes(flag);
}

function literal(char: string, flags: Flags): PatternNode {
  return { kind: 'set', ranges: [single(code(char))], negated: false, fold: flags.i };
}

/** Go limits how often the innermost part of nested repetitions is repeated. */
function repeated(node: PatternNode, { min, max }: { min: number; max: number | null }): PatternNode {
  const result: PatternNode = { kind: 'repeat', node, min, max };
  if ((min >= 2 || (max ?? 0) >= 2) && !fits(result, MAX_REPEAT)) throw invalid('invalid repeat count');
  return result;
}

function fits(node: PatternNode, limit: number): boolean {
  if (node.kind === 'repeat') {
    const times = node.max ?? node.min;
    if (times === 0 && node.max === 0) return true;
    // `*`, `+` and `?` are no counted repetitions.
    const counted = !(node.min <= 1 && (node.max === null || node.max <= 1));
    if (counted && times > limit) return false;
    return fits(node.node, counted && times > 0 ? Math.floor(limit / times) : limit);
  }
  return node.kind === 'cat' || node.kind === 'alt' ? node.nodes.every((each) => fits(each, limit)) : true;
}

/** @throws {PatternError} where Go refuses the pattern, or where it is not understood. */
export function parsePattern(pattern: string): PatternNode {
  return new Parser(pattern).parse();
}
