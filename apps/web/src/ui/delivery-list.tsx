import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { retryDelivery } from '../api/actions.js';
import { deliveries, me } from '../api/queries.js';
import type { Delivery } from '../api/types.js';
import { canRetry, DELIVERY_MARKS } from '../format/delivery-words.js';
import { type DeliveriesSearch, DELIVERY_STATES, type DeliveryKey } from '../url/searches.js';
import type { Column } from './data-table.js';
import { FilterBar, ToggleChips } from './filters.js';
import { Lines, Section } from './layout.js';
import { ListView } from './list-view.js';
import { StateMark } from './marks.js';
import { ProblemAlert } from './problem-alert.js';
import { Time } from './time.js';
import { useList } from './use-list.js';

const COLUMNS: readonly Column<Delivery, DeliveryKey>[] = [
  {
    title: 'Planned',
    head: true,
    sort: 'createdAt',
    downFirst: true,
    cell: ({ createdAt }) => <Time at={createdAt} exact />,
  },
  {
    title: 'Channel',
    cell: ({ channel }) => (
      <Link to="/channels/$channelRef" params={{ channelRef: channel.name }} data-row>
        {channel.name}
      </Link>
    ),
  },
  {
    title: 'About',
    cell: ({ event, runId }) =>
      runId === null ? (
        event
      ) : (
        <Link to="/runs/$runId" params={{ runId }}>
          {event}
        </Link>
      ),
  },
  { title: 'State', wide: true, cell: (delivery) => <State delivery={delivery} /> },
  { title: 'Attempts', numeric: true, cell: ({ attempts }) => attempts },
  { title: 'Action', cell: (delivery) => (canRetry(delivery) ? <Retry id={delivery.id} /> : null) },
];

function State({ delivery }: { readonly delivery: Delivery }): ReactNode {
  const { state, lastHint, lastCode, nextAttemptAt } = delivery;
  return (
    <Lines>
      <StateMark {...DELIVERY_MARKS[state]} />
      {state !== 'sent' && lastHint !== null && (
        <span className="muted">
          {lastHint} {lastCode !== null && <code>{lastCode}</code>}
        </span>
      )}
      {state === 'retrying' && nextAttemptAt !== null && (
        <span className="muted">
          Next attempt <Time at={nextAttemptAt} />
        </span>
      )}
    </Lines>
  );
}

function Retry({ id }: { readonly id: string }): ReactNode {
  const client = useQueryClient();
  const { data: caller } = useQuery(me());
  const retry = useMutation({
    mutationFn: () => retryDelivery(id),
    onSettled: () => client.invalidateQueries({ queryKey: ['deliveries'] }),
  });
  const allowed = caller?.permissions.includes('deliveries.retry') ?? false;
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={retry.isPending}
        disabled={!allowed}
        title={allowed ? undefined : 'Sending again needs the role operator.'}
        onClick={() => retry.mutate()}
      >
        Send again
      </Button>
      {retry.error !== null && <ProblemAlert error={retry.error} />}
    </>
  );
}

interface DeliveryListProps {
  readonly channel?: string;
  readonly search: DeliveriesSearch;
  readonly onChange: (part: Partial<DeliveriesSearch>) => void;
  readonly onTurn: (cursor: string | undefined, trail: readonly string[]) => void;
}

/** What was announced, and what became of it. */
export function DeliveryList({ channel, search, onChange, onTurn }: DeliveryListProps): ReactNode {
  const list = useList(deliveries({ limit: 25, ...(channel !== undefined && { channel: [channel] }), ...search }));
  return (
    <Section title="Deliveries" id="deliveries">
      <FilterBar>
        <ToggleChips
          label="State"
          options={DELIVERY_STATES}
          chosen={search.state}
          onChange={(state) => onChange({ state })}
          render={(state) => <StateMark {...DELIVERY_MARKS[state]} />}
        />
      </FilterBar>
      <ListView
        list={list}
        request={{ path: '/deliveries', query: search }}
        caption="Deliveries, newest first"
        what={['delivery', 'deliveries']}
        columns={COLUMNS}
        keyOf={({ id }) => id}
        order={search.sort ?? '-createdAt'}
        onOrder={(sort) => onChange({ sort })}
        empty={search.state === undefined ? 'Nothing has been announced yet.' : 'No delivery is in this state.'}
        cursor={search.cursor}
        onTurn={onTurn}
      />
    </Section>
  );
}
