import type { ReactNode } from 'react';

/** The load line on a ship's hull. */
export function Logo(): ReactNode {
  return (
    <svg viewBox="0 0 32 32" fill="none" stroke="currentColor" strokeWidth="3.6" aria-hidden="true">
      <circle cx="16" cy="16" r="9.5" />
      <path d="M1 16h30" />
    </svg>
  );
}
