import { count, percent, whole } from '#libs/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Fleet } from '../../api/types.js';
import { CoverageBar } from '../../ui/coverage-bar.js';
import { FindingCounts } from '../../ui/finding-counts.js';
import styles from './fleet-screen.module.css';

/** The figures of the fleet; each leads to what it counts. */
export function FleetTiles({ fleet }: { readonly fleet: Fleet | undefined }): ReactNode {
  if (fleet === undefined) {
    return (
      <div className={styles['tiles']} aria-busy="true">
        {['Compliant clusters', 'Open findings', 'Coverage', 'Not judged'].map((label) => (
          <Tile key={label} label={label} figure="…" />
        ))}
      </div>
    );
  }
  const { clusters, coverage, outcomes, openFindings } = fleet;
  const open = Object.values(openFindings).reduce((sum, n) => sum + n, 0);
  const blind = outcomes.notEvaluated + (outcomes.error ?? 0);
  return (
    <div className={styles['tiles']}>
      <Tile
        label="Compliant clusters"
        figure={
          <>
            <Link to="/" search={{ compliant: true }} hash="clusters">
              {whole(clusters.compliant)}
            </Link>{' '}
            <span className={styles['of']}>of {whole(clusters.total)}</span>
          </>
        }
        note={<Others clusters={clusters} />}
      />
      <Tile
        label="Open findings"
        figure={
          <Link to="/findings" search={{ state: ['open', 'reopened'] }}>
            {whole(open)}
          </Link>
        }
        note={<FindingCounts counts={openFindings} all />}
      />
      <Tile
        label="Coverage"
        figure={
          <Link to="/" search={{ sort: 'coverage' }} hash="clusters">
            {coverage === null ? 'unknown' : percent(coverage)}
          </Link>
        }
        note={
          coverage === null ? (
            <span className="muted">No audit has finished yet.</span>
          ) : (
            <CoverageBar ratio={coverage} wide bare />
          )
        }
      />
      <Tile
        label="Not judged"
        figure={
          <Link to="/results" search={{ outcome: ['notEvaluated', 'error'] }}>
            {count(blind, 'check')}
          </Link>
        }
        note={
          <span className="muted">
            {blind === 0 ? 'Everything that applies was evaluated.' : 'These are not passes.'}
          </span>
        }
      />
    </div>
  );
}

interface TileProps {
  readonly label: string;
  readonly figure: ReactNode;
  readonly note?: ReactNode;
}

function Tile({ label, figure, note }: TileProps): ReactNode {
  return (
    <section className={styles['tile']} aria-label={label}>
      <div className={styles['label']}>{label}</div>
      <div className={styles['figure']}>{figure}</div>
      {note !== undefined && <div>{note}</div>}
    </section>
  );
}

function Others({ clusters: { notCompliant, unreachable } }: { readonly clusters: Fleet['clusters'] }): ReactNode {
  return (
    <span className="words muted">
      <Link to="/" search={{ compliant: false }} hash="clusters">
        {whole(notCompliant)} not
      </Link>
      {unreachable > 0 && (
        <>
          {', '}
          <Link to="/" search={{ unreachable: true }} hash="clusters">
            {whole(unreachable)} not reached
          </Link>
        </>
      )}
    </span>
  );
}
