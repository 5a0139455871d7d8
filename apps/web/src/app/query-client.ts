import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { Problem } from '../api/problem.js';

/** @param onLoggedOut called when the service does not know who asks (any more) */
export function createQueryClient(onLoggedOut: () => void): QueryClient {
  const onError = (error: unknown): void => {
    if (error instanceof Problem && error.status === 401) onLoggedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        // A problem says what is wrong; asking again helps only where nobody answered or the service is starting.
        retry: (failures, error) =>
          failures < 2 && error instanceof Problem && (error.status === 0 || error.status === 503),
      },
    },
  });
}
