import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { controlColumn } from '../../ui/result-columns.js';
import { ResultList } from '../../ui/result-list.js';
import { useControlTitles } from '../../ui/use-control-titles.js';

const route = getRouteApi('/shell/clusters/$clusterRef');

export function ClusterResults({ cluster }: { readonly cluster: string }): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const titles = useControlTitles();
  const first = useMemo(() => controlColumn(titles), [titles]);
  return (
    <ResultList
      title="Results"
      of={{ cluster: [cluster] }}
      limit={100}
      first={first}
      standardOrder="control"
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
