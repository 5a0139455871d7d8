import { count } from '#libs/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { control, finding, findings } from '../../api/queries.js';
import type { Finding } from '../../api/types.js';
import { objectText } from '../../format/evidence.js';
import { messageParts } from '../../format/messages.js';
import { CopyButton } from '../../ui/copy-button.js';
import { FindingState } from '../../ui/finding-table.js';
import { Card, Facts, Notice, Page, Section, Split } from '../../ui/layout.js';
import { SeverityMark } from '../../ui/marks.js';
import { ProblemAlert } from '../../ui/problem-alert.js';
import { Paragraphs, Words } from '../../ui/prose.js';
import { Time } from '../../ui/time.js';
import type { FindingsSearch } from '../../url/searches.js';
import { EvidenceList } from './evidence-list.js';
import { FindingHistory } from './finding-history.js';
import { Fixes } from './fixes.js';
import { Related } from './related.js';

const route = getRouteApi('/shell/findings/$findingId');

export function FindingScreen(): ReactNode {
  const { findingId } = route.useParams();
  const { data, error, refetch } = useQuery(finding(findingId));
  if (data === undefined) {
    return (
      <Page title="Finding">
        {error === null ? (
          <span className="muted">Loading…</span>
        ) : (
          <ProblemAlert error={error} onRetry={() => void refetch()} />
        )}
      </Page>
    );
  }
  const { headline, rest } = messageParts(data.message);
  return (
    <Page
      title={`${data.controlId} on ${data.cluster.name}`}
      heading={<Words text={headline} />}
      kicker={
        <>
          <SeverityMark severity={data.severity} />
          <FindingState finding={data} />
          <Link to="/clusters/$clusterRef" params={{ clusterRef: data.cluster.name }}>
            {data.cluster.name}
          </Link>
          {data.tenant && <span>tenant {data.tenant.name}</span>}
          <Link to="/controls/$controlId" params={{ controlId: data.controlId }}>
            {data.controlId} {data.controlTitle}
          </Link>
        </>
      }
      actions={<CopyButton text={location.href} label="Copy link" />}
    >
      <Warnings finding={data} />
      <Split
        main={
          <>
            {rest !== '' && <Paragraphs text={rest} />}
            <Why controlId={data.controlId} />
            <Section title="Evidence">
              <EvidenceList evidence={data.evidence} />
            </Section>
            <Section title="Fix" id="fix">
              <Fixes fixes={data.fixes} controlId={data.controlId} />
            </Section>
          </>
        }
        side={
          <>
            <Section title="Details">
              <Card>
                <Details finding={data} />
              </Card>
            </Section>
            <Related finding={data} />
            <Section title="History">
              <Card>
                <FindingHistory changes={data.changes} />
              </Card>
            </Section>
          </>
        }
      />
    </Page>
  );
}

function Warnings({ finding: { stale, waiver, confidence } }: { readonly finding: Finding }): ReactNode {
  return (
    <>
      {stale && (
        <Notice>
          <strong>The last audit could not look at it.</strong>
          <span>What is shown is from before; it counts as open until a complete read shows that it is gone.</span>
        </Notice>
      )}
      {waiver && (
        <Notice tone="warning">
          <strong>Accepted by a waiver.</strong>
          <span>
            It stays a failure; the waiver ends <Time at={waiver.expiresAt} exact />.
          </span>
        </Notice>
      )}
      {confidence === 'heuristic' && (
        <Notice tone="warning">
          <strong>Heuristic.</strong>
          <span>
            Part of the verdict was derived from the cluster instead of declared in the registry. Check it before you
            act.
          </span>
        </Notice>
      )}
    </>
  );
}

function Why({ controlId }: { readonly controlId: string }): ReactNode {
  const { data } = useQuery({ ...control(controlId), staleTime: Infinity });
  if (data === undefined) return null;
  return (
    <Section title="Why it matters">
      <Paragraphs text={data.rationale} />
    </Section>
  );
}

function Details({ finding: it }: { readonly finding: Finding }): ReactNode {
  return (
    <Facts
      facts={[
        ['Object', <code key="object">{objectText(it.subject)}</code>],
        ['Container', it.subject.container === undefined ? null : <code key="container">{it.subject.container}</code>],
        ['Reason', <code key="reason">{it.reason}</code>],
        [
          'First seen',
          <span key="first">
            <Time at={it.firstSeenAt} exact /> in{' '}
            <Link to="/runs/$runId" params={{ runId: it.openedRunId }}>
              its run
            </Link>
          </span>,
        ],
        [
          'Last seen',
          <span key="last">
            <Time at={it.lastSeenAt} exact /> in{' '}
            <Link to="/runs/$runId" params={{ runId: it.lastRunId }}>
              its run
            </Link>
          </span>,
        ],
        ['Seen in', count(it.occurrences, 'run')],
        ['Elsewhere', <Elsewhere key="elsewhere" finding={it} />],
        ['Resolved because', it.resolvedReason],
        ['Confidence', it.confidence],
        ['Fingerprint', <code key="fingerprint">{it.fingerprint.slice(0, 16)}</code>],
      ]}
    />
  );
}

/** The same control may fail on other clusters: one fix for all. */
function Elsewhere({ finding: { controlId, cluster } }: { readonly finding: Finding }): ReactNode {
  const search: FindingsSearch = { control: [controlId], state: ['open', 'reopened'] };
  const { data } = useQuery(findings({ ...search, limit: 1 }));
  if (data === undefined) return '…';
  const others = data.page.total.count - 1;
  return others < 1 ? (
    `only on ${cluster.name}`
  ) : (
    <Link to="/findings" search={search}>
      {count(others, 'more open finding')} of this control
    </Link>
  );
}
