import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { cancelRun } from '../../api/actions.js';
import { me } from '../../api/queries.js';
import { ProblemAlert } from '../../ui/problem-alert.js';

export function CancelRunButton({ runId }: { readonly runId: string }): ReactNode {
  const client = useQueryClient();
  const { data: caller } = useQuery(me());
  const cancel = useMutation({
    mutationFn: () => cancelRun(runId),
    onSettled: () => client.invalidateQueries({ queryKey: ['runs'] }),
  });
  const allowed = caller?.permissions.includes('runs.write') ?? false;
  return (
    <>
      <Button
        size="compact-md"
        variant="default"
        loading={cancel.isPending}
        disabled={!allowed}
        title={allowed ? 'Clusters that are done keep their results.' : 'Cancelling needs the role operator.'}
        onClick={() => cancel.mutate()}
      >
        Cancel
      </Button>
      {cancel.error !== null && <ProblemAlert error={cancel.error} />}
    </>
  );
}
