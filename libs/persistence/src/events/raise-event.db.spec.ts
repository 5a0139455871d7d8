import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { endEvent, raiseEvent, type RaisedEvent } from '#libs/persistence';
import { channelAad, newId } from '#libs/platform';
import { EXAMPLE_EVENTS } from '../../../../test/support/example-events.js';
import { type Store, openStore } from '../../../../test/support/store.js';

const AT = '2026-11-24T07:12:06.000Z';

let store: Store;
let clusterId: string;
beforeAll(async () => {
  store = await openStore();
  clusterId = await store.register('pay-eu-3');
});
afterAll(() => store.close());
beforeEach(async () => {
  await store.dataSource.query('TRUNCATE channel, outbox, event CASCADE');
});

const failed = (dedupeKey: string, details: Partial<RaisedEvent> = {}): RaisedEvent =>
  ({
    type: 'drill.failed',
    clusterId,
    subject: 'edge',
    dedupeKey,
    facts: EXAMPLE_EVENTS['drill.failed'].facts,
    since: '2026-11-24T02:00:06.000Z',
    ...details,
  }) as RaisedEvent;
const revocable = (dedupeKey: string): RaisedEvent => ({
  type: 'tenant.canRevoke',
  clusterId,
  subject: 'payments',
  dedupeKey,
  facts: EXAMPLE_EVENTS['tenant.canRevoke'].facts,
  since: '2026-11-24T02:00:06.000Z',
});
const raise = (event: RaisedEvent) => store.dataSource.transaction((manager) => raiseEvent(manager, event));
const end = ({ type, subject }: RaisedEvent) =>
  store.dataSource.transaction((manager) =>
    endEvent(manager, { type, clusterId, subject }, { how: 'passed', drillId: 'drl_2' }, AT),
  );
const kinds = async () =>
  (await store.dataSource.query('SELECT kind FROM outbox ORDER BY id')).map(({ kind }: { kind: string }) => kind);

async function channel(name: string, events: readonly string[], details: object = {}): Promise<string> {
  const id = newId('chn');
  await store.channels.create({
    id,
    name,
    kind: 'slackBot',
    settings: { channelId: 'C0123ABCDEF' },
    sealed: store.keyring.seal('{}', channelAad(id)),
    events,
    minSeverity: 'low',
    ...details,
  });
  return id;
}
async function raised(event: RaisedEvent): Promise<string> {
  const id = await raise(event);
  if (id === null) throw new Error('nothing was raised');
  return id;
}
async function send(deliveryId: string | undefined, messageRef = { channel: 'C1', ts: '1.2' }): Promise<void> {
  await store.dataSource.query('UPDATE channel SET paused_until = NULL');
  await store.deliveries.claim(deliveryId ?? '');
  await store.deliveries.record(deliveryId ?? '', { outcome: 'sent', code: 'ok', durationMs: 1, messageRef });
}
const stateOf = async (deliveryId: string | undefined) => (await store.deliveries.get(deliveryId ?? ''))?.state;

describe('an event', () => {
  it('is raised once for its key, with one message in the outbox', async () => {
    const id = await raised(failed('drl_1'));
    expect(await raise(failed('drl_1'))).toBeNull();
    expect(await kinds()).toEqual(['event.raised']);
    expect(await store.events.get(id)).toMatchObject({
      type: 'drill.failed',
      clusterName: 'pay-eu-3',
      severity: 'critical',
      state: 'open',
      facts: { drillId: 'drl_01JD9ZZ' },
      since: '2026-11-24T02:00:06.000Z',
    });
  });

  it('does not come about where its cause is rolled back', async () => {
    const undone = store.dataSource.transaction(async (manager) => {
      await raiseEvent(manager, failed('drl_1'));
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await kinds()).toEqual([]);
    expect(await raise(failed('drl_1'))).not.toBeNull();
  });

  it('supersedes an open one of its subject, and nothing else', async () => {
    const first = await raised(failed('drl_1'));
    const other = await raised(failed('drl_1b', { subject: 'core' }));
    const second = await raised(failed('drl_2'));
    const state = async (id: string) => (await store.events.get(id))?.state;
    expect([await state(first), await state(other), await state(second)]).toEqual(['closed', 'open', 'open']);
    expect((await store.events.get(first))?.ending).toEqual({ how: 'superseded' });
    expect(await kinds()).toEqual(['event.raised', 'event.raised', 'event.raised']);
  });

  it('ends once, and only where it was open', async () => {
    expect(await end(failed(''))).toBeNull();
    const id = await raised(failed('drl_1'));
    expect([await end(failed('')), await end(failed(''))]).toEqual([id, null]);
    expect(await store.events.get(id)).toMatchObject({
      state: 'closed',
      closedAt: AT,
      ending: { how: 'passed', drillId: 'drl_2' },
    });
    expect(await kinds()).toEqual(['event.raised', 'event.ended']);
  });
});

describe('deliveries of an event', () => {
  it('go to enabled channels that want its type and severity, once', async () => {
    const a = await channel('a', ['drill.failed']);
    await channel('digests', ['run.completed']);
    await channel('off', ['drill.failed'], { enabled: false });
    const critical = await channel('critical', ['drill.failed', 'remoteApply.silent'], { minSeverity: 'critical' });
    const id = await raised(failed('drl_1'));
    const silent = await raised({
      type: 'remoteApply.silent',
      clusterId,
      subject: 'x',
      dedupeKey: 'x',
      facts: EXAMPLE_EVENTS['remoteApply.silent'].facts,
      since: AT,
    });
    const planned = await Promise.all([1, 2, 3].map(() => store.deliveries.planForEvent(id)));
    expect(planned.flat()).toHaveLength(2);
    expect(await store.deliveries.planForEvent(silent)).toEqual([]);
    const { items } = await store.deliveries.list({ limit: 9 });
    expect(items.map(({ channelId }) => channelId).toSorted()).toEqual([a, critical].toSorted());
    expect(items[0]).toMatchObject({ event: 'drill.failed', eventId: id, isEnd: false, runId: null, state: 'pending' });
  });

  it('tell the end where the event was told, in the place of that message', async () => {
    await channel('a', ['tenant.canRevoke']);
    const id = await raised(revocable('run_1'));
    const [told] = await store.deliveries.planForEvent(id);
    await send(told);
    await channel('newer', ['tenant.canRevoke']);
    await end(revocable(''));
    const ids = await store.deliveries.planForEventEnd(id);
    expect(ids).toHaveLength(1);
    expect(await store.deliveries.planForEventEnd(id)).toEqual([]);
    await store.dataSource.query('UPDATE channel SET paused_until = NULL');
    const work = await store.deliveries.claim(ids[0] ?? '');
    expect(work).toMatchObject({
      delivery: { event: 'tenant.canRevoke', isEnd: true },
      replaces: { channel: 'C1', ts: '1.2' },
    });
  });

  it('are not sent any more where it is over before they were', async () => {
    await channel('a', ['tenant.canRevoke']);
    const id = await raised(revocable('run_1'));
    const [waiting] = await store.deliveries.planForEvent(id);
    await end(revocable(''));
    expect(await store.deliveries.planForEventEnd(id)).toEqual([]);
    expect(await stateOf(waiting)).toBe('skipped');
    const late = await raised(revocable('run_2'));
    await end(revocable(''));
    expect(await store.deliveries.planForEvent(late)).toEqual([]);
  });

  it('tell a recovery to channels that want it, with or without the failure', async () => {
    await channel('both', ['drill.failed', 'drill.recovered']);
    await channel('failures', ['drill.failed']);
    const recoveries = await channel('recoveries', ['drill.recovered']);
    const id = await raised(failed('drl_1'));
    for (const told of await store.deliveries.planForEvent(id)) await send(told);
    await end(failed(''));
    const ids = await store.deliveries.planForEventEnd(id);
    const { items } = await store.deliveries.list({ limit: 9, filter: { event: ['drill.recovered'] } });
    expect(ids).toHaveLength(2);
    expect(items.map(({ channelName }) => channelName).toSorted()).toEqual(['both', 'recoveries']);
    const alone = items.find(({ channelId }) => channelId === recoveries);
    await store.dataSource.query('UPDATE channel SET paused_until = NULL');
    expect((await store.deliveries.claim(alone?.id ?? ''))?.replaces).toBeNull();
  });

  it('say nothing of an end that a newer event took the place of', async () => {
    await channel('a', ['tenant.canRevoke']);
    const first = await raised(revocable('run_1'));
    for (const told of await store.deliveries.planForEvent(first)) await send(told);
    await raised(revocable('run_2'));
    expect(await store.deliveries.planForEventEnd(first)).toEqual([]);
  });
});
