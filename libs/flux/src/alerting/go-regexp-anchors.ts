import { parsePattern } from './go-regexp-parser.js';
import { PatternError, type PatternNode } from './go-regexp-syntax.js';

/** Whether a pattern can only match from the first and up to the last character of a text. */
export interface PatternAnchors {
  /** It begins with `^` or `\A`, in every alternative. */
  readonly start: boolean;
  /** It ends with `$` or `\z` in every alternative, or with what takes the rest whatever it is, such as `.*`. */
  readonly end: boolean;
}

/**
 * How a pattern is anchored: Go's `MatchString` looks for a match anywhere in a text, so that a pattern without anchors
 * also matches longer texts. Undefined where Go refuses it, or it is not understood.
 */
export function anchorsOf(pattern: string): PatternAnchors | undefined {
  try {
    const node = parsePattern(pattern);
    return { start: isAnchored(node, 'start'), end: isAnchored(node, 'end') };
  } catch (error) {
    if (error instanceof PatternError) return undefined;
    throw error;
  }
}

function isAnchored(node: PatternNode, side: keyof PatternAnchors): boolean {
  switch (node.kind) {
    case 'assert':
      return side === 'start'
        ? node.what === 'begin' || node.what === 'beginLine'
        : node.what === 'end' || node.what === 'endLine';
    case 'alt':
      return node.nodes.length > 0 && node.nodes.every((each) => isAnchored(each, side));
    case 'cat': {
      const outermost = side === 'start' ? node.nodes[0] : node.nodes.at(-1);
      return outermost !== undefined && isAnchored(outermost, side);
    }
    case 'repeat':
      return (node.min > 0 && isAnchored(node.node, side)) || (side === 'end' && takesAnything(node));
    default:
      return false;
  }
}

/** `.*` or `.+`: what follows is left open on purpose. */
function takesAnything({ node, max }: Extract<PatternNode, { kind: 'repeat' }>): boolean {
  return max === null && node.kind === 'set' && matchesLetters(node);
}

/** Characters that no set of letters, digits or signs has in common but "any". */
const ANY = ['a', 'Z', '0', '/', '@', '-'].map((char) => char.codePointAt(0) ?? 0);

function matchesLetters({ ranges, negated }: Extract<PatternNode, { kind: 'set' }>): boolean {
  return ANY.every((point) => ranges.some(([first, last]) => point >= first && point <= last) !== negated);
}
