import type { ReactNode } from 'react';
import styles from './code-block.module.css';
import { CopyButton } from './copy-button.js';

/** Text to read and paste. */
export function CodeBlock({ title, text }: { readonly title: ReactNode; readonly text: string }): ReactNode {
  return (
    <div className={styles['block']}>
      <div className={styles['bar']}>
        <span>{title}</span>
        <CopyButton text={text} />
      </div>
      {/* Scrolls, so it must be reachable by keyboard. */}
      <pre className={styles['code']} tabIndex={0}>
        {text}
      </pre>
    </div>
  );
}
