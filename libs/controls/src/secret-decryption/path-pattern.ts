/** One character of a pattern, and how often it may come. */
interface Piece {
  readonly matches: (character: string) => boolean;
  readonly repeat: '' | '?' | '*' | '+';
}

interface Sequence {
  readonly pieces: readonly Piece[];
  readonly fromStart: boolean;
  readonly toEnd: boolean;
}

const MAX_LENGTH = 500;
const MAX_ALTERNATIVES = 32;
const MAX_RULES = 100;

const PIECE = /^(?:\\([./\\_+()[\]{}^$|*?-])|(\[\^\/\])|(\.)|([\w/ @:,=~%!&#"'<>;-]))([?*+]?)/;

/**
 * Whether a `path_regex` of SOPS (https://pkg.go.dev/regexp/syntax, not anchored) matches a path. Patterns come from
 * repositories that anybody may write, so they are never given to a backtracking engine: the common ones are followed
 * character by character, in time that grows with their length only; undefined for all others.
 */
export function matchesPath(pattern: string, path: string): boolean | undefined {
  if (pattern.length > MAX_LENGTH || path.length > MAX_LENGTH) return undefined;
  const sequences = sequencesOf(pattern);
  return sequences?.some((sequence) => follows(sequence, path));
}

/** Of the rules of a `.sops.yaml` the first that matches; undefined where none does, or where that is not known. */
export function firstMatch(rules: readonly { readonly pathRegex?: string }[], path: string): number | undefined {
  for (const [index, { pathRegex = '' }] of rules.slice(0, MAX_RULES).entries()) {
    const matches = pathRegex === '' ? true : matchesPath(pathRegex, path);
    if (matches !== false) return matches === undefined ? undefined : index;
  }
  return undefined;
}

function sequencesOf(pattern: string): readonly Sequence[] | undefined {
  const alternatives = expanded(pattern);
  const sequences = alternatives?.map(sequenceOf);
  return sequences?.every((sequence) => sequence !== undefined) ? sequences : undefined;
}

/** Groups without nesting and repetition, written out: `(a|b)/c` is `a/c` and `b/c`. */
function expanded(pattern: string): readonly string[] | undefined {
  let found: string[] = [''];
  let rest = pattern;
  for (let group = nextGroup(rest); group; group = nextGroup(rest)) {
    const { before, choices, after } = group;
    found = found.flatMap((text) => choices.map((choice) => text + before + choice));
    if (found.length > MAX_ALTERNATIVES || /^[?*+{]/.test(after)) return undefined;
    rest = after;
  }
  return found.map((text) => text + rest);
}

function nextGroup(text: string) {
  const open = unescaped(text, '(');
  if (open < 0) return undefined;
  const tail = text.slice(open + 1);
  const close = unescaped(tail, ')');
  if (close < 0) return undefined;
  const inner = tail.slice(0, close).replace(/^\?:/, '');
  return { before: text.slice(0, open), choices: inner.split('|'), after: tail.slice(close + 1) };
}

function unescaped(text: string, wanted: string): number {
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === wanted) return index;
  }
  return -1;
}

function sequenceOf(text: string): Sequence | undefined {
  const fromStart = text.startsWith('^');
  const toEnd = text.endsWith('$') && !text.endsWith('\\$');
  let rest = text.slice(fromStart ? 1 : 0, toEnd ? -1 : undefined);
  const pieces: Piece[] = [];
  while (rest !== '') {
    const [whole, escaped, noSlash, any, plain, repeat = ''] = PIECE.exec(rest) ?? [];
    if (whole === undefined) return undefined;
    const literal = escaped ?? plain;
    const matches = noSlash
      ? (character: string) => character !== '/'
      : any
        ? () => true
        : (character: string) => character === literal;
    pieces.push({ matches, repeat: repeat as Piece['repeat'] });
    rest = rest.slice(whole.length);
  }
  return { pieces, fromStart, toEnd };
}

/** All places of the pattern that the text so far can have led to, at once. */
function follows({ pieces, fromStart, toEnd }: Sequence, text: string): boolean {
  let places = new Set<number>();
  reach(0, pieces, places);
  for (const character of text) {
    if (!toEnd && places.has(pieces.length)) return true;
    const next = new Set<number>();
    for (const place of places) {
      const piece = pieces[place];
      if (!piece?.matches(character)) continue;
      reach(place + 1, pieces, next);
      if (piece.repeat === '*' || piece.repeat === '+') reach(place, pieces, next);
    }
    if (!fromStart) reach(0, pieces, next);
    places = next;
  }
  return places.has(pieces.length);
}

/** A place, and those after it that need no character. */
function reach(start: number, pieces: readonly Piece[], places: Set<number>): void {
  for (let place = start; ; place += 1) {
    places.add(place);
    const repeat = pieces[place]?.repeat;
    if (repeat !== '?' && repeat !== '*') return;
  }
}
