import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RunDetail } from '../../api/types.js';
import { absoluteTime, elapsed } from '../../format/time.js';
import { targetWords, TRIGGER_WORDS } from '../../format/run-words.js';
import { CoverageBar } from '../../ui/coverage-bar.js';
import { Card, Facts, Notice, Page, Section } from '../../ui/layout.js';
import { OutcomeCounts } from '../../ui/outcome-counts.js';
import { ProblemAlert } from '../../ui/problem-alert.js';
import { RunState } from '../../ui/run-state.js';
import { Time } from '../../ui/time.js';
import { useNow } from '../../ui/use-now.js';
import { CancelRunButton } from './cancel-run-button.js';
import { NotJudged } from './not-judged.js';
import { RunChanges } from './run-changes.js';
import styles from './run-screen.module.css';
import { TargetTable } from './target-table.js';
import { isOver, useLiveRun } from './use-live-run.js';

const route = getRouteApi('/shell/runs/$runId');

export function RunScreen(): ReactNode {
  const { runId } = route.useParams();
  const { data, error, again } = useLiveRun(runId);
  if (data === undefined) {
    return (
      <Page title="Run">
        {error === null ? <span className="muted">Loading…</span> : <ProblemAlert error={error} onRetry={again} />}
      </Page>
    );
  }
  return (
    <Page
      title={`Run of ${absoluteTime(data.createdAt)}`}
      kicker={
        <>
          <RunState state={data.state} />
          <span>{TRIGGER_WORDS[data.trigger]}</span>
          {data.reason !== null && <span>“{data.reason}”</span>}
          <span>{targetWords(data.target)}</span>
          <span>profile {data.profile}</span>
        </>
      }
      actions={isOver(data) ? undefined : <CancelRunButton runId={data.id} />}
    >
      {!isOver(data) && <Progress run={data} />}
      {data.baseline && (
        <Notice tone="warning">
          <strong>First look.</strong>
          <span>What these clusters fail now is the baseline; later runs announce only changes.</span>
        </Notice>
      )}
      <Card>
        <Figures run={data} />
      </Card>
      <Section title="Not judged" id="not-judged">
        <NotJudged run={data} />
      </Section>
      {data.state === 'completed' && !data.baseline && <RunChanges runId={data.id} />}
      <TargetTable runId={data.id} />
    </Page>
  );
}

function Progress({ run: { targets, startedAt } }: { readonly run: RunDetail }): ReactNode {
  const now = useNow();
  const { done, total } = targets;
  return (
    <div className={styles['progress']}>
      <div>
        <strong>
          {done} of {total} clusters
        </strong>{' '}
        <span className="muted">{elapsed(startedAt, null, now) ?? 'waiting for a worker'}</span>
      </div>
      <div
        className={styles['track']}
        role="progressbar"
        aria-label="Clusters audited"
        aria-valuenow={done}
        aria-valuemin={0}
        aria-valuemax={total}
      >
        <span style={{ width: `${total === 0 ? 0 : (done / total) * 100}%` }} />
      </div>
    </div>
  );
}

function Figures({ run }: { readonly run: RunDetail }): ReactNode {
  const { targets, counts, progress } = run;
  const { evaluated, notEvaluated } = counts?.targets ?? progress;
  const now = useNow();
  return (
    <Facts
      facts={[
        [
          'Clusters judged',
          <span key="judged">
            <Link to="/runs/$runId" params={{ runId: run.id }} search={{ outcome: ['evaluated'] }}>
              {evaluated}
            </Link>{' '}
            of {targets.total}
            {notEvaluated > 0 && (
              <>
                ,{' '}
                <Link to="/runs/$runId" params={{ runId: run.id }} search={{ outcome: ['notEvaluated'] }}>
                  {notEvaluated} not judged
                </Link>
              </>
            )}
          </span>,
        ],
        ['Coverage', <CoverageBar key="coverage" ratio={run.coverage ?? progress.coverage} wide />],
        ['Results', counts && <OutcomeCounts key="results" counts={counts.outcomes} />],
        ['Started', run.startedAt === null ? 'not yet' : <Time key="started" at={run.startedAt} exact />],
        ['Finished', run.finishedAt === null ? null : <Time key="finished" at={run.finishedAt} exact />],
        ['Took', elapsed(run.startedAt, run.finishedAt, now)],
        ['Controls', run.controls === null ? 'all of the profile' : run.controls.join(', ')],
        ['Requested by', run.requestedBy],
        ['Id', <code key="id">{run.id}</code>],
      ]}
    />
  );
}
