import { useEffect } from 'react';

/** `g` and one of these lead to a screen. */
export const SCREENS = [
  { key: 'f', name: 'Fleet', to: '/' },
  { key: 'i', name: 'Findings', to: '/findings' },
  { key: 'm', name: 'Remote apply', to: '/remote-applies' },
  { key: 'b', name: 'Break-glass', to: '/break-glass' },
  { key: 'r', name: 'Runs', to: '/runs' },
  { key: 'c', name: 'Controls', to: '/controls' },
  { key: 'a', name: 'Channels', to: '/channels' },
] as const;
export type ScreenPath = (typeof SCREENS)[number]['to'];

const CHORD_MS = 1_200;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Moves the focus to the main link of the next row or the one before. */
function stepRow(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('tbody [data-row]')];
  const at = links.findIndex((link) => link === document.activeElement);
  links[at === -1 ? (by === 1 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
}

interface Actions {
  readonly go: (to: ScreenPath) => void;
  readonly help: () => void;
  /** Leads to the search field of the screen. */
  readonly search: () => void;
  /** Opens the search over everything. */
  readonly find: () => void;
}

/** Keys of the whole dashboard. They are off while somebody types (WCAG 2.2, 2.1.4). */
export function useShortcuts({ go, help, search, find }: Actions): void {
  useEffect(() => {
    let chordUntil = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey) {
        event.preventDefault();
        find();
        return;
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector('[role="dialog"]') !== null) return;
      if (Date.now() < chordUntil) {
        chordUntil = 0;
        const screen = SCREENS.find(({ key }) => key === event.key);
        if (screen) {
          event.preventDefault();
          go(screen.to);
        }
        return;
      }
      const action = {
        g: () => (chordUntil = Date.now() + CHORD_MS),
        '?': help,
        '/': search,
        j: () => stepRow(1),
        k: () => stepRow(-1),
      }[event.key];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [go, help, search, find]);
}
