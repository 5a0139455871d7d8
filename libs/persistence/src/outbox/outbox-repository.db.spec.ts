import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Store, openStore } from '../../../../test/support/store.js';
import { appendToOutbox } from './outbox-repository.js';

let store: Store;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await store.dataSource.query('TRUNCATE outbox');
});

const append = (count: number) =>
  appendToOutbox(
    store.dataSource.manager,
    'delivery.due',
    Array.from({ length: count }, (_, index) => ({ deliveryId: `dlv_${index}` })),
  );

it('hands over the oldest messages and marks them', async () => {
  await append(5);
  const seen: string[] = [];
  const send = async (messages: readonly { payload: Readonly<Record<string, string>> }[]) => {
    seen.push(...messages.map(({ payload }) => payload.deliveryId ?? ''));
  };
  expect(await store.outbox.waiting()).toMatchObject({ count: 5, oldestAt: expect.any(String) });
  expect(await store.outbox.dispatch(3, send)).toBe(3);
  expect(await store.outbox.dispatch(3, send)).toBe(2);
  expect(await store.outbox.dispatch(3, send)).toBe(0);
  expect(seen).toEqual(['dlv_0', 'dlv_1', 'dlv_2', 'dlv_3', 'dlv_4']);
  expect(await store.outbox.waiting()).toEqual({ count: 0, oldestAt: null });
});

it('keeps messages whose sending failed', async () => {
  await append(2);
  const failing = store.outbox.dispatch(10, async () => {
    throw new Error('the queue is down');
  });
  await expect(failing).rejects.toThrow('the queue is down');
  expect((await store.outbox.waiting()).count).toBe(2);
});

it('gives each message to one of several dispatchers', async () => {
  await append(40);
  const seen: string[] = [];
  const drain = async () => {
    while (
      (await store.outbox.dispatch(5, async (messages) => {
        seen.push(...messages.map(({ id }) => id));
      })) > 0
    );
  };
  await Promise.all([drain(), drain(), drain()]);
  expect(seen).toHaveLength(40);
  expect(new Set(seen).size).toBe(40);
});

it('does not exist where its cause was rolled back', async () => {
  const rolledBack = store.dataSource.transaction(async (manager) => {
    await appendToOutbox(manager, 'run.planned', [{ runId: 'run_1' }]);
    throw new Error('no');
  });
  await expect(rolledBack).rejects.toThrow('no');
  expect((await store.outbox.waiting()).count).toBe(0);
});

it('forgets messages that were dispatched long ago', async () => {
  await append(2);
  await store.outbox.dispatch(1, async () => {});
  expect(await store.outbox.prune(new Date(Date.now() - 60_000))).toBe(0);
  expect(await store.outbox.prune(new Date(Date.now() + 60_000))).toBe(1);
  expect((await store.outbox.waiting()).count).toBe(1);
});
