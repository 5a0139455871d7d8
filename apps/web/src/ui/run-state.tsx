import type { ReactNode } from 'react';
import type { Run } from '../api/types.js';
import styles from './run-state.module.css';

const GLYPHS = { queued: '…', running: '▸', completed: '■', cancelled: '⊘' } as const;

export function RunState({ state }: { readonly state: Run['state'] }): ReactNode {
  return (
    <span className={styles[state]}>
      <span aria-hidden="true">{GLYPHS[state]}</span> {state}
    </span>
  );
}
