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
  const { clusters, coverage, outcomes, openFindings, lastRun } = fleet;
  const open = Object.values(openFindings).reduce((sum, n) => sum + n, 0);
  const blind = outcomes.notEvaluated + (outcomes.error ?? 0);
  return (
    <div className={styles['tiles']}>
      <Tile
        label="Compliant clusters"
        figure={
          <>
            <Link to="/" search={{ sort: '-openFindings' }}>
              {whole(clusters.compliant)}
            </Link>{' '}
            <span className={styles['of']}>of {whole(clusters.evaluated)} judged</span>
          </>
        }
        note={<Unjudged clusters={clusters} />}
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
          <Link to="/" search={{ sort: 'coverage' }}>
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
          lastRun === null ? (
            'unknown'
          ) : (
            <Link to="/runs/$runId" params={{ runId: lastRun.id }} hash="not-judged">
              {count(blind, 'check')}
            </Link>
          )
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

function Unjudged({ clusters }: { readonly clusters: Fleet['clusters'] }): ReactNode {
  const { stale, neverAudited } = clusters;
  if (stale + neverAudited === 0) return <span className="muted">Every cluster was judged.</span>;
  return (
    <span className="muted">
      {stale > 0 && (
        <Link to="/" search={{ stale: true }}>
          {whole(stale)} stale
        </Link>
      )}
      {stale > 0 && neverAudited > 0 && ', '}
      {neverAudited > 0 && `${whole(neverAudited)} never audited`}
    </span>
  );
}
