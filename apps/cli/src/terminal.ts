import type { Outcome } from '#libs/core';

/** Glyph and word for each outcome: colour is never alone. */
export const OUTCOME_LABEL: Record<Outcome, { glyph: string; word: string; colour: number }> = {
  pass: { glyph: '✓', word: 'pass', colour: 32 },
  fail: { glyph: '✗', word: 'FAIL', colour: 31 },
  warn: { glyph: '!', word: 'warn', colour: 33 },
  notEvaluated: { glyph: '?', word: 'not evaluated', colour: 35 },
  error: { glyph: '‼', word: 'error', colour: 31 },
  manual: { glyph: 'M', word: 'manual', colour: 36 },
  notApplicable: { glyph: '·', word: 'n/a', colour: 90 },
};

/** Escape codes only for a terminal that wants them (https://no-color.org). */
export function wantsColour(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !env.NO_COLOR && !env.CI && env.TERM !== 'dumb';
}

export function paint(text: string, code: number, colour: boolean): string {
  return colour ? `\u001B[${code}m${text}\u001B[0m` : text;
}

/** Removes control characters: names and messages may come from a hostile cluster. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, '');
}

/** How many columns a text takes on a terminal, near enough: names in a fleet are ASCII, glyphs are one wide. */
const columns = (text: string) => Array.from(text).length;

/** Left-aligned columns; the last one is not padded. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((found, row) => {
    row.forEach((cell, index) => (found[index] = Math.max(found[index] ?? 0, columns(cell))));
    return found;
  }, []);
  return rows
    .map((row) =>
      row
        .map((cell, index) =>
          index === row.length - 1 ? cell : cell + ' '.repeat((widths[index] ?? 0) - columns(cell)),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Breaks at words so that no line is longer than `width`; lines after the first are indented. */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${indent}`);
}
