import type { Severity } from '#libs/core';
import type { ReactNode } from 'react';
import { OUTCOME_MARKS, SEVERITY_LETTERS } from '../format/words.js';
import styles from './marks.module.css';

function Glyph({ tone, children }: { readonly tone: string | undefined; readonly children: string }): ReactNode {
  return (
    <span className={`${styles['glyph']} ${tone}`} aria-hidden="true">
      <span>{children}</span>
    </span>
  );
}

interface StateMarkProps {
  readonly state: keyof typeof OUTCOME_MARKS;
  /** Instead of the usual word. */
  readonly word?: string;
  /** Shows the glyph only; the word is read aloud. */
  readonly compact?: boolean;
}

/** A verdict: glyph and word, never colour alone. */
export function StateMark({ state, word, compact = false }: StateMarkProps): ReactNode {
  const mark = OUTCOME_MARKS[state];
  const words = word ?? mark.word;
  return (
    <span className={styles['mark']} title={compact ? words : undefined}>
      <Glyph tone={styles[mark.tone]}>{mark.glyph}</Glyph>
      <span className={compact ? 'visually-hidden' : styles['word']}>{words}</span>
    </span>
  );
}

/** A severity: its letter in a box, and its name. */
export function SeverityMark({
  severity,
  compact = false,
}: {
  readonly severity: Severity;
  readonly compact?: boolean;
}): ReactNode {
  return (
    <span className={styles['mark']} title={compact ? severity : undefined}>
      <Glyph tone={styles[severity]}>{SEVERITY_LETTERS[severity]}</Glyph>
      <span className={compact ? 'visually-hidden' : styles['word']}>{severity}</span>
    </span>
  );
}

/** A number with the mark of what it counts. */
export function MarkedCount({
  mark,
  n,
  what,
}: {
  readonly mark: keyof typeof OUTCOME_MARKS | Severity;
  readonly n: number;
  /** Read aloud after the number, such as `critical findings`. */
  readonly what: string;
}): ReactNode {
  const outcome = mark in OUTCOME_MARKS ? OUTCOME_MARKS[mark as keyof typeof OUTCOME_MARKS] : null;
  return (
    <span className={`${styles['count']} ${n === 0 ? styles['zero'] : ''}`} title={`${n} ${what}`}>
      <Glyph tone={styles[outcome?.tone ?? mark]}>{outcome?.glyph ?? SEVERITY_LETTERS[mark as Severity]}</Glyph>
      {n}
      <span className="visually-hidden"> {what}</span>
    </span>
  );
}

export function Counts({ children }: { readonly children: ReactNode }): ReactNode {
  return <span className={styles['counts']}>{children}</span>;
}
