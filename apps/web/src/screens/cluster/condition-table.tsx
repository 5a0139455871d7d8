import type { ReactNode } from 'react';
import type { Condition } from '../../api/types.js';
import { type Column, DataTable } from '../../ui/data-table.js';
import { Lines } from '../../ui/layout.js';
import { StateMark } from '../../ui/marks.js';
import { Message } from '../../ui/prose.js';
import { Time } from '../../ui/time.js';

const MARKS = {
  True: { state: 'pass', word: 'True' },
  False: { state: 'fail', word: 'False' },
  Unknown: { state: 'notEvaluated', word: 'Unknown' },
} as const;

const COLUMNS: readonly Column<Condition>[] = [
  { title: 'Condition', head: true, cell: ({ type }) => type },
  { title: 'Status', cell: ({ status }) => <StateMark {...MARKS[status]} /> },
  {
    title: 'Reason',
    cell: ({ reason, message }) => (
      <Lines>
        <span>{reason ?? ''}</span>
        {message !== undefined && message !== '' && (
          <span className="muted">
            <Message text={message} />
          </span>
        )}
      </Lines>
    ),
  },
  {
    title: 'Since',
    cell: ({ lastTransitionTime }) => (lastTransitionTime === undefined ? null : <Time at={lastTransitionTime} />),
  },
];

export function ConditionTable({ conditions }: { readonly conditions: readonly Condition[] }): ReactNode {
  return (
    <DataTable
      caption="Conditions of the cluster"
      columns={COLUMNS}
      rows={conditions}
      keyOf={({ type }) => type}
      empty="No condition is known before the first audit."
    />
  );
}
