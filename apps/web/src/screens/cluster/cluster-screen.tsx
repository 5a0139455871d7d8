import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { cluster, findings } from '../../api/queries.js';
import type { Cluster } from '../../api/types.js';
import { clusterState } from '../../format/cluster-state.js';
import { CopyButton } from '../../ui/copy-button.js';
import { CoverageBar } from '../../ui/coverage-bar.js';
import { DataTable } from '../../ui/data-table.js';
import { findingColumns } from '../../ui/finding-table.js';
import { Card, Columns, Facts, Notice, Page, Section, Tag, Tags } from '../../ui/layout.js';
import { StateMark } from '../../ui/marks.js';
import { ProblemAlert } from '../../ui/problem-alert.js';
import { StartRunButton } from '../../ui/start-run-button.js';
import { Time } from '../../ui/time.js';
import type { FindingsSearch } from '../../url/searches.js';
import { ConditionTable } from './condition-table.js';
import { Credentials } from './credentials.js';
import { MissingPermissions } from './missing-permissions.js';
import { ClusterResults } from './cluster-results.js';

const route = getRouteApi('/shell/clusters/$clusterRef');

export function ClusterScreen(): ReactNode {
  const { clusterRef } = route.useParams();
  const { data, error, refetch } = useQuery(cluster(clusterRef));
  if (data === undefined) {
    return (
      <Page title={clusterRef}>
        {error === null ? (
          <span className="muted">Loading…</span>
        ) : (
          <ProblemAlert error={error} onRetry={() => void refetch()} />
        )}
      </Page>
    );
  }
  const { mark, words } = clusterState(data);
  return (
    <Page
      title={data.name}
      kicker={
        <>
          <StateMark state={mark} word={words} />
          {data.summary && <CoverageBar ratio={data.summary.coverage} />}
          <span>
            {data.tenancy} {data.role}
          </span>
          {data.tenants.map(({ id, name }) => (
            <Link key={id} to="/" search={{ tenant: [name] }}>
              tenant {name}
            </Link>
          ))}
        </>
      }
      actions={
        <>
          <Link to="/runs" search={{ cluster: data.name }}>
            Runs of this cluster
          </Link>
          <CopyButton text={location.href} label="Copy link" />
          <StartRunButton cluster={data.name} label="Audit this cluster" />
        </>
      }
    >
      <Staleness cluster={data} />
      <Card>
        <Identity cluster={data} />
      </Card>
      <MissingPermissions cluster={data.name} />
      <OpenFindings cluster={data.name} />
      <ClusterResults cluster={data.name} />
      <Columns>
        <Section title="Conditions">
          <ConditionTable conditions={data.conditions} />
        </Section>
        <Section title="Credential">
          <Credentials cluster={data.name} />
        </Section>
      </Columns>
    </Page>
  );
}

function Staleness({
  cluster: { stale, lastAuditedAt, unreachableSince, lastAttemptAt },
}: {
  readonly cluster: Cluster;
}): ReactNode {
  if (lastAttemptAt === null) {
    return (
      <Notice>
        <strong>Never audited.</strong> <span>Start an audit to see where it stands.</span>
      </Notice>
    );
  }
  if (!stale) return null;
  return (
    <Notice>
      <strong>The last audit could not judge this cluster.</strong>
      <span>
        {lastAuditedAt === null ? (
          'It has never been judged.'
        ) : (
          <>
            What is shown is from <Time at={lastAuditedAt} exact />: stale, not passing.
          </>
        )}
      </span>
      {unreachableSince !== null && (
        <span>
          Not reached since <Time at={unreachableSince} exact />.
        </span>
      )}
    </Notice>
  );
}

function Identity({ cluster: it }: { readonly cluster: Cluster }): ReactNode {
  return (
    <Facts
      facts={[
        ['API server', <code key="server">{it.connection.server}</code>],
        ['Kubernetes', it.kubernetesVersion ?? 'unknown'],
        ['Flux', it.fluxVersion ?? 'not found'],
        ['Configuration arrives by', it.delivery === null ? null : DELIVERY[it.delivery]],
        [
          'Identity (kube-system UID)',
          it.identity === null ? 'not yet known' : <code key="uid">{it.identity.uid}</code>,
        ],
        [
          'Last judged',
          it.lastAuditedAt === null || it.lastRunId === null ? (
            'never'
          ) : (
            <Link key="run" to="/runs/$runId" params={{ runId: it.lastRunId }}>
              <Time at={it.lastAuditedAt} exact />
            </Link>
          ),
        ],
        [
          'Labels',
          <Tags key="labels">
            {Object.entries(it.labels).map(([key, value]) => (
              <Link key={key} to="/" search={{ labelSelector: `${key}=${value}` }}>
                <Tag>
                  {key}={value}
                </Tag>
              </Link>
            ))}
          </Tags>,
        ],
        ['Id', <code key="id">{it.id}</code>],
      ]}
    />
  );
}

const DELIVERY = {
  remoteApply: 'remote apply from a management cluster',
  inCluster: 'Flux in the cluster',
  other: 'other means',
} as const;

const FINDINGS_SHOWN = 10;
const COLUMNS = findingColumns(false);

function OpenFindings({ cluster }: { readonly cluster: string }): ReactNode {
  const search: FindingsSearch = { cluster: [cluster], state: ['open', 'reopened'] };
  const { data, error, refetch } = useQuery(findings({ ...search, sort: '-severity', limit: FINDINGS_SHOWN }));
  return (
    <Section
      title="Open findings"
      aside={
        data !== undefined &&
        data.page.total.count > 0 && (
          <Link to="/findings" search={search}>
            all {data.page.total.count}
          </Link>
        )
      }
    >
      {error !== null && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      <DataTable
        caption="Open findings of this cluster, worst first"
        columns={COLUMNS}
        rows={data?.items}
        keyOf={({ id }) => id}
        empty="Nothing is open. What was not evaluated is listed with the results below."
      />
    </Section>
  );
}
