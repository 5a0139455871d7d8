import { expect, it } from 'vitest';
import type { EventInput, WatchedFinding } from './event-input.js';
import { planSilentEvents } from './plan-silent-events.js';

const finding = (controlId: string, index: number): WatchedFinding => ({
  id: `fnd_${controlId}_${index}`,
  controlId,
  subject: { kind: 'Kustomization', namespace: `ns-${index % 3}`, name: `apps-${index}` },
  state: 'open',
  outcome: 'fail',
  severity: 'high',
  reason: 'APPLY_DENIED',
  message: 'It fails.',
  cleanRuns: 0,
  waived: false,
});

function inputOf(count: number): EventInput {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const findings = ['FLUX-RA-03', 'FLUX-RA-04'].flatMap((id) => indexes.map((index) => finding(id, index)));
  return {
    clusterId: 'cls_1',
    runId: 'run_1',
    at: '2026-11-24T02:00:06Z',
    quiet: false,
    findings,
    news: new Set(findings.map(({ id }) => id)),
    seen: new Map(),
    resolveAfterRuns: 2,
    edges: undefined,
    credentialExpiresAt: null,
    owners: new Map(),
    open: [],
  };
}

it('tells 10,000 objects of three namespaces in three events of bounded size, in time', () => {
  const input = inputOf(10_000);
  const start = performance.now();
  const { raised } = planSilentEvents(input);
  expect(performance.now() - start).toBeLessThan(1_000);
  expect(raised.map(({ subject }) => subject)).toEqual(['namespace ns-0', 'namespace ns-1', 'namespace ns-2']);
  expect(raised[0]?.facts).toMatchObject({ objectCount: 3_334 });
  expect(JSON.stringify(raised).length).toBeLessThan(30_000);
});

it('finds an event again whose subject held what cannot be stored', () => {
  const input = inputOf(1);
  const torn = { ...input.findings[0]?.subject, kind: 'Kustomization', name: 'a', namespace: 'x\uD800' };
  const findings = input.findings.map((each) => ({ ...each, subject: torn }));
  const [event] = planSilentEvents({ ...input, findings }).raised;
  expect(event?.subject).toBe('namespace x\uFFFD');
});
