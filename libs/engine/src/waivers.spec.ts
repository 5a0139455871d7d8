import { expect, it } from 'vitest';
import { type Waiver, fail } from '#libs/core';
import { assess } from '../../../test/support/control-stub.js';
import { toFindings } from './findings.js';
import { applyWaivers } from './waivers.js';

const evidence = [{ pointer: '/spec', observed: true, expected: 'false' }] as const;
const findings = toFindings(
  assess({
    'T-1': ['a', 'b'].map((name) => fail({ kind: 'Thing', namespace: 'apps', name }, 'BAD', 'Bad.', { evidence })),
  }),
);
const NOW = Date.parse('2026-11-01T12:00:00Z');
const CLUSTER = { name: 'prod-1', labels: { env: 'prod', region: 'eu' } };

function waiver(scope: Waiver['scope'], more: Partial<Waiver> = {}): Waiver {
  return {
    id: 'wvr_1',
    controlId: 'T-1',
    scope,
    reason: 'Accepted until the migration.',
    approver: 'grace',
    expiresAt: '2026-12-01T00:00:00Z',
    ...more,
  };
}

const waived = (waivers: readonly Waiver[]): readonly string[] => {
  const { waivedBy } = applyWaivers(findings, waivers, CLUSTER, NOW);
  return findings.flatMap(({ fingerprint, subject }) => (waivedBy.has(fingerprint) ? [subject.name] : []));
};

it.each<[string, Waiver, readonly string[]]>([
  ['the whole control', waiver({}), ['a', 'b']],
  ['another control', waiver({}, { controlId: 'T-2' }), []],
  ['one fingerprint', waiver({ fingerprint: findings[0]?.fingerprint ?? '' }), ['a']],
  ['an unknown fingerprint', waiver({ fingerprint: 'x' }), []],
  ['the cluster', waiver({ cluster: 'prod-1' }), ['a', 'b']],
  ['another cluster', waiver({ cluster: 'prod-2' }), []],
  ['labels of the cluster', waiver({ labels: { env: 'prod' } }), ['a', 'b']],
  ['a label that differs', waiver({ labels: { env: 'prod', region: 'us' } }), []],
  ['the subject', waiver({ subject: { kind: 'Thing', namespace: 'apps', name: 'b' } }), ['b']],
  ['a part of the scope that does not match', waiver({ cluster: 'prod-1', subject: { name: 'c' } }), []],
  ['expired', waiver({}, { expiresAt: '2026-11-01T12:00:00Z' }), []],
  ['expires in a second', waiver({}, { expiresAt: '2026-11-01T12:00:01Z' }), ['a', 'b']],
])('%s', (_scope, given, expected) => {
  expect(waived([given])).toEqual(expected);
});

it('takes the waiver that lasts longest, in whatever order they come', () => {
  const [short, long] = [waiver({}), waiver({}, { id: 'wvr_2', expiresAt: '2027-01-01T00:00:00Z' })];
  for (const waivers of [
    [short, long],
    [long, short],
  ]) {
    expect([...new Set(applyWaivers(findings, waivers, CLUSTER, NOW).waivedBy.values())]).toEqual(['wvr_2']);
  }
});

it('tells which waivers expired and would still be needed', () => {
  const old = waiver({ subject: { name: 'a' } }, { id: 'wvr_3', expiresAt: '2026-10-01T00:00:00Z' });
  const useless = waiver({ subject: { name: 'z' } }, { id: 'wvr_4', expiresAt: '2026-10-01T00:00:00Z' });
  expect(applyWaivers(findings, [old, useless], CLUSTER, NOW).expired).toEqual([old]);
  expect(applyWaivers(findings, [old, waiver({})], CLUSTER, NOW).expired).toEqual([]);
});
