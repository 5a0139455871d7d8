import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BASELINE_DIGEST, EXAMPLE_DIGEST } from '../../../../test/support/example-digest.js';
import { EXAMPLE_EVENTS, over } from '../../../../test/support/example-events.js';
import type { Message } from '../message.js';
import { renderChannelTest } from './channel-test.js';
import { renderDigest } from './digest.js';
import { renderEvent } from './event.js';

const VIEW = { publicUrl: 'https://plimsoll.example.com', channelId: 'chn_01JD9' };

const TITLES: Readonly<Record<string, string>> = {
  'FLUX-DED-01': 'Tenants cannot revoke platform-admin access',
  'FLUX-DED-02': 'Admission refuses changes to platform access',
  'FLUX-RA-02': 'Kubeconfigs are self-contained',
};
const EVENT_VIEW = { ...VIEW, titleOf: (controlId: string) => TITLES[controlId] ?? controlId };
const expiring = EXAMPLE_EVENTS['credential.expiring'];

const MESSAGES: Readonly<Record<string, Message>> = {
  digest: renderDigest(EXAMPLE_DIGEST, VIEW),
  'digest-high-only': renderDigest(EXAMPLE_DIGEST, { ...VIEW, minSeverity: 'high' }),
  'digest-worse': renderDigest(
    {
      ...EXAMPLE_DIGEST,
      openedCount: 0,
      opened: [],
      reopenedCount: 1,
      reopened: EXAMPLE_DIGEST.opened.slice(2),
      escalatedCount: 1,
      escalated: EXAMPLE_DIGEST.opened.slice(0, 1),
      baselineFindings: 12,
      resolvedCount: 0,
    },
    VIEW,
  ),
  'digest-nothing-reached': renderDigest(
    {
      ...EXAMPLE_DIGEST,
      clusters: { total: 2, evaluated: 0, notEvaluated: 2, lost: 0, regained: 0 },
      coverage: 0,
      compliant: { now: 0, before: 2 },
      opened: [],
      openedCount: 0,
      resolvedCount: 0,
      blindSpots: EXAMPLE_DIGEST.blindSpots.slice(0, 1),
    },
    VIEW,
  ),
  baseline: renderDigest(BASELINE_DIGEST, VIEW),
  'channel-test': renderChannelTest(
    { channelId: 'chn_01JD9', channelName: 'fleet', requestedBy: 'ada', at: '2026-11-24T02:00:06Z' },
    VIEW.publicUrl,
  ),
  'tenant-can-revoke': renderEvent(EXAMPLE_EVENTS['tenant.canRevoke'], EVENT_VIEW),
  'tenant-can-revoke-over': renderEvent(over('tenant.canRevoke', { how: 'resolved' }), EVENT_VIEW),
  'remote-apply-silent': renderEvent(EXAMPLE_EVENTS['remoteApply.silent'], EVENT_VIEW),
  'remote-apply-silent-over': renderEvent(over('remoteApply.silent', { how: 'resolved' }), EVENT_VIEW),
  'remote-apply-heard': renderEvent(over('remoteApply.silent', { how: 'heard' }), EVENT_VIEW),
  'credential-expiring': renderEvent(expiring, EVENT_VIEW),
  'credential-expired': renderEvent(
    {
      ...expiring,
      severity: 'critical',
      facts: { use: 'cluster', expiresAt: '2026-11-23T20:00:00Z', threshold: 0 },
    },
    EVENT_VIEW,
  ),
  'credential-renewed': renderEvent(over('credential.expiring', { how: 'renewed' }), EVENT_VIEW),
  'drill-failed': renderEvent(EXAMPLE_EVENTS['drill.failed'], EVENT_VIEW),
  'drill-recovered': renderEvent(over('drill.failed', { how: 'passed', drillId: 'drl_01JDA00' }), EVENT_VIEW),
};

describe('rendered messages', () => {
  it.each(Object.entries(MESSAGES))('%s is as in its golden file', (name, message) => {
    const file = new URL(`golden/${name}.json`, import.meta.url);
    // `UPDATE_GOLDEN=1 npm test -- golden` writes them anew; read the difference before you commit it.
    if (process.env['UPDATE_GOLDEN']) writeFileSync(file, `${JSON.stringify(message, null, 2)}\n`);
    expect(message).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });
});
