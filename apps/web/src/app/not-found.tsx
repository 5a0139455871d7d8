import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

export function NotFound(): ReactNode {
  return (
    <main style={{ padding: 32 }}>
      <h1>There is no such page</h1>
      <p>
        Check the address, or <Link to="/">go to the fleet</Link>.
      </p>
    </main>
  );
}
