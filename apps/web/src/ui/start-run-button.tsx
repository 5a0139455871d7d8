import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { startRun } from '../api/actions.js';
import { me } from '../api/queries.js';
import { announce } from '../app/live-region.js';
import { ProblemAlert } from './problem-alert.js';

/** Starts an audit and shows it. */
export function StartRunButton({
  cluster,
  label = 'Run audit now',
}: {
  readonly cluster?: string;
  readonly label?: string;
}): ReactNode {
  const navigate = useNavigate();
  const client = useQueryClient();
  const { data: caller } = useQuery(me());
  const start = useMutation({
    mutationFn: () => startRun(cluster),
    onSuccess: async (run) => {
      announce('Audit started');
      await client.invalidateQueries({ queryKey: ['runs'] });
      await navigate({ to: '/runs/$runId', params: { runId: run.id } });
    },
  });
  const allowed = caller?.permissions.includes('runs.write') ?? false;
  return (
    <>
      <Button
        size="compact-md"
        loading={start.isPending}
        disabled={!allowed}
        title={allowed ? undefined : 'Starting an audit needs the role operator.'}
        onClick={() => start.mutate()}
      >
        {label}
      </Button>
      {start.error !== null && <ProblemAlert error={start.error} />}
    </>
  );
}
