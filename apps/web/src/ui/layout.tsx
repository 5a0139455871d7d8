import { type ReactNode, useEffect } from 'react';
import styles from './layout.module.css';

interface PageProps {
  /** Of the browser's tab, and of the page unless `heading` differs. */
  readonly title: string;
  readonly heading?: ReactNode;
  readonly kicker?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, heading, kicker, actions, children }: PageProps): ReactNode {
  useEffect(() => {
    document.title = `${title} · Plimsoll`;
  }, [title]);
  return (
    <div className={styles['page']}>
      <div className={styles['head']}>
        <div className={styles['headText']}>
          <h1>{heading ?? title}</h1>
          {kicker !== undefined && <div className={styles['kicker']}>{kicker}</div>}
        </div>
        {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly id?: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, id, aside, children }: SectionProps): ReactNode {
  return (
    <section className={styles['section']} id={id} aria-label={title}>
      <div className={styles['sectionHead']}>
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

export function Card({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={styles['card']}>{children}</div>;
}

export function Columns({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={styles['columns']}>{children}</div>;
}

/** What is read, and beside it what is looked up. */
export function Split({ main, side }: { readonly main: ReactNode; readonly side: ReactNode }): ReactNode {
  return (
    <div className={styles['split']}>
      <div className={styles['page']}>{main}</div>
      <div className={styles['page']}>{side}</div>
    </div>
  );
}

/** Named values. Those that are null are left out. */
export function Facts({
  facts,
}: {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}): ReactNode {
  return (
    <dl className={styles['facts']}>
      {facts
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** A line that must not be overlooked. `blind`: something was not judged. */
export function Notice({
  tone = 'blind',
  children,
}: {
  readonly tone?: 'blind' | 'warning';
  readonly children: ReactNode;
}): ReactNode {
  return <div className={`${styles['notice']} ${tone === 'warning' ? styles['warning'] : ''}`}>{children}</div>;
}

export function Prose({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={styles['prose']}>{children}</div>;
}

/** Nothing is there yet: says why, and what to do. */
export function EmptyState({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className={styles['empty']}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Ways({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={styles['ways']}>{children}</div>;
}

export function Tag({ children }: { readonly children: ReactNode }): ReactNode {
  return <span className={styles['tag']}>{children}</span>;
}

export function Tags({ children }: { readonly children: ReactNode }): ReactNode {
  return <span className={styles['tags']}>{children}</span>;
}

export function Lines({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={styles['lines']}>{children}</div>;
}
