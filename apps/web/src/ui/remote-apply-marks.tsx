import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RemoteApplySummary } from '../api/types.js';
import { TARGET_STATES, standingMarks } from '../format/remote-apply-words.js';
import { Lines, Tags } from './layout.js';
import { StateMark } from './marks.js';

export function Standing({ of }: { readonly of: Parameters<typeof standingMarks>[0] }): ReactNode {
  return (
    <Tags>
      {standingMarks(of).map(({ state, word }) => (
        <StateMark key={word} state={state} word={word} />
      ))}
    </Tags>
  );
}

/** The cluster that an object is applied to, with its tenants; where there is none, what is known instead. */
export function RemoteTarget({ of: { target, tenants } }: { readonly of: RemoteApplySummary }): ReactNode {
  const names = tenants.map(({ name }) => name).join(', ');
  return (
    <Lines>
      {target.cluster === null ? (
        <span className="nowrap">{target.address ?? TARGET_STATES[target.state]}</span>
      ) : (
        <Link to="/clusters/$clusterRef" params={{ clusterRef: target.cluster.name }} className="nowrap">
          {target.cluster.name}
        </Link>
      )}
      {target.cluster === null && target.address !== null && (
        <span className="muted nowrap">{TARGET_STATES[target.state]}</span>
      )}
      {names !== '' && (
        <span className="muted nowrap">
          {tenants.length === 1 ? 'tenant' : 'tenants'} {names}
        </span>
      )}
    </Lines>
  );
}
