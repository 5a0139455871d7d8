import { tableOf } from '../../../../test/support/expect-control.js';
import { breakGlassFresh as control } from './bg-04-fresh.js';

const ENTRY = {
  name: 'edge',
  rotationDays: 180,
  rotatedAt: '2026-09-01T00:00:00Z',
  expiresAt: '2027-09-01T00:00:00Z',
  drillDays: 90,
  lastDrill: { at: '2026-10-12T12:00:00Z', result: 'passed' },
};
const cluster = (entry: object, more: object = {}) => [
  {
    kind: 'Registration',
    role: 'tenant',
    tenancy: 'dedicated',
    tenants: [{ name: 'a' }],
    breakGlass: [{ ...ENTRY, ...entry }],
    ...more,
  },
];

tableOf(control)([
  ['a: fresh', cluster({}), 'pass FRESH'],
  ['no expiry known: rotation counts', cluster({ expiresAt: undefined }), 'pass FRESH'],
  [
    'e: it expires in 10 days',
    cluster({ expiresAt: '2026-11-11T12:00:00Z' }),
    'warn EXPIRES_SOON',
    { message: /in 10 days/ },
  ],
  ['e: it expires in 30 days and an hour', cluster({ expiresAt: '2026-12-01T13:00:00Z' }), 'pass FRESH'],
  [
    'e: it expired yesterday',
    cluster({ expiresAt: '2026-10-31T12:00:00Z' }),
    'fail EXPIRED',
    { message: /1 days ago/ },
  ],
  ['e: it expires now', cluster({ expiresAt: '2026-11-01T12:00:00Z' }), 'fail EXPIRED'],
  ['it expires at no time', cluster({ expiresAt: 'never' }), 'fail EXPIRED'],
  ['rotated too long ago', cluster({ rotatedAt: '2026-01-01T00:00:00Z' }), 'fail ROTATION_DUE'],
  [
    'rotated a year ago, which the entry allows',
    cluster({ rotatedAt: '2025-11-05T00:00:00Z', rotationDays: 400 }),
    'pass FRESH',
  ],
  [
    'rotated by the rule of the cluster',
    cluster({ rotationDays: undefined, rotatedAt: '2026-09-01T00:00:00Z' }, { rotationDays: 30 }),
    'fail ROTATION_DUE',
    { message: /every 30 days/ },
  ],
  [
    'rotated by the rule of nobody',
    cluster({ rotationDays: undefined, rotatedAt: '2025-12-01T00:00:00Z' }),
    'pass FRESH',
  ],
  ['nobody knows when', cluster({ rotatedAt: undefined }), 'warn ROTATION_UNKNOWN'],
  ['rotated in a year to come', cluster({ rotatedAt: '2027-12-01T00:00:00Z' }), 'warn ROTATION_UNKNOWN'],
  [
    'f: drilled 200 days ago',
    cluster({ lastDrill: { at: '2026-04-15T12:00:00Z', result: 'passed' } }),
    'fail DRILL_OVERDUE',
  ],
  [
    'all at once',
    cluster({ expiresAt: '2026-10-31T12:00:00Z', rotatedAt: undefined, lastDrill: undefined }),
    'fail EXPIRED',
    {
      verdicts: [
        'fail EXPIRED BreakGlass/edge',
        'fail NEVER_DRILLED BreakGlass/edge',
        'warn ROTATION_UNKNOWN BreakGlass/edge',
      ],
    },
  ],
  ['q: no entry', cluster({}, { breakGlass: [] }), 'notApplicable NO_ENTRY'],
  ['standalone', cluster({}, { role: 'standalone' }), 'notApplicable NO_TENANT_BOUNDARY'],
  ['shared', cluster({}, { tenancy: 'shared' }), 'notApplicable NOT_DEDICATED'],
]);
