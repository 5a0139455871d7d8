import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { channel } from '../../api/queries.js';
import type { Channel } from '../../api/types.js';
import { addressWords, eventWords, KIND_WORDS } from '../../format/delivery-words.js';
import { ChannelTest } from '../../ui/channel-test.js';
import { DeliveryList } from '../../ui/delivery-list.js';
import { Card, Facts, Notice, Page, Prose, Section } from '../../ui/layout.js';
import { SeverityMark, StateMark } from '../../ui/marks.js';
import { ProblemAlert } from '../../ui/problem-alert.js';
import { Time } from '../../ui/time.js';

const route = getRouteApi('/shell/channels/$channelRef');

/** Where "why am I seeing this?" leads. */
export function ChannelScreen(): ReactNode {
  const { channelRef } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery(channel(channelRef));
  if (data === undefined) {
    return (
      <Page title={channelRef}>
        {error === null ? (
          <span className="muted">Loading…</span>
        ) : (
          <ProblemAlert error={error} onRetry={() => void refetch()} />
        )}
      </Page>
    );
  }
  return (
    <Page
      title={data.name}
      kicker={
        <>
          <StateMark state={data.enabled ? 'pass' : 'notApplicable'} word={data.enabled ? 'on' : 'off'} />
          <span>{KIND_WORDS[data.kind]}</span>
          <span className="mono">{addressWords(data)}</span>
        </>
      }
      actions={<ChannelTest channel={data.name} />}
    >
      {data.disabledReason !== null && (
        <Notice tone="warning">
          <strong>Switched off by the service.</strong> <span>{data.disabledReason}</span>
        </Notice>
      )}
      <Section title="Why am I seeing this?">
        <Card>
          <Reasons channel={data} />
        </Card>
      </Section>
      <DeliveryList
        channel={data.name}
        search={search}
        onChange={(part) =>
          void navigate({ search: (before) => ({ ...before, cursor: undefined, ...part }), resetScroll: false })
        }
        onTurn={(cursor, trail) =>
          void navigate({ search: (before) => ({ ...before, cursor }), state: { trail }, hash: 'deliveries' })
        }
      />
    </Page>
  );
}

function Reasons({ channel: { events, minSeverity, createdAt, id } }: { readonly channel: Channel }): ReactNode {
  return (
    <Prose>
      <p>Messages come here because this channel is told about these events, and when they are over:</p>
      <ul>
        {events.map((event) => (
          <li key={event}>
            <code>{event}</code>: {eventWords(event)}
          </li>
        ))}
      </ul>
      <p>
        A finished audit is announced only when something changed: findings that are new, back, more severe or resolved.
        The first audit of a cluster is its baseline; what it finds is counted, not listed, and raises no other event.
      </p>
      <p>
        Findings are resolved only by a complete read that shows they are gone. What could not be judged is listed as
        not judged, and is never a pass.
      </p>
      <Facts
        facts={[
          ['Lists findings and tells events from severity', <SeverityMark key="severity" severity={minSeverity} />],
          ['Made', <Time key="made" at={createdAt} exact />],
          ['Id', <code key="id">{id}</code>],
        ]}
      />
    </Prose>
  );
}
