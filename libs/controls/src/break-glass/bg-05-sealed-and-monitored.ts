import { type Observation, defineControl, fail, pass, warn } from '#libs/core';
import { excerpt } from '#libs/flux';
import { tenantModel } from '../tenants/tenant-model.js';
import { type Entry, daysSince, judgeEntries, ROLE_CONTEXT } from './break-glass-scope.js';
import { DRILL_DAYS } from './judge-drill.js';

function judgeEntry({ entry, pointer, subject }: Entry, now: number): Observation {
  const { alertOnUse, auditFeed, drillDays = DRILL_DAYS } = entry;
  const name = excerpt(entry.name, 80);
  // Who has an alert must have a feed; who denies having one cannot have the alert.
  if (auditFeed === false || (auditFeed === undefined && alertOnUse === undefined)) {
    return warn(
      subject,
      'UNMONITORABLE',
      `No audit log of this cluster reaches anybody who would see the way in "${name}" being used. Its use could not be told from an attack. Send the audit log of the API server away from the cluster, alert on the break-glass principals in it, and enter auditFeed and alertOnUse.`,
      { evidence: [{ pointer: `${pointer}/auditFeed`, observed: auditFeed ?? null, expected: 'true' }] },
    );
  }
  const advice =
    'Alert on every request of the break-glass principals, let the next drill set the alert off, and enter its rule and the day as alertOnUse.';
  if (alertOnUse === undefined) {
    return fail(
      subject,
      'NO_ALERT_ON_USE',
      `Nobody is alerted when the way in "${name}" is used. A credential with every right could be used unseen. ${advice}`,
      { evidence: [{ pointer: `${pointer}/alertOnUse`, observed: null, expected: 'the rule that alerts on use' }] },
    );
  }
  const age = daysSince(alertOnUse.testedAt, now);
  if (age === undefined || age > drillDays) {
    return fail(
      subject,
      'ALERT_NOT_TESTED',
      `The alert on use of the way in "${name}" (${excerpt(alertOnUse.rule, 80)}) ${age === undefined ? 'was never tested' : `was last tested ${Math.floor(age)} days ago`}; it is to be tested every ${drillDays} days. An alert that nobody has seen arrive may not arrive. ${advice}`,
      {
        evidence: [
          {
            pointer: `${pointer}/alertOnUse/testedAt`,
            observed: alertOnUse.testedAt ?? null,
            expected: `within ${drillDays} days`,
          },
        ],
      },
    );
  }
  return pass(
    subject,
    'MONITORED',
    `Somebody is alerted when the way in "${name}" is used (${excerpt(alertOnUse.rule, 80)}), and has seen the alert within ${drillDays} days.`,
  );
}

export const breakGlassMonitored = defineControl({
  id: 'FLUX-BG-05',
  title: 'Every use of the break-glass access raises an alert that was tested',
  family: 'Break-glass',
  severity: 'high',
  scope: ['dedicated', 'management'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'A credential with every right is meant for a few minutes a year. ' +
    'Any other use is an incident, and is only noticed where the audit log leaves the cluster and somebody is alerted.',
  audit:
    'Reads the entries of the registry: `alertOnUse` must name a rule that was tested within `drillDays`, best by the drill itself; none, or an older test, fails. ' +
    'Without an audit feed nothing could notice the use, which is a warning. The audit log itself is not read. ' +
    'Applies to dedicated and management clusters with an entry.',
  remediation:
    'Send the audit log of the API server to a system outside the cluster, alert on the break-glass principals there, and let each drill set that alert off.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/',
  ],
  requires: ['registration'],
  optional: ROLE_CONTEXT,
  examples: {
    passing: [
      {
        title: 'the drill in October set the alert off',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          tenants: [{ name: team-a }]
          breakGlass:
            - name: edge-001
              drillDays: 90
              auditFeed: true
              alertOnUse: { rule: k8s-break-glass-use, testedAt: '2026-10-04T09:00:00Z' }`,
      },
    ],
    failing: [
      {
        title: 'an audit feed, and no alert',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          tenants: [{ name: team-a }]
          breakGlass: [{ name: edge-001, drillDays: 90, auditFeed: true }]`,
      },
    ],
  },
  evaluate: (artifacts, { now }) => judgeEntries(tenantModel(artifacts), (entry) => [judgeEntry(entry, now)]),
});
