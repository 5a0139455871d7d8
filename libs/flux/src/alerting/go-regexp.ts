import { foldings } from './go-regexp-folding.js';
import { parsePattern } from './go-regexp-parser.js';
import { type Assertion, PatternError, type PatternNode, type Range } from './go-regexp-syntax.js';

/**
 * A regular expression as Go reads it, from a cluster that may be hostile. Go's expressions are RE2: they cannot
 * backtrack, and they differ from JavaScript's in what they refuse, in `$`, `\s`, `\z`, `(?i)` and more. So they are not
 * handed to RegExp: this is a matcher of our own, whose time grows with the length of the text times the size of the
 * pattern and never faster, and which gives up where a budget is spent.
 */
export type GoPattern =
  | { readonly state: 'valid'; readonly program: PatternProgram }
  /** Go refuses it, so notification-controller skips it. */
  | { readonly state: 'invalid'; readonly why: string }
  /** It uses what is not modelled here, or is too large: nothing is known of what it matches. */
  | { readonly state: 'notUnderstood'; readonly why: string };

export type PatternProgram = readonly Instruction[];

type Instruction =
  | { readonly op: 'set'; readonly ranges: readonly Range[]; readonly negated: boolean; readonly fold: boolean }
  | { readonly op: 'assert'; readonly what: Assertion }
  | { readonly op: 'split'; readonly to: readonly number[] }
  | { readonly op: 'match' };

/** Shared by all matches of a snapshot, so that many costly patterns do not add up. Counts instructions. */
export interface MatchBudget {
  left: number;
}

const MAX_LENGTH = 1000;
const MAX_PROGRAM = 3000;

/** Reading a character of a pattern costs about as much as so many steps of matching. */
const COMPILE_STEPS = 4;

/** The same where compiling counts too, for patterns of which there may be very many. */
export function compileWithin(pattern: string, budget: MatchBudget): GoPattern {
  if (budget.left <= 0) return { state: 'notUnderstood', why: 'there are too many patterns' };
  budget.left -= COMPILE_STEPS * Math.min(pattern.length, MAX_LENGTH);
  return compileGoPattern(pattern);
}

export function compileGoPattern(pattern: string): GoPattern {
  if (pattern.length > MAX_LENGTH) return { state: 'notUnderstood', why: `it is longer than ${MAX_LENGTH} characters` };
  try {
    const program: Instruction[] = [];
    emit(parsePattern(pattern), program);
    append(program, { op: 'match' });
    return { state: 'valid', program };
  } catch (error) {
    if (error instanceof PatternError) return { state: error.state, why: error.message };
    throw error;
  }
}

function append(program: Instruction[], instruction: Instruction): void {
  if (program.length >= MAX_PROGRAM) throw new PatternError('notUnderstood', 'it is too large');
  program.push(instruction);
}

function emit(node: PatternNode, program: Instruction[]): void {
  switch (node.kind) {
    case 'set':
      return append(program, { op: 'set', ranges: node.ranges, negated: node.negated, fold: node.fold });
    case 'assert':
      return append(program, { op: 'assert', what: node.what });
    case 'cat':
      for (const each of node.nodes) emit(each, program);
      return;
    case 'alt':
      return emitAlternatives(node.nodes, program);
    case 'repeat':
      return emitRepeat(node, program);
  }
}

/** A place where the way parts, filled in when the targets are known. */
function fork(program: Instruction[]): number[] {
  const to: number[] = [];
  append(program, { op: 'split', to });
  return to;
}

function emitAlternatives(nodes: readonly PatternNode[], program: Instruction[]): void {
  const starts = fork(program);
  const ends: number[][] = [];
  for (const each of nodes) {
    starts.push(program.length);
    emit(each, program);
    ends.push(fork(program));
  }
  for (const end of ends) end.push(program.length);
}

function emitRepeat({ node, min, max }: Extract<PatternNode, { kind: 'repeat' }>, program: Instruction[]): void {
  for (let i = 0; i < min; i += 1) emit(node, program);
  if (max === null) {
    const loop = program.length;
    const way = fork(program);
    way.push(program.length);
    emit(node, program);
    fork(program).push(loop);
    way.push(program.length);
    return;
  }
  const exits: number[][] = [];
  for (let i = min; i < max; i += 1) {
    const way = fork(program);
    way.push(program.length);
    exits.push(way);
    emit(node, program);
  }
  for (const exit of exits) exit.push(program.length);
}

/**
 * Whether some part of the text matches, as Go's `Regexp.MatchString` answers; undefined where the budget is spent.
 * With `whole`, the text from its first to its last character must match, as Prometheus matches labels.
 */
export function matchesGoPattern(
  program: PatternProgram,
  text: string,
  budget: MatchBudget,
  whole = false,
): boolean | undefined {
  const points = Array.from(text, (char) => char.codePointAt(0) ?? 0);
  let current = new Set<number>();
  for (let at = 0; at <= points.length; at += 1) {
    const reached = new Set<number>();
    const starts = whole && at > 0 ? current : [...current, 0];
    if (follow(program, starts, points, at, reached, budget) && (!whole || at === points.length)) return true;
    const point = points[at];
    if (point === undefined) break;
    current = new Set();
    for (const place of reached) {
      const instruction = program[place];
      if (instruction?.op === 'set' && holds(instruction, point)) current.add(place + 1);
    }
    budget.left -= reached.size;
    if (budget.left <= 0) return undefined;
    if (whole && current.size === 0) return false;
  }
  return false;
}

/** Adds every place that can be reached without reading a character. Answers whether the end is among them. */
function follow(
  program: PatternProgram,
  starts: Iterable<number>,
  points: readonly number[],
  at: number,
  reached: Set<number>,
  budget: MatchBudget,
): boolean {
  const seen = new Set<number>();
  const open = [...starts];
  let matched = false;
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (seen.has(place)) continue;
    seen.add(place);
    const instruction = program[place];
    if (instruction?.op === 'match') matched = true;
    else if (instruction?.op === 'split') open.push(...instruction.to);
    else if (instruction?.op === 'set') reached.add(place);
    else if (instruction?.op === 'assert' && asserts(instruction.what, points, at)) open.push(place + 1);
  }
  budget.left -= seen.size;
  return matched;
}

function holds({ ranges, negated, fold }: Extract<Instruction, { op: 'set' }>, point: number): boolean {
  const candidates = fold ? foldings(point) : [point];
  return candidates.some((each) => ranges.some(([first, last]) => each >= first && each <= last)) !== negated;
}

const NEW_LINE = 10;

function isWord(point: number | undefined): boolean {
  return point !== undefined && /^[0-9A-Za-z_]$/.test(String.fromCodePoint(point));
}

function asserts(what: Assertion, points: readonly number[], at: number): boolean {
  switch (what) {
    case 'begin':
      return at === 0;
    case 'end':
      return at === points.length;
    case 'beginLine':
      return at === 0 || points[at - 1] === NEW_LINE;
    case 'endLine':
      return at === points.length || points[at] === NEW_LINE;
    case 'wordBoundary':
      return isWord(points[at - 1]) !== isWord(points[at]);
    default:
      return isWord(points[at - 1]) === isWord(points[at]);
  }
}
