import { expect, it } from 'vitest';
import { type Observation, fail, fingerprint, notEvaluated, pass, warn } from '#libs/core';
import { assess } from '../../../test/support/control-stub.js';
import { toFindings } from './findings.js';

const subject = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'flux-system', name: 'a', uid: 'u1' };
const at = (pointer: string) => ({ pointer, observed: true, expected: 'false' });
const bad = (pointer: string, details: Partial<Observation> = {}): Observation => ({
  ...fail(subject, 'BAD', 'Bad.', { evidence: [at(pointer)] }),
  ...details,
});

it('makes a finding of each failure and warning, and of nothing else', () => {
  const findings = toFindings(
    assess({
      'T-1': [bad('/a'), pass({ ...subject, name: 'b' }, 'FINE', 'Fine.')],
      'T-2': [
        warn(subject, 'HM', 'Hm.'),
        notEvaluated({ ...subject, name: 'c' }, 'forbidden', 'RBAC_DENIED_READ', 'No.'),
      ],
    }),
  );
  expect(findings.map(({ controlId, reason, outcome, severity }) => [controlId, reason, outcome, severity])).toEqual([
    ['T-1', 'BAD', 'fail', 'medium'],
    ['T-2', 'HM', 'warn', 'medium'],
  ]);
  expect(findings[0]).toMatchObject({ fixes: [], confidence: 'proven', evidence: [at('/a')] });
});

it('identifies a finding by control, cluster, subject and reason', () => {
  const [finding] = toFindings(assess({ 'T-1': [bad('/a')] }, { uid: 'cluster-1' }));
  expect(finding?.fingerprint).toBe(fingerprint('T-1', 'cluster-1', subject, 'BAD'));
  const [recreated] = toFindings(
    assess(
      { 'T-1': [bad('/b', { subject: { ...subject, uid: 'u2', apiVersion: 'apps/v2' }, message: 'Other words.' })] },
      { uid: 'cluster-1' },
    ),
  );
  expect(recreated?.fingerprint).toBe(finding?.fingerprint);
});

it.each<[string, readonly Observation[]]>([
  ['the worse severity', [bad('/a', { severity: 'low' }), bad('/b', { severity: 'high' })]],
  [
    'the failure before the warning',
    [bad('/a', { outcome: 'warn', severity: 'critical' }), bad('/b', { severity: 'high' })],
  ],
])('joins observations with one fingerprint: %s wins, evidence is added up', (_state, observations) => {
  for (const given of [observations, observations.toReversed(), [...observations, ...observations]]) {
    const findings = toFindings(assess({ 'T-1': given }));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ outcome: 'fail', severity: 'high' });
    expect(findings[0]?.evidence.map(({ pointer }) => pointer).toSorted()).toEqual(['/a', '/b']);
  }
});
