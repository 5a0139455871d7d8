import { describe, expect, it } from 'vitest';
import { auditJob, deliveryJob, discoveryJob, drillJob, JOB_PAYLOADS, QUEUE_NAMES } from './jobs.js';

const TARGET = 'tgt_01JD9YZ3M6Q8R5T7V9X1Z3B5D7';
const DRILL = 'drl_01JD9YZ3M6Q8R5T7V9X1Z3B5D7';
const DELIVERY = 'dlv_01JD9YZ3M6Q8R5T7V9X1Z3B5D7';
const now = new Date('2026-01-01T00:00:00Z');

describe('job ids', () => {
  it('name the target', () => {
    expect(auditJob(TARGET)).toEqual({ id: TARGET, payload: { targetId: TARGET } });
  });

  it('name the drill', () => {
    expect(drillJob(DRILL)).toEqual({ id: DRILL, payload: { drillId: DRILL } });
  });

  it('name the delivery and its due time', () => {
    const due = new Date('2026-01-01T00:00:30Z');
    expect(deliveryJob(DELIVERY, due, now)).toEqual({
      id: `${DELIVERY}-${due.getTime()}`,
      payload: { deliveryId: DELIVERY },
      delayMs: 30_000,
    });
  });

  it('name the source and when it was asked for', () => {
    const source = 'src_01JD9YZ3M6Q8R5T7V9X1Z3B5D7';
    expect(discoveryJob(source, now)).toEqual({ id: `${source}-${now.getTime()}`, payload: { sourceId: source } });
  });

  it.each([
    ['due now', now],
    ['due in the past', new Date('2025-12-31T23:00:00Z')],
  ])('have no delay where the delivery is %s', (_, due) => {
    expect(deliveryJob(DELIVERY, due, now)).not.toHaveProperty('delayMs');
  });

  it('hold no colon, which separates the parts of a Redis key', () => {
    for (const job of [auditJob(TARGET), deliveryJob(DELIVERY, now, now)]) expect(job.id).not.toContain(':');
  });
});

describe('payloads', () => {
  it.each([
    ['another field beside the id', { targetId: TARGET, kubeconfig: 'x' }],
    ['an id of another kind', { targetId: DELIVERY }],
    ['an id that is not a text', { targetId: 7 }],
    ['no id', {}],
    ['no object', 'tgt'],
  ])('are refused with %s', (_, payload) => {
    expect(JOB_PAYLOADS.audit.safeParse(payload).success).toBe(false);
  });

  it('are known for every queue', () => {
    expect(QUEUE_NAMES).toEqual(['audit', 'audit-slow', 'delivery', 'drill', 'discovery']);
  });
});
