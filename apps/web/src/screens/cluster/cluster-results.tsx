import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { controls } from '../../api/queries.js';
import { controlColumn } from '../../ui/result-columns.js';
import { ResultList } from '../../ui/result-list.js';

const route = getRouteApi('/shell/clusters/$clusterRef');

export function ClusterResults({ cluster }: { readonly cluster: string }): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: catalog } = useQuery({ ...controls({ limit: 500 }), staleTime: Infinity });
  const first = useMemo(() => controlColumn(new Map(catalog?.items.map(({ id, title }) => [id, title]))), [catalog]);
  return (
    <ResultList
      title="Results"
      of={{ cluster: [cluster] }}
      limit={100}
      first={first}
      standardOrder="controlId"
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
