import { percent } from '#libs/core';
import type { ReactNode } from 'react';
import styles from './coverage-bar.module.css';

interface CoverageBarProps {
  readonly ratio: number | null;
  readonly wide?: boolean;
  /** Where the number stands beside it already. */
  readonly bare?: boolean;
}

/** How much was judged: filled; what was not: hatched. Stands beside every score. */
export function CoverageBar({ ratio, wide = false, bare = false }: CoverageBarProps): ReactNode {
  if (ratio === null) return <span className="muted">not judged</span>;
  return (
    <span
      className={`${styles['coverage']} ${wide ? styles['wide'] : ''}`}
      title={`${percent(ratio)} of the checks that apply were evaluated`}
    >
      <span className={styles['track']} aria-hidden="true">
        <span className={styles['fill']} style={{ width: `${ratio * 100}%` }} />
      </span>
      {!bare && percent(ratio)}
    </span>
  );
}
