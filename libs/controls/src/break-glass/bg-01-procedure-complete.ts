import {
  type BreakGlassEntry,
  type Evidence,
  type Fix,
  type Observation,
  CLUSTER_SUBJECT,
  defineControl,
  fail,
  nameList,
  pass,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { tenantModel } from '../tenants/tenant-model.js';
import { identitiesOf } from './break-glass-identity.js';
import { type Entry, daysSince, entriesOf, ROLE_CONTEXT, unlessNeeded } from './break-glass-scope.js';
import { DRILL_DAYS } from './judge-drill.js';

/** An attestation of a second factor counts for this long. Days. */
const MFA_DAYS = 180;

const NEEDED: readonly (readonly [field: keyof BreakGlassEntry, what: string])[] = [
  ['principals', 'who the credential is'],
  ['authMethod', 'how it signs in'],
  ['credentialRef', 'where the credential is kept'],
  ['owner', 'who answers for it'],
  ['runbookUrl', 'the runbook'],
  ['rotationDays', 'how often it is rotated'],
  ['drillDays', 'how often it is drilled'],
];

const TEMPLATE: Fix = {
  form: 'steps',
  title: 'Enter the way in into the registry',
  content: `# platform.breakGlass of the cluster over REST, breakGlass in a registry file. Holds no credential.
breakGlass:
  - name: break-glass
    principals: {users: ["break-glass"], groups: ["system:masters"]}
    authMethod: clientCertificate
    apiServer: https://api.example.com:6443
    credentialRef: "vault:platform/break-glass"
    credentialStores: [vault, offline]
    owner: Platform on-call
    approvers: [first person, second person]
    mfaAttestedAt: 2026-01-01T00:00:00Z
    rotationDays: 180
    drillDays: 90
    runbookUrl: https://runbooks.example.com/break-glass
`,
};

function missingFrom(entry: BreakGlassEntry): readonly (readonly [keyof BreakGlassEntry, string])[] {
  return NEEDED.filter(([field]) =>
    field === 'principals' ? identitiesOf(entry).length === 0 : entry[field] === undefined || entry[field] === '',
  );
}

function judgeEntry({ entry, pointer, subject }: Entry, now: number): readonly Observation[] {
  const name = excerpt(entry.name, 80);
  const missing = missingFrom(entry);
  const observations: Observation[] = [];
  const [first, ...others] = missing.map(([field, what]): Evidence => ({
    pointer: `${pointer}/${field}`,
    observed: field === 'principals' && entry.principals ? {} : entry[field] === '' ? '' : null,
    expected: what,
  }));
  if (first) {
    observations.push(
      fail(
        subject,
        'INCOMPLETE',
        `The break-glass entry "${name}" does not say: ${nameList(missing.map(([field, what]) => `${what} (${field})`))}. ` +
          'In an emergency nobody has the time to find that out. Fill it in, and keep the credential itself out of the registry.',
        { evidence: [first, ...others], fixes: [TEMPLATE] },
      ),
    );
  }
  const approvers = new Set(entry.approvers).size;
  if (approvers < 2) {
    observations.push(
      warn(
        subject,
        'TOO_FEW_APPROVERS',
        `${approvers === 0 ? 'Nobody is named who approves' : 'Only one person approves'} the use of the way in "${name}". With two, no single person can use it alone and unseen. Name at least two approvers.`,
        {
          evidence: [
            {
              pointer: `${pointer}/approvers`,
              observed: [...(entry.approvers ?? [])].map((each) => excerpt(each, 80)),
              expected: 'two approvers or more',
            },
          ],
        },
      ),
    );
  }
  const attested = daysSince(entry.mfaAttestedAt, now);
  if (attested === undefined || attested > MFA_DAYS) {
    observations.push(
      warn(
        subject,
        'MFA_NOT_ATTESTED',
        `${attested === undefined ? 'Nobody attested' : `It was ${Math.floor(attested)} days ago that somebody attested`} that the way in "${name}" needs a second factor. An attestation counts for ${MFA_DAYS} days. Check it, and enter the day as mfaAttestedAt.`,
        {
          evidence: [
            {
              pointer: `${pointer}/mfaAttestedAt`,
              observed: entry.mfaAttestedAt ?? null,
              expected: `attested within ${MFA_DAYS} days`,
            },
          ],
        },
      ),
    );
  }
  if (entry.runbookReachableAt !== undefined) {
    const seen = daysSince(entry.runbookReachableAt, now);
    const limit = entry.drillDays ?? DRILL_DAYS;
    if (seen === undefined || seen > limit) {
      observations.push(
        warn(
          subject,
          'RUNBOOK_UNREACHABLE',
          `The runbook of the way in "${name}" was not fetched with success within ${limit} days. Who needs it may find nothing there. Repair the address, or keep a copy where the emergency cannot reach.`,
          {
            evidence: [
              {
                pointer: `${pointer}/runbookReachableAt`,
                observed: entry.runbookReachableAt,
                expected: `within ${limit} days`,
              },
            ],
          },
        ),
      );
    }
  }
  if (observations.length > 0) return observations;
  return [pass(subject, 'COMPLETE', `The break-glass entry "${name}" says who, how, where, and who answers for it.`)];
}

export const procedureComplete = defineControl({
  id: 'FLUX-BG-01',
  title: 'A break-glass procedure is defined and complete',
  family: 'Break-glass',
  severity: 'high',
  scope: ['dedicated', 'management'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'Where tenants run a cluster, or one cluster applies to many, a single change can shut the platform out. ' +
    'Flux recommends that a break-glass procedure is in place for that day: a way in that is written down, owned and known to work.',
  audit:
    'Reads the break-glass entries of the cluster in the registry. None fails, and so does an entry without principals, way of signing in, reference to the credential, owner, runbook, or the days of rotation and drill. ' +
    `Fewer than two approvers, a second factor that nobody attested within ${MFA_DAYS} days, and a runbook that was not reachable are warnings. ` +
    'Applies to dedicated and management clusters, stated or derived.',
  remediation:
    'Enter the way in into the registry: `platform.breakGlass` of the cluster over REST, or `breakGlass` in a registry file. ' +
    'Say where the credential is kept; never the credential.',
  references: ['https://fluxcd.io/flux/security/best-practices/'],
  requires: ['registration'],
  optional: ROLE_CONTEXT,
  examples: {
    passing: [
      {
        title: 'an entry with everything that people need at night',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          tenants: [{ name: team-a }]
          breakGlass:
            - name: edge-001
              principals: { users: ['break-glass:edge-001'], groups: ['system:masters'] }
              authMethod: clientCertificate
              credentialRef: 'vault:platform/break-glass/edge-001'
              owner: Platform on-call
              approvers: [ada, grace]
              mfaAttestedAt: '2026-10-01T00:00:00Z'
              rotationDays: 180
              drillDays: 90
              runbookUrl: https://runbooks.example.com/break-glass`,
      },
    ],
    failing: [
      {
        title: 'no entry',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          tenants: [{ name: team-a }]`,
      },
      {
        title: 'an entry that nobody owns and nobody drills',
        yaml: `
          kind: Registration
          role: management
          breakGlass:
            - name: hub
              principals: { groups: ['system:masters'] }
              authMethod: clientCertificate
              credentialRef: 'vault:platform/break-glass/hub'
              approvers: [ada, grace]
              mfaAttestedAt: '2026-10-01T00:00:00Z'
              rotationDays: 180
              runbookUrl: https://runbooks.example.com/break-glass`,
      },
    ],
  },
  evaluate: (artifacts, { now }) => {
    const model = tenantModel(artifacts);
    const early = unlessNeeded(model);
    if (early) return [early];
    const entries = entriesOf(artifacts.registration);
    if (entries.length > 0) return entries.flatMap((entry) => judgeEntry(entry, now));
    return [
      fail(
        CLUSTER_SUBJECT,
        'NO_ENTRY',
        'The registry has no break-glass entry for this cluster. When the platform’s access is gone, nobody knows how to get in. Write the procedure down, and enter it.',
        {
          confidence: model.tenancy.declared ? 'proven' : 'heuristic',
          evidence: [
            {
              pointer: '/breakGlass',
              observed: artifacts.registration.breakGlass ? [] : null,
              expected: 'at least one entry',
            },
          ],
          fixes: [TEMPLATE],
        },
      ),
    ];
  },
});
