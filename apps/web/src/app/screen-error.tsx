import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ProblemAlert } from '../ui/problem-alert.js';

/** Where a screen fails as a whole, such as when its code cannot be loaded after an update of the service. */
export function ScreenError({ error }: ErrorComponentProps): ReactNode {
  const router = useRouter();
  return <ProblemAlert error={error} onRetry={() => void router.invalidate()} />;
}
