// The database of a large fleet: how long pages of each list take, and how long saving one large assessment takes.
import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  AssessmentRepository,
  ClusterRepository,
  createDataSource,
  FindingRepository,
  migrate,
  ResultRepository,
  RunRepository,
} from '#libs/persistence';
import { reconcile } from '#libs/engine';
import { startEmbeddedPostgres } from '#libs/platform';
import { median, ms } from './support.mjs';

const CLUSTERS = 10_000;
const FINDINGS = 100_000;
const CONTROLS = 30;
const OBSERVATIONS = 5_000;
const ROUNDS = 30;

const FILL = [
  `INSERT INTO cluster (id, name, role, labels, connection, cluster_uid, summary, last_audited_at, last_attempt_at, conditions)
   SELECT 'cls_' || lpad(n::text, 6, '0'), 'cluster-' || n, 'tenant',
     jsonb_build_object('env', CASE n % 4 WHEN 0 THEN 'prod' ELSE 'lab' END, 'site', 'site-' || n % 100), '{"server": "https://x"}',
     'uid-' || n, jsonb_build_object('compliant', n % 3 = 0, 'coverage', jsonb_build_object('ratio', 1),
       'open', jsonb_build_object('critical', n % 5)), now(), now(),
     '[{"type": "Reachable", "status": "True", "reason": "Answered", "message": "The API server answers."}]'
   FROM generate_series(1, ${CLUSTERS}) n`,
  `INSERT INTO finding (id, fingerprint, cluster_id, control_id, state, outcome, severity, confidence, reason, message,
     subject, content_sha256, first_seen_at, last_seen_at, opened_run_id, last_run_id)
   SELECT 'fnd_' || lpad(n::text, 8, '0'), md5(n::text), 'cls_' || lpad((n % ${CLUSTERS} + 1)::text, 6, '0'),
     'FLUX-T-' || n % ${CONTROLS}, CASE n % 10 WHEN 0 THEN 'resolved' WHEN 1 THEN 'reopened' ELSE 'open' END, 'fail',
     (ARRAY['critical', 'high', 'medium', 'low', 'info'])[n % 5 + 1], 'proven', 'FLAG_TRUE', repeat('What is so and why it matters. ', 6),
     jsonb_build_object('kind', 'Deployment', 'namespace', 'flux-system', 'name', 'object-' || n), md5('c' || n),
     now() - n * interval '1 second', now(), 'run_1', 'run_2'
   FROM generate_series(1, ${FINDINGS}) n`,
  `INSERT INTO control_state (cluster_id, control_id, outcome, reason, message, severity, counts, partial, from_at,
     from_run_id, last_seen_at, last_run_id)
   SELECT 'cls_' || lpad(n::text, 6, '0'), 'FLUX-T-' || k, (ARRAY['pass', 'fail', 'warn', 'notApplicable'])[(n + k) % 4 + 1],
     'REASON', 'What is so.', 'high', '{}', false, now() - interval '1 day', 'run_1', now(), 'run_2'
   FROM generate_series(1, ${CLUSTERS}) n, generate_series(1, ${CONTROLS}) k`,
  'ANALYZE',
];

/** "p50 / p95" of some rounds, after one that warms up. */
async function timed(work, rounds = ROUNDS) {
  await work();
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  const p95 = times.sort((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1];
  return `p50 ${ms(median(times)).padStart(7)}   p95 ${ms(p95).padStart(7)}`;
}

/** A page, and the one a thousand pages' worth of rows further down. */
async function pages(name, list) {
  const { next } = await list({ limit: 1_000 });
  const first = await timed(() => list({ limit: 50 }));
  if (!next) return [`${name.padEnd(46)} ${first}`];
  const deep = await timed(() => list({ limit: 50, after: next }));
  return [`${name.padEnd(46)} ${first}`, `${'  a page further down'.padEnd(46)} ${deep}`];
}

async function lists(dataSource) {
  const clusters = new ClusterRepository(dataSource);
  const findings = new FindingRepository(dataSource);
  const results = new ResultRepository(dataSource);
  const prod = [{ key: 'env', operator: 'in', values: ['prod'] }];
  const open = ['open', 'reopened'];
  const by = (field, direction = 'desc') => [{ field, direction }];
  return [
    ...(await pages('clusters by name', (request) => clusters.list(request))),
    ...(await pages('clusters by last audit', (request) => clusters.list({ ...request, sort: by('lastAuditedAt') }))),
    ...(await pages('clusters of a label', (request) =>
      clusters.list({ ...request, filter: { labelSelector: prod } }),
    )),
    ...(await pages('findings, worst first', (request) => findings.list(request))),
    ...(await pages('open findings, worst first', (request) => findings.list({ ...request, filter: { state: open } }))),
    ...(await pages('open critical findings by last sight', (request) =>
      findings.list({ ...request, sort: by('lastSeenAt'), filter: { state: open, severity: ['critical'] } }),
    )),
    ...(await pages('findings of a control', (request) =>
      findings.list({ ...request, filter: { controlId: ['FLUX-T-3'] } }),
    )),
    ...(await pages('findings of clusters of a label', (request) =>
      findings.list({ ...request, filter: { labelSelector: prod, state: open } }),
    )),
    ...(await pages('findings with a word', (request) => findings.list({ ...request, filter: { q: 'object-777' } }))),
    ...(await pages('findings of one cluster', (request) =>
      findings.list({ ...request, filter: { cluster: ['cluster-77'] } }),
    )),
    ...(await pages('results', (request) => results.list(request))),
    ...(await pages('failing results of a control', (request) =>
      results.list({ ...request, filter: { controlId: ['FLUX-T-3'], outcome: ['fail'] } }),
    )),
    `${'results by control, whole fleet'.padEnd(46)} ${await timed(() => results.byControl(), 5)}`,
    `${'open findings by severity'.padEnd(46)} ${await timed(() => findings.openBySeverity(), 5)}`,
  ];
}

function assessmentOf(round, severity = 'high') {
  const observations = Array.from({ length: OBSERVATIONS }, (_, index) => ({
    outcome: 'fail',
    subject: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: `ns-${index % 50}`, name: `object-${index}` },
    reason: 'FLAG_TRUE',
    message: 'What is so and why it matters. '.repeat(6),
    severity,
    confidence: 'proven',
    evidence: [
      {
        object: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: `object-${index}`,
          resourceVersion: `${round}${index}`,
        },
        pointer: '/spec/template/spec/containers/0/args/3',
        observed: '--insecure-kubeconfig-exec=true',
        expected: 'absent or false',
      },
    ],
    fixes: [{ form: 'kustomizePatch', title: 'Remove the flag', content: 'patch: |\n  - op: remove\n'.repeat(10) }],
  }));
  const counts = { pass: 0, warn: 0, fail: OBSERVATIONS, notApplicable: 0, notEvaluated: 0, manual: 0 };
  return {
    cluster: { name: 'cluster-1', uid: 'uid-1', serverVersion: 'v1.36.0' },
    collectedAt: new Date(Date.now() + round * 1000).toISOString(),
    profile: 'bench@1',
    ruleSetVersion: '1',
    coverage: { evaluated: 1, applicable: 1, ratio: 1 },
    results: [
      {
        controlId: 'FLUX-B-1',
        outcome: 'fail',
        reason: 'FLAG_TRUE',
        message: 'It fails.',
        severity,
        counts,
        partial: false,
        observations,
        missing: [],
        sightings: [],
      },
    ],
  };
}

async function saves(dataSource) {
  const runs = new RunRepository(dataSource);
  const assessments = new AssessmentRepository(dataSource, { resolveAfterRuns: 2 });
  const once = async (round, assessment) => {
    const started = await runs.start({
      trigger: 'api',
      requestedBy: 'bench',
      reason: String(round),
      profile: 'bench@1',
      target: { clusters: ['cluster-1'] },
      deadlineSeconds: 3600,
    });
    const [target] = await runs.queuedTargets(started.run.id, null, 1);
    await runs.claimTarget(target.id);
    const from = performance.now();
    await assessments.save(target.id, assessment, (known) => ({ changes: reconcile(known, assessment) }));
    return performance.now() - from;
  };
  const first = await once(1, assessmentOf(1));
  const again = [];
  for (let round = 2; round < 7; round += 1) again.push(await once(round, assessmentOf(round)));
  const changed = await once(8, assessmentOf(8, 'critical'));
  const resolved = await once(9, {
    ...assessmentOf(9),
    results: [{ ...assessmentOf(9).results[0], observations: [], outcome: 'pass' }],
  });
  const name = (text) => `save ${OBSERVATIONS} failing observations, ${text}`.padEnd(60);
  return [
    `${name('all new')} ${ms(first)}`,
    `${name('seen before')} ${ms(median(again))}`,
    `${name('all changed')} ${ms(changed)}`,
    `${name('all resolved')} ${ms(resolved)}`,
  ];
}

async function fleetRun(dataSource) {
  const runs = new RunRepository(dataSource);
  const from = performance.now();
  const started = await runs.start({
    trigger: 'api',
    requestedBy: 'bench',
    profile: 'bench@2',
    target: {},
    deadlineSeconds: 0,
  });
  const startedAfter = performance.now() - from;
  const closing = performance.now();
  await runs.finishOverdueRuns(new Date(Date.now() + 1000));
  const closedAfter = performance.now() - closing;
  return [
    `start a run of ${CLUSTERS} clusters`.padEnd(60) + ` ${ms(startedAfter)}`,
    `close and complete it at its deadline`.padEnd(60) + ` ${ms(closedAfter)}`,
    `${'progress of it'.padEnd(46)} ${await timed(() => runs.counts(started.run.id), 5)}`,
    `${'digest of it'.padEnd(46)} ${await timed(() => runs.digest(started.run.id, String), 5)}`,
    ...(await pages('its targets', (request) => runs.targets(started.run.id, request))),
  ];
}

export async function run() {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'));
  chmodSync(folder, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir: path.join(folder, 'postgres') });
  try {
    await migrate(postgres.url);
    const dataSource = await createDataSource(postgres.url, { max: 4 }).initialize();
    try {
      for (const statement of FILL) await dataSource.query(statement);
      return [
        `${CLUSTERS} clusters, ${FINDINGS} findings, ${CLUSTERS * CONTROLS} results, pages of 50`,
        ...(await lists(dataSource)),
        ...(await saves(dataSource)),
        ...(await fleetRun(dataSource)),
      ];
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
