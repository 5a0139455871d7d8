import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { drill } from '../../api/queries.js';
import type { DrillDetail } from '../../api/types.js';
import { drillMark, STEP_TITLES, stepMark } from '../../format/drill-words.js';
import { CopyButton } from '../../ui/copy-button.js';
import { type Column, DataTable } from '../../ui/data-table.js';
import { Card, Facts, Notice, Page, Section, Split } from '../../ui/layout.js';
import { StateMark } from '../../ui/marks.js';
import { ProblemAlert } from '../../ui/problem-alert.js';
import { Time } from '../../ui/time.js';

const route = getRouteApi('/shell/drills/$drillId');

type Step = DrillDetail['steps'][number];
interface Call {
  readonly key: string;
  readonly step: Step['name'];
  readonly request: Step['requests'][number];
}

const STEPS: readonly Column<Step>[] = [
  { title: 'Step', head: true, cell: ({ name }) => STEP_TITLES[name] },
  { title: 'State', cell: (step) => <StateMark {...stepMark(step)} /> },
  { title: 'Took', numeric: true, cell: ({ state, durationMs }) => (state === 'skipped' ? null : `${durationMs} ms`) },
  {
    title: 'What came of it',
    wide: true,
    cell: ({ cause, message }) => (cause === undefined ? message : `${cause}: ${message}`),
  },
];

const CALLS: readonly Column<Call>[] = [
  { title: 'Step', cell: ({ step }) => STEP_TITLES[step] },
  {
    title: 'Call',
    head: true,
    wide: true,
    cell: ({ request: { method, path } }) => (
      <code>
        {method} {path}
      </code>
    ),
  },
  { title: 'Dry-run', cell: ({ request: { dryRun } }) => (dryRun ? 'yes' : null) },
  { title: 'Status', numeric: true, cell: ({ request: { status } }) => (status === 0 ? 'no answer' : status) },
  { title: 'Audit id', cell: ({ request: { auditId } }) => auditId && <code>{auditId}</code> },
];

/** What came of a drill: its steps, and every call that it made. */
export function DrillScreen(): ReactNode {
  const { drillId } = route.useParams();
  const { data, error, refetch } = useQuery(drill(drillId));
  if (data === undefined) {
    return (
      <Page title="Drill">
        {error === null ? (
          <span className="muted">Loading…</span>
        ) : (
          <ProblemAlert error={error} onRetry={() => void refetch()} />
        )}
      </Page>
    );
  }
  const calls = data.steps.flatMap(({ name, requests }) =>
    requests.map((request, place): Call => ({ key: `${name} ${place}`, step: name, request })),
  );
  return (
    <Page
      title={`Drill of ${data.entry} on ${data.cluster.name}`}
      heading={`Drill of ${data.entry}`}
      kicker={
        <>
          <StateMark {...drillMark(data)} />
          <Link to="/clusters/$clusterRef" params={{ clusterRef: data.cluster.name }}>
            {data.cluster.name}
          </Link>
        </>
      }
      actions={<CopyButton text={location.href} label="Copy link" />}
    >
      {data.writes > 0 && data.mode !== 'live' && (
        <Notice tone="warning">
          <strong>It wrote to the cluster, and was not to.</strong>
        </Notice>
      )}
      <Split
        main={
          <>
            <Section title="Steps">
              <DataTable
                caption="Steps of the drill"
                columns={STEPS}
                rows={data.steps}
                keyOf={({ name }) => name}
                empty="There are none until it is over."
              />
            </Section>
            <Section title="Calls">
              <DataTable
                caption="Calls that the drill made"
                columns={CALLS}
                rows={calls}
                keyOf={({ key }) => key}
                empty="None was made."
              />
            </Section>
          </>
        }
        side={
          <Section title="About it">
            <Card>
              <About of={data} />
            </Card>
          </Section>
        }
      />
    </Page>
  );
}

function About({ of }: { readonly of: DrillDetail }): ReactNode {
  const { mode, runner, writes, requestedBy, approvals, operators, alertId, reason } = of;
  return (
    <Facts
      facts={[
        ['Mode', mode],
        ['Done by', runner === 'service' ? 'the service, without the credential' : (operators ?? requestedBy.name)],
        ['Writes made', writes],
        ['Asked for by', requestedBy.name],
        ['Reason', reason],
        ['Approved by', approvals.length === 0 ? null : approvals.map(({ by }) => by.name).join(', ')],
        ['Alert', alertId],
        ['Asked for', <Time key="created" at={of.createdAt} exact />],
        ['Over', of.finishedAt === null ? null : <Time key="finished" at={of.finishedAt} exact />],
      ]}
    />
  );
}
