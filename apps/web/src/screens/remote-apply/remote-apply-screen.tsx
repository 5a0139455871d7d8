import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { remoteApply } from '../../api/queries.js';
import type { RemoteApply } from '../../api/types.js';
import { objectText } from '../../format/evidence.js';
import { AUTH_METHODS, alertedMark, TARGET_STATES } from '../../format/remote-apply-words.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Card, Facts, Notice, Page, Section, Split } from '../../ui/layout.js';
import { StateMark } from '../../ui/marks.js';
import { ProblemAlert } from '../../ui/problem-alert.js';
import { RemoteTarget, Standing } from '../../ui/remote-apply-marks.js';
import { Time } from '../../ui/time.js';
import { AlertTable, UncoveredTable } from './alerting.js';

const route = getRouteApi('/shell/remote-applies/$remoteApplyId');

export function RemoteApplyScreen(): ReactNode {
  const { remoteApplyId } = route.useParams();
  const { data, error, refetch } = useQuery(remoteApply(remoteApplyId));
  if (data === undefined) {
    return (
      <Page title="Remote apply">
        {error === null ? (
          <span className="muted">Loading…</span>
        ) : (
          <ProblemAlert error={error} onRetry={() => void refetch()} />
        )}
      </Page>
    );
  }
  const { object, cluster } = data;
  return (
    <Page
      title={`${objectText(object)} on ${cluster.name}`}
      heading={objectText(object)}
      kicker={
        <>
          <Standing of={data} />
          <StateMark {...alertedMark(data.alertCovered)} />
          <Link to="/clusters/$clusterRef" params={{ clusterRef: cluster.name }}>
            {cluster.name}
          </Link>
        </>
      }
      actions={<CopyButton text={location.href} label="Copy link" />}
    >
      <Warnings of={data} />
      <Split
        main={
          <>
            <Section title="Why nothing would fire">
              <UncoveredTable of={data} />
            </Section>
            <Section title="Alerts that name it">
              <AlertTable alerts={data.alerts} />
            </Section>
          </>
        }
        side={
          <>
            <Section title="Target">
              <Card>
                <Target of={data} />
              </Card>
            </Section>
            <Section title="Credential and identity">
              <Card>
                <Access of={data} />
              </Card>
            </Section>
          </>
        }
      />
    </Page>
  );
}

function Warnings({
  of: { cause, failingSince, silent, stale, cluster, object },
}: {
  readonly of: RemoteApply;
}): ReactNode {
  return (
    <>
      {stale && (
        <Notice>
          <strong>The last audit could not look at it.</strong>
          <span>What is shown is from before.</span>
        </Notice>
      )}
      {cause && (
        <Notice tone="warning">
          <strong>{silent === true ? 'It fails, and nobody is told.' : 'It fails.'}</strong>
          <span>
            {cause.code}: {cause.message}
            {failingSince !== null && (
              <>
                , since <Time at={failingSince} exact />
              </>
            )}
            .
          </span>
          <Link
            to="/findings"
            search={{ cluster: [cluster.name], q: `${object.namespace}/${object.name}`, state: ['open', 'reopened'] }}
          >
            Its findings
          </Link>
        </Notice>
      )}
    </>
  );
}

function Target({ of }: { readonly of: RemoteApply }): ReactNode {
  const { target, firstSeenAt, lastSeenAt, lastRunId } = of;
  return (
    <Facts
      facts={[
        ['Cluster', <RemoteTarget key="target" of={of} />],
        ['Address', target.address === null ? null : <code key="address">{target.address}</code>],
        ['Match', target.cluster === null ? TARGET_STATES[target.state] : target.confidence],
        ['Why', target.why],
        ['First seen', <Time key="first" at={firstSeenAt} exact />],
        [
          'Last seen',
          <span key="last">
            <Time at={lastSeenAt} exact /> in{' '}
            <Link to="/runs/$runId" params={{ runId: lastRunId }}>
              its run
            </Link>
          </span>,
        ],
      ]}
    />
  );
}

function Access({ of: { auth, identity } }: { readonly of: RemoteApply }): ReactNode {
  const { account, known } = identity.impersonates;
  return (
    <Facts
      facts={[
        ['Proof', AUTH_METHODS[auth.method]],
        ['Kept in', auth.source === null ? null : <code key="source">{objectText(auth.source)}</code>],
        ['Key', auth.source?.key === undefined ? null : <code key="key">{auth.source.key}</code>],
        ['Provider', auth.provider],
        ['Expires', auth.expiresAt === null ? null : <Time key="expires" at={auth.expiresAt} exact />],
        ['Identity', identity.name === null ? 'not known from here' : <code key="name">{identity.name}</code>],
        ['Groups', identity.groups.length === 0 ? null : identity.groups.join(', ')],
        ['Impersonates', known ? (account ?? 'nobody') : 'not known'],
      ]}
    />
  );
}
