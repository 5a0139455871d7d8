import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CLUSTER_COLUMN } from '../../ui/result-columns.js';
import { ResultList } from '../../ui/result-list.js';

const route = getRouteApi('/shell/controls/$controlId');

export function ControlResults({ controlId }: { readonly controlId: string }): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <ResultList
      title="Results on the fleet"
      of={{ control: [controlId] }}
      limit={25}
      first={CLUSTER_COLUMN}
      standardOrder="cluster"
      search={search}
      onChange={(part) =>
        void navigate({ search: (before) => ({ ...before, cursor: undefined, ...part }), resetScroll: false })
      }
      onTurn={(cursor, trail) =>
        void navigate({ search: (before) => ({ ...before, cursor }), state: { trail }, hash: 'results' })
      }
    />
  );
}
