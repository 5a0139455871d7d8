import type { ReactNode } from 'react';
import { useSyncExternalStore } from 'react';

let message = '';
const listeners = new Set<() => void>();

/** Says something to screen readers without moving the focus (WCAG 2.2, 4.1.3). */
export function announce(words: string): void {
  // A no-break space makes a repeated message a new one.
  message = words === message ? `${words}\u00A0` : words;
  for (const tell of listeners) tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The one polite live region of the page. */
export function LiveRegion(): ReactNode {
  const words = useSyncExternalStore(subscribe, () => message);
  return (
    <div role="status" aria-live="polite" className="visually-hidden">
      {words}
    </div>
  );
}
