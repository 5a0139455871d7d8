import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useCallback } from 'react';
import { clusters } from '../../api/queries.js';
import type { Cluster } from '../../api/types.js';
import { clusterState } from '../../format/cluster-state.js';
import { CoverageBar } from '../../ui/coverage-bar.js';
import type { Column } from '../../ui/data-table.js';
import { ActiveFilter, FilterBar, SearchBox, ToggleChips } from '../../ui/filters.js';
import { FindingCounts } from '../../ui/finding-counts.js';
import { Section, Tag, Tags } from '../../ui/layout.js';
import { ListView } from '../../ui/list-view.js';
import { StateMark } from '../../ui/marks.js';
import { Time } from '../../ui/time.js';
import { useList } from '../../ui/use-list.js';
import type { ClusterKey, FleetSearch } from '../../url/searches.js';

const route = getRouteApi('/shell/');

const STATES = {
  compliant: { state: 'pass', word: 'compliant' },
  notCompliant: { state: 'fail', word: 'not compliant' },
  unreachable: { state: 'stale', word: 'not reached' },
} as const;
type StateFilter = keyof typeof STATES;

function chosenStates({ compliant, unreachable }: FleetSearch): StateFilter[] {
  return [
    ...(compliant === true ? (['compliant'] as const) : []),
    ...(compliant === false ? (['notCompliant'] as const) : []),
    ...(unreachable ? (['unreachable'] as const) : []),
  ];
}

/** Compliant and not compliant exclude each other: the one chosen last counts. */
function statesSearch(chosen: readonly StateFilter[], before: FleetSearch): Partial<FleetSearch> {
  const yes = chosen.includes('compliant') && !(before.compliant === true && chosen.includes('notCompliant'));
  const no = chosen.includes('notCompliant') && !yes;
  return { compliant: yes ? true : no ? false : undefined, unreachable: chosen.includes('unreachable') || undefined };
}

const COLUMNS: readonly Column<Cluster, ClusterKey>[] = [
  {
    title: 'Cluster',
    head: true,
    sort: 'name',
    cell: ({ name }) => (
      <Link to="/clusters/$clusterRef" params={{ clusterRef: name }} data-row>
        {name}
      </Link>
    ),
  },
  { title: 'State', cell: (cluster) => <State cluster={cluster} /> },
  {
    title: 'Open findings',
    sort: 'openCritical',
    downFirst: true,
    // Of a cluster that was never judged nobody knows; "none" would sound clean.
    cell: ({ summary, name, lastAuditedAt }) =>
      lastAuditedAt !== null && summary && <FindingCounts counts={summary.openFindings} cluster={name} />,
  },
  { title: 'Coverage', sort: 'coverage', cell: ({ summary }) => <CoverageBar ratio={summary?.coverage ?? null} /> },
  { title: 'Role', cell: ({ role, tenancy }) => [tenancy, role].filter((word) => word !== null).join(' ') },
  { title: 'Flux', cell: ({ fluxVersion }) => fluxVersion ?? '' },
  { title: 'Kubernetes', sort: 'kubernetesVersion', cell: ({ kubernetesVersion }) => kubernetesVersion ?? '' },
  { title: 'Labels', cell: ({ labels }) => <Labels labels={labels} /> },
  {
    title: 'Judged',
    sort: 'lastAuditedAt',
    downFirst: true,
    cell: ({ lastAuditedAt }) =>
      lastAuditedAt === null ? <span className="muted">never</span> : <Time at={lastAuditedAt} />,
  },
];

export function ClusterTable(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useList(clusters({ limit: 50, ...search }));
  const change = useCallback(
    (part: Partial<FleetSearch>) =>
      void navigate({ search: (before) => ({ ...before, cursor: undefined, ...part }), resetScroll: false }),
    [navigate],
  );
  return (
    <Section title="Clusters" id="clusters">
      <FilterBar>
        <SearchBox label="Search clusters" value={search.q} onChange={useCallback((q) => change({ q }), [change])} />
        <SearchBox
          label="Labels, such as env=prod"
          value={search.labelSelector}
          onChange={useCallback((labelSelector) => change({ labelSelector }), [change])}
        />
        <ToggleChips
          label="State"
          options={['compliant', 'notCompliant', 'unreachable']}
          chosen={chosenStates(search)}
          onChange={(chosen = []) => change(statesSearch(chosen, search))}
          render={(state) => <StateMark {...STATES[state]} />}
        />
        {search.condition?.map((condition) => (
          <ActiveFilter
            key={condition}
            label="condition"
            value={condition}
            onRemove={() => change({ condition: undefined })}
          />
        ))}
        {search.tenant?.map((tenant) => (
          <ActiveFilter key={tenant} label="tenant" value={tenant} onRemove={() => change({ tenant: undefined })} />
        ))}
      </FilterBar>
      <ListView
        list={list}
        request={{ path: '/clusters', query: search }}
        caption="Clusters under audit"
        columns={COLUMNS}
        keyOf={({ id }) => id}
        order={search.sort ?? 'name'}
        onOrder={(sort) => change({ sort })}
        what={['cluster', 'clusters']}
        empty="No cluster matches these filters."
        cursor={search.cursor}
        onTurn={(cursor, trail) =>
          void navigate({ search: (before) => ({ ...before, cursor }), state: { trail }, hash: 'clusters' })
        }
      />
    </Section>
  );
}

function State({ cluster }: { readonly cluster: Cluster }): ReactNode {
  const { mark, words } = clusterState(cluster);
  return <StateMark state={mark} word={words} />;
}

const LABELS_SHOWN = 3;

function Labels({ labels }: { readonly labels: Readonly<Record<string, string>> }): ReactNode {
  const all = Object.entries(labels);
  return (
    <Tags>
      {all.slice(0, LABELS_SHOWN).map(([key, value]) => (
        <Link key={key} to="/" search={{ labelSelector: `${key}=${value}` }} resetScroll={false}>
          <Tag>
            {key}={value}
          </Tag>
        </Link>
      ))}
      {all.length > LABELS_SHOWN && <span className="muted">+{all.length - LABELS_SHOWN}</span>}
    </Tags>
  );
}
