import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { channels } from '../../api/queries.js';
import type { Channel } from '../../api/types.js';
import { addressWords, KIND_WORDS } from '../../format/delivery-words.js';
import { ChannelTest } from '../../ui/channel-test.js';
import { type Column, DataTable } from '../../ui/data-table.js';
import { DeliveryList } from '../../ui/delivery-list.js';
import { Lines, Page } from '../../ui/layout.js';
import { SeverityMark, StateMark } from '../../ui/marks.js';
import { ProblemAlert } from '../../ui/problem-alert.js';
import { NoChannels } from './no-channels.js';

const route = getRouteApi('/shell/channels');

const COLUMNS: readonly Column<Channel>[] = [
  {
    title: 'Channel',
    head: true,
    cell: ({ name }) => (
      <Link to="/channels/$channelRef" params={{ channelRef: name }} data-row>
        {name}
      </Link>
    ),
  },
  { title: 'Kind', cell: ({ kind }) => KIND_WORDS[kind] },
  { title: 'Goes to', cell: (channel) => <span className="mono">{addressWords(channel)}</span> },
  { title: 'Is told', cell: ({ events }) => events.join(', ') },
  { title: 'Lists findings from', cell: ({ minSeverity }) => <SeverityMark severity={minSeverity} /> },
  { title: 'State', cell: (channel) => <ChannelState channel={channel} /> },
  { title: 'Test', cell: ({ name }) => <ChannelTest channel={name} /> },
];

export function ChannelsScreen(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery(channels({ limit: 200 }));
  return (
    <Page title="Channels" kicker="Where changes are announced: one message for each run, and only when there is news.">
      {error !== null && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      {data?.items.length === 0 ? (
        <NoChannels />
      ) : (
        <DataTable
          caption="Channels"
          columns={COLUMNS}
          rows={data?.items}
          keyOf={({ id }) => id}
          empty="No channel yet."
        />
      )}
      <DeliveryList
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

function ChannelState({ channel: { enabled, disabledReason } }: { readonly channel: Channel }): ReactNode {
  if (enabled) return <StateMark state="pass" word="on" />;
  return (
    <Lines>
      <StateMark state={disabledReason === null ? 'notApplicable' : 'fail'} word="off" />
      {disabledReason !== null && <span className="muted">{disabledReason}</span>}
    </Lines>
  );
}
