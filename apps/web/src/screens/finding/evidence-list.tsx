import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Evidence, EvidenceItem } from '../../api/types.js';
import { objectText, observedText, pointerPath } from '../../format/evidence.js';
import { Card } from '../../ui/layout.js';
import { Time } from '../../ui/time.js';
import styles from './finding-screen.module.css';

/** What stands where, and what should. */
export function EvidenceList({ evidence }: { readonly evidence: Evidence | null }): ReactNode {
  if (evidence === null) return <span className="muted">No evidence is stored for this finding.</span>;
  return (
    <Card>
      <div className={styles['items']}>
        {evidence.items.map((item) => (
          <Item key={`${item.object?.name} ${item.pointer} ${item.expected}`} item={item} />
        ))}
        <div className="muted words">
          Collected <Time at={evidence.collectedAt} exact /> in{' '}
          <Link to="/runs/$runId" params={{ runId: evidence.runId }}>
            {evidence.runId}
          </Link>{' '}
          · sha256 <code title={evidence.sha256}>{evidence.sha256.slice(0, 16)}</code>
        </div>
      </div>
    </Card>
  );
}

function Item({ item: { object, pointer, observed, expected, note } }: { readonly item: EvidenceItem }): ReactNode {
  return (
    <div className={styles['item']}>
      <div className={styles['where']}>
        {object && <strong className="mono">{objectText(object)}</strong>}
        <code title={pointer}>{pointerPath(pointer)}</code>
        {object?.generation !== undefined && <span className="muted">generation {object.generation}</span>}
      </div>
      <dl className={styles['compare']}>
        <dt>Observed</dt>
        <dd className="mono">{observedText(observed)}</dd>
        <dt>Expected</dt>
        <dd className="mono">{expected}</dd>
      </dl>
      {note !== undefined && <div className="muted">{note}</div>}
    </div>
  );
}
