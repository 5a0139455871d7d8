import type { ReactNode } from 'react';
import { messageParts, textSpans } from '../format/messages.js';
import styles from './prose.module.css';

/** Text of ours with code in backticks. */
export function Words({ text }: { readonly text: string }): ReactNode {
  let at = 0;
  return textSpans(text).map((span) => {
    const key = at;
    at += span.text.length;
    return span.code ? <code key={key}>{span.text}</code> : <span key={key}>{span.text}</span>;
  });
}

export function Paragraphs({ text }: { readonly text: string }): ReactNode {
  return (
    <div className={styles['prose']}>
      <p>
        <Words text={text} />
      </p>
    </div>
  );
}

/** A message in a table: its headline, and the rest on request. */
export function Message({ text }: { readonly text: string }): ReactNode {
  const { headline, rest } = messageParts(text);
  if (rest === '') return <Words text={headline} />;
  return (
    <details className={styles['message']}>
      <summary>
        <Words text={headline} />
      </summary>
      <Words text={rest} />
    </details>
  );
}
