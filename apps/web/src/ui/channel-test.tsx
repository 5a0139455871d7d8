import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { testChannel } from '../api/actions.js';
import { me } from '../api/queries.js';
import { announce } from '../app/live-region.js';
import { duration } from '../format/time.js';
import { Lines } from './layout.js';
import { StateMark } from './marks.js';
import { ProblemAlert } from './problem-alert.js';

/** Sends a message that is marked as a test, and says what became of it. */
export function ChannelTest({ channel }: { readonly channel: string }): ReactNode {
  const { data: caller } = useQuery(me());
  const client = useQueryClient();
  const test = useMutation({
    mutationFn: () => testChannel(channel),
    onSuccess: ({ delivered, hint }) => {
      announce(`${delivered ? 'Delivered' : 'Not delivered'}. ${hint}`);
      return client.invalidateQueries({ queryKey: ['channels'] });
    },
  });
  const allowed = caller?.permissions.includes('channels.write') ?? false;
  return (
    <Lines>
      <span>
        <Button
          size="compact-sm"
          variant="default"
          loading={test.isPending}
          disabled={!allowed}
          title={allowed ? undefined : 'Sending a test needs the role operator.'}
          aria-label={`Send test to ${channel}`}
          onClick={() => test.mutate()}
        >
          Send test
        </Button>
      </span>
      {test.data && (
        <StateMark
          state={test.data.delivered ? 'pass' : 'fail'}
          word={test.data.delivered ? `delivered in ${duration(test.data.durationMs)}` : test.data.hint}
        />
      )}
      {test.error !== null && <ProblemAlert error={test.error} />}
    </Lines>
  );
}
