import { Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, type NavigateOptions } from '@tanstack/react-router';
import { type KeyboardEvent, type ReactNode, useDeferredValue, useId, useState } from 'react';
import { clusters, controls, findings } from '../api/queries.js';
import { messageParts } from '../format/messages.js';
import styles from './finder.module.css';
import { SCREENS } from './shortcuts.js';

interface Hit {
  readonly id: string;
  readonly kind: string;
  readonly text: string;
  readonly note?: string;
  readonly to: NavigateOptions;
}

const EACH = 5;

/** Finds clusters, controls and findings by a part of their name, and goes there. */
export function Finder({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }): ReactNode {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      withCloseButton={false}
      size="lg"
      yOffset="10vh"
      attributes={{ content: { 'aria-label': 'Search' } }}
    >
      <Search onDone={onClose} />
    </Modal>
  );
}

function Search({ onDone }: { readonly onDone: () => void }): ReactNode {
  const navigate = useNavigate();
  const listId = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const hits = useHits(useDeferredValue(typed.trim()));
  const chosen = hits[Math.min(at, hits.length - 1)];
  const go = (hit: Hit): void => {
    onDone();
    void navigate(hit.to);
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((now) => Math.min(hits.length - 1, Math.max(0, now + step)));
    } else if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault();
      go(chosen);
    }
  };
  return (
    <>
      <TextInput
        size="sm"
        placeholder="A cluster, a control, words of a finding"
        value={typed}
        data-autofocus
        role="combobox"
        aria-label="Search"
        aria-expanded={hits.length > 0}
        aria-controls={listId}
        aria-activedescendant={chosen && `${listId}-${chosen.id}`}
        autoComplete="off"
        onKeyDown={onKey}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
      />
      <ul id={listId} role="listbox" aria-label="Found" className={styles['list']}>
        {hits.map((hit) => (
          <li
            key={hit.id}
            id={`${listId}-${hit.id}`}
            role="option"
            aria-selected={hit === chosen}
            className={styles['item']}
            onClick={() => go(hit)}
            onMouseMove={() => setAt(hits.indexOf(hit))}
          >
            <span className={styles['kind']}>{hit.kind}</span>
            <span className={styles['text']}>{hit.text}</span>
            <span className={styles['kind']}>{hit.note}</span>
          </li>
        ))}
      </ul>
      <div className={styles['hint']}>↑ ↓ to choose, Enter to go, Esc to close</div>
    </>
  );
}

function useHits(q: string): readonly Hit[] {
  const search = { q, limit: EACH };
  const enabled = q !== '';
  const found = {
    clusters: useQuery({ ...clusters(search), enabled }).data?.items,
    controls: useQuery({ ...controls(search), enabled }).data?.items,
    findings: useQuery({ ...findings({ ...search, state: ['open', 'reopened'] }), enabled }).data?.items,
  };
  if (!enabled) return SCREENS.map(({ name, to }) => ({ id: to, kind: 'Screen', text: name, to: { to } }));
  return [
    ...(found.clusters ?? []).map(({ id, name, role }) => ({
      id,
      kind: 'Cluster',
      text: name,
      note: role ?? undefined,
      to: { to: '/clusters/$clusterRef', params: { clusterRef: name } } as const,
    })),
    ...(found.controls ?? []).map(({ id, title }) => ({
      id,
      kind: 'Control',
      text: title,
      note: id,
      to: { to: '/controls/$controlId', params: { controlId: id } } as const,
    })),
    ...(found.findings ?? []).map(({ id, message, cluster }) => ({
      id,
      kind: 'Finding',
      text: messageParts(message).headline,
      note: cluster.name,
      to: { to: '/findings/$findingId', params: { findingId: id } } as const,
    })),
  ];
}
