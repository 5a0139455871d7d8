import type { ReactNode } from 'react';
import type { RemoteApply } from '../../api/types.js';
import { ALERT_HEALTH } from '../../format/remote-apply-words.js';
import { type Column, DataTable } from '../../ui/data-table.js';
import { Lines } from '../../ui/layout.js';
import { StateMark } from '../../ui/marks.js';

type Uncovered = RemoteApply['uncovered'][number];
type NamingAlert = RemoteApply['alerts'][number];

const UNCOVERED_MARKS = {
  uncovered: { state: 'fail', word: 'nobody hears' },
  partial: { state: 'warn', word: 'in part' },
  unknown: { state: 'notEvaluated', word: 'not known' },
} as const;

const UNCOVERED: readonly Column<Uncovered>[] = [
  {
    title: 'When',
    head: true,
    wide: true,
    cell: ({ when, essential }) => (
      <Lines>
        <span>{when}</span>
        {essential && <span className="muted">The platform then has no hold on the cluster.</span>}
      </Lines>
    ),
  },
  { title: 'Told', cell: ({ state }) => <StateMark {...UNCOVERED_MARKS[state]} /> },
  { title: 'Because', wide: true, cell: ({ why }) => why },
];

/** Ways of failing of which nobody would hear. */
export function UncoveredTable({ of: { uncovered, watched } }: { readonly of: RemoteApply }): ReactNode {
  return (
    <DataTable
      caption="Ways of failing of which nobody would hear"
      columns={UNCOVERED}
      rows={uncovered}
      keyOf={({ mode }) => mode}
      empty={
        watched
          ? 'A watcher that the registry declares, and that was tested lately, tells of everything.'
          : 'People hear of every way of failing that is known.'
      }
    />
  );
}

const ALERTS: readonly Column<NamingAlert>[] = [
  {
    title: 'Alert',
    head: true,
    cell: ({ namespace, name, names }) => (
      <Lines>
        <code>
          {namespace}/{name}
        </code>
        {names === 'source' && <span className="muted">names its source only</span>}
      </Lines>
    ),
  },
  {
    title: 'Provider',
    cell: ({ provider }) =>
      provider === null ? (
        'does not exist'
      ) : (
        <span>
          <code>{provider.name}</code> ({provider.type})
        </span>
      ),
  },
  {
    title: 'Health',
    wide: true,
    cell: ({ health, why }) => (
      <Lines>
        <StateMark {...ALERT_HEALTH[health]} />
        {why !== null && <span className="muted">{why}</span>}
      </Lines>
    ),
  },
];

export function AlertTable({ alerts }: { readonly alerts: readonly NamingAlert[] }): ReactNode {
  return (
    <DataTable
      caption="Alerts that name it"
      columns={ALERTS}
      rows={alerts}
      keyOf={({ namespace, name }) => `${namespace}/${name}`}
      empty="No Alert of Flux names it or its source."
    />
  );
}
