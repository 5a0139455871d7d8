import { excerpt } from '#libs/flux';
import {
  type EventInput,
  type EventPlan,
  groupBy,
  isFailing,
  isStanding,
  openOf,
  type WatchedFinding,
  subjectText,
} from './event-input.js';
import { evidenceLines } from './evidence-lines.js';

export const REVOCATION_CONTROLS: readonly string[] = ['FLUX-DED-01', 'FLUX-DED-02'];

const MOST_WAYS = 5;
const MOST_EVIDENCE = 6;
const TYPE = 'tenant.canRevoke';

const tenantOf = ({ subject }: WatchedFinding) => subjectText(subject.name);

/**
 * A tenant can take away the platform's access: one event for each tenant with all its ways. A way that is new later
 * raises it anew; it is over when no way is left.
 */
export function planTenantEvents(input: EventInput): EventPlan {
  const { clusterId, runId, at, news, open, owners } = input;
  const findings = input.findings.filter(({ controlId }) => REVOCATION_CONTROLS.includes(controlId));
  const byTenant = groupBy(findings.filter(isFailing), tenantOf);
  const known = openOf(open, TYPE);
  const raised = [...byTenant].flatMap(([tenant, ways]) => {
    const fresh = ways.filter(({ id }) => news.has(id));
    if (input.quiet || fresh.length === 0) return [];
    const told = [...fresh, ...ways.filter(({ id }) => !news.has(id))];
    const owner = owners.get(tenant);
    return [
      {
        type: TYPE,
        clusterId,
        subject: tenant,
        dedupeKey: `${tenant}:${runId}`,
        since: known.find(({ subject }) => subject === tenant)?.since ?? at,
        facts: {
          tenant,
          ...(owner !== undefined && { owner: excerpt(owner, 120) }),
          ways: told.slice(0, MOST_WAYS).map(({ id, controlId, message }) => ({
            findingId: id,
            controlId,
            message: excerpt(message, 600),
            evidence: evidenceLines(input.seen.get(id)?.evidence ?? [], MOST_EVIDENCE),
          })),
          wayCount: ways.length,
          newCount: fresh.length,
        },
      } as const,
    ];
  });
  const standing = new Set(
    findings
      .filter((finding) => finding.outcome === 'fail' && isStanding(finding, input.resolveAfterRuns))
      .map(tenantOf),
  );
  const ended = known
    .filter(({ subject }) => !standing.has(subject))
    .map(({ subject }) => ({ subject: { type: TYPE, clusterId, subject }, ending: { how: 'resolved' } }) as const);
  return { raised, ended };
}
