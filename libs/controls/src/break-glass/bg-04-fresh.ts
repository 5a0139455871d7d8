import { type Observation, defineControl, fail, pass, warn } from '#libs/core';
import { excerpt } from '#libs/flux';
import { tenantModel } from '../tenants/tenant-model.js';
import { DAY, type Entry, daysSince, judgeEntries, ROLE_CONTEXT } from './break-glass-scope.js';
import { judgeDrill } from './judge-drill.js';

/** A credential that expires within these days is to be renewed now. */
const EXPIRY_DAYS = 30;
/** Where neither the entry nor the cluster says how often. */
const ROTATION_DAYS = 365;

function judgeExpiry({ entry, pointer, subject }: Entry, now: number): readonly Observation[] {
  if (entry.expiresAt === undefined) return [];
  const left = (Date.parse(entry.expiresAt) - now) / DAY;
  const name = excerpt(entry.name, 80);
  const evidence = [
    {
      pointer: `${pointer}/expiresAt`,
      observed: excerpt(entry.expiresAt, 40),
      expected: `more than ${EXPIRY_DAYS} days from now`,
    },
  ] as const;
  if (left > EXPIRY_DAYS) return [];
  const advice = 'Issue a new one, put it where the entry says, and enter rotatedAt and expiresAt.';
  if (left > 0) {
    return [
      warn(
        subject,
        'EXPIRES_SOON',
        `The credential of the way in "${name}" expires in ${Math.ceil(left)} days. After that nobody gets in by it. ${advice}`,
        { evidence },
      ),
    ];
  }
  const when = Number.isNaN(left) ? 'at a time that cannot be read' : `${Math.floor(-left)} days ago`;
  return [
    fail(
      subject,
      'EXPIRED',
      `The credential of the way in "${name}" expired ${when}. Nobody gets in by it. ${advice}`,
      { evidence },
    ),
  ];
}

function judgeRotation(
  { entry, pointer, subject }: Entry,
  fallback: number | undefined,
  now: number,
): readonly Observation[] {
  const limit = entry.rotationDays ?? fallback ?? ROTATION_DAYS;
  const age = daysSince(entry.rotatedAt, now);
  const name = excerpt(entry.name, 80);
  const advice = 'Rotate it, and enter the day as rotatedAt.';
  const expected = `within ${limit} days`;
  if (age === undefined) {
    return [
      warn(
        subject,
        'ROTATION_UNKNOWN',
        `It is not known when the credential of the way in "${name}" was last rotated. The longer one lives, the more people have had it in their hands. ${advice}`,
        { evidence: [{ pointer: `${pointer}/rotatedAt`, observed: entry.rotatedAt ?? null, expected }] },
      ),
    ];
  }
  if (age <= limit) return [];
  return [
    fail(
      subject,
      'ROTATION_DUE',
      `The credential of the way in "${name}" was last rotated ${Math.floor(age)} days ago, and is due every ${limit} days. The longer one lives, the more people have had it in their hands. ${advice}`,
      { evidence: [{ pointer: `${pointer}/rotatedAt`, observed: excerpt(entry.rotatedAt ?? '', 40), expected }] },
    ),
  ];
}

export const breakGlassFresh = defineControl({
  id: 'FLUX-BG-04',
  title: 'The break-glass credential is valid, rotated and drilled',
  family: 'Break-glass',
  severity: 'medium',
  scope: ['dedicated', 'management'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'An emergency credential is not used for months, so nobody notices that it expired. ' +
    'It is also the strongest that there is, and should not outlive those who have seen it.',
  audit:
    `Reads the entries of the registry. An expired credential fails, one that expires within ${EXPIRY_DAYS} days is a warning. ` +
    `One that was rotated longer ago than \`rotationDays\` (of the entry, else of the cluster, else ${ROTATION_DAYS}) fails; where no time is given it is a warning. ` +
    'The last drill is judged as in FLUX-BG-02. Applies to dedicated and management clusters with an entry.',
  remediation:
    'Issue a new credential before the old one expires, put it where the entry says, drill it, and enter `rotatedAt`, `expiresAt` and `lastDrill`.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/',
  ],
  requires: ['registration'],
  optional: ROLE_CONTEXT,
  examples: {
    passing: [
      {
        title: 'rotated in September, valid for a year, drilled in October',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          tenants: [{ name: team-a }]
          breakGlass:
            - name: edge-001
              rotationDays: 180
              rotatedAt: '2026-09-01T00:00:00Z'
              expiresAt: '2027-09-01T00:00:00Z'
              drillDays: 90
              lastDrill: { at: '2026-10-04T09:00:00Z', result: passed }`,
      },
    ],
    failing: [
      {
        title: 'the certificate expired',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          tenants: [{ name: team-a }]
          breakGlass:
            - name: edge-001
              rotationDays: 400
              rotatedAt: '2025-10-01T00:00:00Z'
              expiresAt: '2026-10-01T00:00:00Z'
              drillDays: 90
              lastDrill: { at: '2026-10-04T09:00:00Z', result: passed }`,
      },
    ],
  },
  evaluate: (artifacts, { now }) =>
    judgeEntries(tenantModel(artifacts), (entry) => {
      const found = [
        ...judgeExpiry(entry, now),
        ...judgeRotation(entry, artifacts.registration.rotationDays, now),
        ...judgeDrill(entry, now),
      ];
      if (found.length > 0) return found;
      return [
        pass(
          entry.subject,
          'FRESH',
          `The credential of the way in "${excerpt(entry.entry.name, 80)}" is valid, was rotated in time and was drilled in time.`,
        ),
      ];
    }),
});
