import type { RemoteApplyEdge } from '#libs/core';
import type { EntityManager } from 'typeorm';
import type { Reconciliation } from '../assessments/audit-input.js';
import type { FindingPlan } from '../assessments/plan-findings.js';
import type { FindingScope } from '../assessments/save-findings.js';
import { row, rows } from '../sql/rows.js';
import type { EventInput, EventPlan, OpenEvent, WatchedFinding } from './event-input.js';
import { EXPIRY_CONTROLS, planCredentialEvents } from './plan-credential-events.js';
import { planSilentEvents, SILENCE_CONTROLS } from './plan-silent-events.js';
import { planTenantEvents, REVOCATION_CONTROLS } from './plan-tenant-events.js';
import { endEvent, raiseEvent } from './raise-event.js';

const PLANS: readonly ((input: EventInput) => EventPlan)[] = [planTenantEvents, planSilentEvents, planCredentialEvents];
const WATCHED = [...REVOCATION_CONTROLS, ...SILENCE_CONTROLS, ...EXPIRY_CONTROLS];

type Watched = WatchedFinding & { readonly fingerprint: string };

/** What an audit changed, beside what is stored. */
export interface AuditedChanges {
  readonly plan: FindingPlan;
  readonly reconciled: Reconciliation;
  /** The first look at the cluster: its findings are the baseline, and nothing is raised. */
  readonly quiet: boolean;
  readonly edges: readonly RemoteApplyEdge[] | undefined;
  readonly resolveAfterRuns: number;
}

function watchedFindings(
  manager: EntityManager,
  clusterId: string,
  resolveAfterRuns: number,
): Promise<readonly Watched[]> {
  return rows(
    manager,
    `SELECT id, fingerprint, control_id AS "controlId", subject, state, outcome, severity, reason, message,
       clean_runs AS "cleanRuns", waiver_id IS NOT NULL AS waived
     FROM finding WHERE cluster_id = $1 AND control_id = ANY($2::text[]) AND (state <> 'resolved' OR clean_runs < $3)
     ORDER BY severity_rank(severity) DESC, id`,
    [clusterId, WATCHED, resolveAfterRuns],
  );
}

/** What was told of findings, and those that were a warning and fail now. */
function newsOf({ plan, quiet }: AuditedChanges): ReadonlySet<string> {
  const told = plan.changes.filter(({ announced, change }) => announced && change !== 'resolved');
  const worse = plan.written.filter(
    ({ finding, known, waiverId }) =>
      !quiet &&
      waiverId === null &&
      finding.outcome === 'fail' &&
      known?.outcome === 'warn' &&
      known.state !== 'resolved',
  );
  return new Set([...told.map(({ findingId }) => findingId), ...worse.map(({ id }) => id)]);
}

async function ownersOf(manager: EntityManager, clusterId: string): Promise<ReadonlyMap<string, string>> {
  const found = await rows<{ name: string; owner: string }>(
    manager,
    `SELECT t.name, t.owners #>> '{0,name}' AS owner FROM cluster_tenant ct JOIN tenant t ON t.id = ct.tenant_id
     WHERE ct.cluster_id = $1 AND t.owners #>> '{0,name}' IS NOT NULL`,
    [clusterId],
  );
  return new Map(found.map(({ name, owner }) => [name, owner]));
}

/**
 * Raises and ends the events that an audit gives rise to, in the transaction that saves it and after its findings are
 * written: what people are told and what is stored cannot differ.
 */
export async function saveEvents(manager: EntityManager, scope: FindingScope, changes: AuditedChanges): Promise<void> {
  const { clusterId, runId, at } = scope;
  const { reconciled, quiet, edges, resolveAfterRuns } = changes;
  const findings = await watchedFindings(manager, clusterId, resolveAfterRuns);
  const open = await rows<OpenEvent>(
    manager,
    `SELECT type, subject, facts, since FROM event WHERE cluster_id = $1 AND state = 'open'`,
    [clusterId],
  );
  const credential = await row<{ expiresAt: string | null }>(
    manager,
    `SELECT expires_at AS "expiresAt" FROM credential WHERE cluster_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1`,
    [clusterId],
  );
  const ids = new Map(findings.map(({ id, fingerprint }) => [fingerprint, id]));
  const seen = new Map(
    reconciled.changes.flatMap((change) => {
      const id = 'finding' in change ? ids.get(change.finding.fingerprint) : undefined;
      return 'finding' in change && id !== undefined ? [[id, change.finding] as const] : [];
    }),
  );
  const input: EventInput = {
    clusterId,
    runId,
    at,
    quiet,
    findings,
    news: newsOf(changes),
    seen,
    resolveAfterRuns,
    edges,
    credentialExpiresAt: credential?.expiresAt ?? null,
    owners: findings.length > 0 ? await ownersOf(manager, clusterId) : new Map(),
    open,
  };
  for (const planOf of PLANS) {
    const { raised, ended } = planOf(input);
    for (const { subject, ending } of ended) await endEvent(manager, subject, ending, at);
    for (const event of raised) await raiseEvent(manager, event);
  }
}
