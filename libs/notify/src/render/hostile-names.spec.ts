import type { DigestBlindSpot, DigestFinding, EventFacts, FleetEvent, RunDigest } from '#libs/core';
import { DRILL_STEP_STATES, DRILL_STEPS, EXPIRY_THRESHOLDS, SEVERITIES } from '#libs/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXAMPLE_DIGEST } from '../../../../test/support/example-digest.js';
import { EXAMPLE_EVENTS } from '../../../../test/support/example-events.js';
import { SLACK_SIZES, type SlackContent } from '../message.js';
import { renderChannelTest } from './channel-test.js';
import { renderDigest } from './digest.js';
import { renderEvent } from './event.js';

const ORIGIN = 'https://plimsoll.example.com';
const VIEW = { publicUrl: ORIGIN, channelId: 'chn_01' };

/** Every string that an audited cluster could put into a message. */
let names = 0;
const attack = fc.constantFrom(
  '<!channel>',
  '<!here|here>',
  '<@U012345>',
  '<!subteam^S012345>',
  '<https://evil.example|https://plimsoll.example.com>',
  '@here @channel @everyone',
  '`@here`',
  '```\n@channel',
  '&lt;!channel&gt;',
  '*bold* _it_ ~st~ :red_circle:',
  '|>',
  '\u202Egnp.exe\u202C',
  '\u2066\u2067\u2068\u2069\u200F\u061C',
  '\u0000\u0007\u001B]0;title\u0007\r\n',
  '\uD800',
  '\u{E0001}\u{E0068}\u{E0069}',
  `z${'\u0301\u0335'.repeat(300)}`,
  '👩‍👩‍👧‍👦'.repeat(40),
  '🇫🇷'.repeat(100),
  '<'.repeat(4_096),
  '&"\\'.repeat(1_400),
  'مرحبا بالعالم',
  '',
  '   ',
);
const hostile = fc
  .oneof(
    attack,
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: 'grapheme', maxLength: 80 }),
    fc.array(attack, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('')),
  )
  .map((name) => {
    names += 1;
    return name;
  });

const finding: fc.Arbitrary<DigestFinding> = fc.record({
  findingId: fc.constant('fnd_01JD9Z0K3E0000000000000000'),
  controlId: fc.constant('FLUX-KC-03'),
  title: hostile,
  severity: fc.constantFrom(...SEVERITIES),
  clusters: fc.array(hostile, { minLength: 1, maxLength: 5 }),
  clusterCount: fc.integer({ min: 1, max: 10_000 }),
  tenant: hostile,
  message: hostile,
});
const blindSpot: fc.Arbitrary<DigestBlindSpot> = fc.record({
  cause: fc.constantFrom('timeout', 'forbidden', 'parseError'),
  clusters: fc.array(hostile, { minLength: 1, maxLength: 5 }),
  clusterCount: fc.integer({ min: 1, max: 10_000 }),
  controls: fc.integer({ min: 0, max: 40 }),
  message: hostile,
});
const digest: fc.Arbitrary<RunDigest> = fc.record({
  ...(Object.fromEntries(Object.entries(EXAMPLE_DIGEST).map(([key, value]) => [key, fc.constant(value)])) as {
    [K in keyof RunDigest]: fc.Arbitrary<RunDigest[K]>;
  }),
  profile: hostile,
  baseline: fc.boolean(),
  opened: fc.array(finding, { maxLength: 14 }),
  reopened: fc.array(finding, { maxLength: 4 }),
  escalated: fc.array(finding, { maxLength: 4 }),
  openedCount: fc.integer({ min: 1, max: 5_000 }),
  blindSpots: fc.array(blindSpot, { maxLength: 12 }),
});

/** Ids are made here, never by a cluster. */
const ID = fc.constant('fnd_01JD9Z0K3E0000000000000000');
const some = <T>(item: fc.Arbitrary<T>, maxLength = 10) => fc.array(item, { minLength: 1, maxLength });
const maybe = <T>(item: fc.Arbitrary<T>) => fc.option(item, { nil: undefined });
const AT = '2026-11-24T07:12:06Z';
/** Of a credential, which is as its maker wrote it. */
const time = fc.oneof(fc.constant(AT), hostile);

const tenantFacts = fc.record({
  tenant: hostile,
  owner: hostile,
  ways: some(
    fc.record({ findingId: ID, controlId: fc.constant('FLUX-DED-01'), message: hostile, evidence: some(hostile, 6) }),
    5,
  ),
  wayCount: fc.integer({ min: 1, max: 10_000 }),
  newCount: fc.integer({ min: 1, max: 5 }),
});
const silentFacts: fc.Arbitrary<EventFacts['remoteApply.silent']> = fc.record({
  target: hostile,
  registered: fc.boolean(),
  objects: some(
    fc.record({
      kind: hostile,
      namespace: hostile,
      name: hostile,
      cause: fc.record({ code: hostile, message: hostile }),
      why: some(hostile, 3),
      alerts: some(
        fc.record({
          namespace: hostile,
          name: hostile,
          provider: fc.record({ namespace: hostile, name: hostile, type: hostile }),
          health: fc.constantFrom('delivers' as const, 'silent' as const, 'doubtful' as const, 'unknown' as const),
          why: hostile,
        }),
        3,
      ),
      fields: some(fc.record({ object: hostile, pointer: hostile, observed: hostile, expected: hostile }), 3),
      failureFindingId: ID,
      alertFindingId: ID,
    }),
  ),
  objectCount: fc.integer({ min: 1, max: 10_000 }),
});
const credentialFacts: fc.Arbitrary<EventFacts['credential.expiring']> = fc.record({
  use: fc.constantFrom('cluster' as const, 'remoteApply' as const, 'breakGlass' as const),
  name: hostile,
  expiresAt: time,
  threshold: fc.constantFrom(...EXPIRY_THRESHOLDS),
  finding: fc.record({ id: ID, controlId: fc.constant('FLUX-RA-02') }),
});
const drillFacts: fc.Arbitrary<EventFacts['drill.failed']> = fc.record({
  drillId: hostile,
  entry: hostile,
  mode: fc.constantFrom('verify' as const, 'dryRun' as const, 'live' as const),
  steps: some(
    fc.record({
      name: fc.constantFrom(...DRILL_STEPS),
      state: fc.constantFrom(...DRILL_STEP_STATES),
      message: hostile,
    }),
    5,
  ),
  writes: fc.integer({ min: 0, max: 9 }),
  lastPassedAt: time,
  runbook: hostile,
});
/** An event with the facts that it may have, open or over. */
const event: fc.Arbitrary<FleetEvent> = fc
  .tuple(
    fc.oneof(
      tenantFacts.map((facts) => ({ ...EXAMPLE_EVENTS['tenant.canRevoke'], facts })),
      silentFacts.map((facts) => ({ ...EXAMPLE_EVENTS['remoteApply.silent'], facts })),
      credentialFacts.map((facts) => ({ ...EXAMPLE_EVENTS['credential.expiring'], facts })),
      drillFacts.map((facts) => ({ ...EXAMPLE_EVENTS['drill.failed'], facts })),
    ),
    hostile,
    maybe(fc.constantFrom('resolved' as const, 'heard' as const)),
  )
  .map(([base, clusterName, how]) => {
    const ending = how && { state: 'closed' as const, closedAt: AT, ending: { how, drillId: clusterName } };
    return { ...base, clusterName, ...ending };
  });

const OUR_LINK = /<https:\/\/plimsoll\.example\.com\/[^\s|<>]*\|[^<>|\n]*>/g;
const CODE_BLOCK = /```[^`]+```/g;
const CODE_SPAN = /`[^`\n]+`/g;

/** What must hold for text that Slack interprets. Returns what does not. */
function faultsOf(mrkdwn: string): readonly string[] {
  const withoutLinks = mrkdwn.replace(OUR_LINK, '');
  const prose = withoutLinks.replace(CODE_BLOCK, '').replace(CODE_SPAN, '');
  const checks: readonly (readonly [fault: string, found: boolean])[] = [
    ['an angle bracket that is not ours', /[<>]/.test(withoutLinks)],
    ['a bare ampersand', /&(?!(amp|lt|gt);)/.test(mrkdwn)],
    ['a backtick outside of a code span', prose.includes('`')],
    ['a mention', /@(here|channel|everyone)/i.test(prose)],
    [
      'an emoji code that is not ours',
      /:(?!(red_circle|large_\w+_circle|white_circle|white_check_mark|x|heavy_minus_sign|grey_question|warning):)[\w+'-]*[a-z][\w+'-]*:/i.test(
        prose,
      ),
    ],
    ['a strike-through', prose.includes('~')],
    ['a bidirectional control', /\p{Bidi_Control}/u.test(mrkdwn)],
    ['a control character', /(?!\n)\p{Cc}/u.test(mrkdwn)],
    ['half a character', /\p{Surrogate}/u.test(mrkdwn)],
    ['a hidden character', /[\u00AD\u2060\uFEFF\u{E0000}-\u{E007F}]/u.test(mrkdwn)],
  ];
  return checks.filter(([, found]) => found).map(([fault]) => `${fault} in ${JSON.stringify(mrkdwn)}`);
}

/** Slack's limits, written down a second time on purpose. */
function limitsBrokenBy(content: SlackContent): readonly string[] {
  const blocks = content.blocks ?? [];
  const whole = JSON.stringify(content).length;
  return [
    ...(whole > 12_000 ? [`the message has ${whole} characters`] : []),
    ...(blocks.length > 50 ? [`${blocks.length} blocks`] : []),
    ...(content.text === '' || content.text.length > 3_000 ? [`a text of ${content.text.length}`] : []),
    ...blocks.flatMap((block) => {
      if (block.type === 'header') return block.text.text.length > 150 ? ['a header over 150'] : [];
      if (block.type === 'context') return block.elements.length > 10 ? ['a context over 10 elements'] : [];
      if (block.type !== 'section') return [];
      const fields = block.fields ?? [];
      return [
        ...((block.text?.text.length ?? 0) > 3_000 ? ['a section over 3,000'] : []),
        ...(fields.length > 10 || fields.some(({ text }) => text.length > 2_000) ? ['fields over the limit'] : []),
      ];
    }),
  ];
}

function mrkdwnOf(content: SlackContent): readonly string[] {
  const inBlocks = (content.blocks ?? []).flatMap((block) => {
    if (block.type === 'section') return [block.text?.text ?? '', ...(block.fields ?? []).map(({ text }) => text)];
    if (block.type === 'context') return block.elements.map((element) => ('text' in element ? element.text : ''));
    return [];
  });
  return [content.text, ...inBlocks];
}

describe('10,000 hostile names', () => {
  it('break no limit of Slack and are never interpreted', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(digest, (value) => {
        const { slack } = renderDigest(value, VIEW);
        for (const size of SLACK_SIZES) {
          expect(limitsBrokenBy(slack[size])).toEqual([]);
          expect(mrkdwnOf(slack[size]).flatMap(faultsOf)).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
    expect(names).toBeGreaterThan(10_000);
  });

  it('hold in the messages about events', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(event, (value) => {
        const message = renderEvent(value, { ...VIEW, titleOf: (controlId) => controlId });
        for (const size of SLACK_SIZES) {
          expect(limitsBrokenBy(message.slack[size])).toEqual([]);
          expect(mrkdwnOf(message.slack[size]).flatMap(faultsOf)).toEqual([]);
        }
        expect(JSON.stringify(message.data).length).toBeLessThan(20_000);
      }),
      { numRuns: 400 },
    );
  });

  it('lead to runbooks only under the name of their host', () => {
    const drill = EXAMPLE_EVENTS['drill.failed'];
    const runbookOf = (runbook: string) =>
      JSON.stringify(
        renderEvent({ ...drill, facts: { ...drill.facts, runbook } }, { ...VIEW, titleOf: String }).slack.full,
      );
    expect(runbookOf('https://evil.example/a|b>')).toContain('<https://evil.example/a%7Cb%3E|runbook at evil.example>');
    expect(runbookOf('javascript:alert(1)')).not.toContain('<javascript');
    expect(runbookOf('http://runbooks.example')).not.toContain('<http:');
  });

  it('hold in the test message too', () => {
    fc.assert(
      fc.property(hostile, hostile, (channelName, requestedBy) => {
        const message = renderChannelTest({ channelId: 'chn_01', channelName, requestedBy, at: 'now' }, ORIGIN);
        for (const size of SLACK_SIZES) {
          expect(limitsBrokenBy(message.slack[size])).toEqual([]);
          expect(mrkdwnOf(message.slack[size]).flatMap(faultsOf)).toEqual([]);
        }
      }),
    );
  });

  it('is a check that can fail', () => {
    expect(faultsOf('<!channel>')).toHaveLength(1);
    expect(faultsOf('a & b `c')).toHaveLength(2);
    expect(limitsBrokenBy({ text: 'x'.repeat(12_001) })).toHaveLength(2);
  });
});
