import { tableOf } from '../../../../test/support/expect-control.js';
import { breakGlassMonitored as control } from './bg-05-sealed-and-monitored.js';

const ENTRY = {
  name: 'edge',
  drillDays: 90,
  auditFeed: true,
  alertOnUse: { rule: 'bg-use', testedAt: '2026-10-12T12:00:00Z' },
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
  ['a: alert tested by the drill', cluster({}), 'pass MONITORED'],
  ['a feed that goes without saying', cluster({ auditFeed: undefined }), 'pass MONITORED'],
  ['j: no audit feed', cluster({ auditFeed: false }), 'warn UNMONITORABLE'],
  ['j: nothing said about either', cluster({ auditFeed: undefined, alertOnUse: undefined }), 'warn UNMONITORABLE'],
  ['a feed, and no alert', cluster({ alertOnUse: undefined }), 'fail NO_ALERT_ON_USE'],
  [
    'an alert that was never tested',
    cluster({ alertOnUse: { rule: 'bg-use' } }),
    'fail ALERT_NOT_TESTED',
    { message: /never tested/ },
  ],
  [
    'an alert tested long ago',
    cluster({ alertOnUse: { rule: 'bg-use', testedAt: '2026-07-01T00:00:00Z' } }),
    'fail ALERT_NOT_TESTED',
  ],
  [
    'tested within the days of the entry',
    cluster({ drillDays: 365, alertOnUse: { rule: 'bg-use', testedAt: '2026-07-01T00:00:00Z' } }),
    'pass MONITORED',
  ],
  ['q: no entry', cluster({}, { breakGlass: undefined }), 'notApplicable NO_ENTRY'],
  ['standalone', cluster({}, { role: 'standalone' }), 'notApplicable NO_TENANT_BOUNDARY'],
]);
