import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newApiToken, newSecret, parseApiToken, sameHash } from '#libs/platform';
import { type Store, openStore } from '../../../../test/support/store.js';

let store: Store;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

const soon = () => new Date(Date.now() + 60_000);
const past = () => new Date(Date.now() - 1_000);

async function issue(name: string, expiresAt = soon(), role: 'viewer' | 'admin' = 'viewer') {
  const made = newApiToken('pat');
  const record = await store.tokens.create({
    name,
    role,
    publicId: made.publicId,
    hash: made.hash,
    expiresAt: expiresAt.toISOString(),
    createdBy: 'test',
  });
  return { ...made, record };
}

describe('tokens', () => {
  it('are found by their public id, and told by their hash', async () => {
    const { token, record } = await issue('a');
    const parsed = parseApiToken(token);
    const found = await store.tokens.findActive(parsed?.publicId ?? '');
    expect(found?.token).toEqual(record);
    expect(record).not.toHaveProperty('hash');
    expect(sameHash(found?.hash ?? '', parsed?.hash ?? 'x')).toBe(true);
    expect(await store.tokens.findActive('none')).toBeNull();
  });

  it('open nothing once they are revoked or expired', async () => {
    const revoked = await issue('revoked');
    await store.tokens.createSession({ tokenId: revoked.record.id, hash: 'session-1', expiresAt: soon() });
    expect(await store.tokens.sessionToken('session-1')).toMatchObject({ name: 'revoked' });
    const first = await store.tokens.revoke(revoked.record.id);
    expect(first).toMatchObject({ revokedAt: expect.any(String) });
    expect(await store.tokens.revoke(revoked.record.id)).toEqual(first);
    expect(await store.tokens.revoke('tok_none')).toBe('notFound');
    expect(await store.tokens.findActive(revoked.publicId)).toBeNull();
    expect(await store.tokens.sessionToken('session-1')).toBeNull();
    const expired = await issue('expired', past());
    expect(await store.tokens.findActive(expired.publicId)).toBeNull();
  });

  it('remember when they were used, once a minute', async () => {
    const { record } = await issue('used');
    await store.tokens.touch(record.id);
    const first = (await store.tokens.get(record.id))?.lastUsedAt;
    expect(first).not.toBeNull();
    await store.tokens.touch(record.id);
    expect((await store.tokens.get(record.id))?.lastUsedAt).toBe(first);
  });

  it('are listed and counted', async () => {
    expect(await store.tokens.activeAdmins()).toBe(0);
    await issue('admin', soon(), 'admin');
    await issue('old admin', past(), 'admin');
    expect(await store.tokens.activeAdmins()).toBe(1);
    const names = async (filter: object) =>
      (await store.tokens.list({ limit: 50, filter, sort: [{ field: 'name', direction: 'asc' }] })).items.map(
        ({ name }) => name,
      );
    expect(await names({ role: ['admin'] })).toEqual(['admin', 'old admin']);
    expect(await names({ role: ['admin'], active: true })).toEqual(['admin']);
    expect(await names({ role: ['admin'], active: false })).toEqual(['old admin']);
  });
});

describe('login links', () => {
  it('work once', async () => {
    const { record } = await issue('link');
    const { hash } = newSecret();
    await store.tokens.createLoginLink({ hash, tokenId: record.id, expiresAt: soon() });
    const redeemed = await Promise.all([1, 2, 3].map(() => store.tokens.redeemLoginLink(hash)));
    expect(redeemed.filter((token) => token !== null)).toEqual([record]);
    expect(await store.tokens.redeemLoginLink('unknown')).toBeNull();
  });

  it('end with their time, or their token', async () => {
    const { record } = await issue('link 2');
    await store.tokens.createLoginLink({ hash: 'late', tokenId: record.id, expiresAt: past() });
    await store.tokens.createLoginLink({ hash: 'orphan', tokenId: record.id, expiresAt: soon() });
    expect(await store.tokens.redeemLoginLink('late')).toBeNull();
    await store.tokens.revoke(record.id);
    expect(await store.tokens.redeemLoginLink('orphan')).toBeNull();
  });
});

describe('sessions', () => {
  it('end by choice, or with their time', async () => {
    const { record } = await issue('session');
    const open = (hash: string, expiresAt: Date) => store.tokens.createSession({ tokenId: record.id, hash, expiresAt });
    expect(await open('s1', soon())).toMatch(/^ses_/);
    await open('s2', past());
    expect(await store.tokens.sessionToken('s1')).toEqual(record);
    expect(await store.tokens.sessionToken('s2')).toBeNull();
    await store.tokens.prune();
    expect(await store.dataSource.query('SELECT 1 FROM session WHERE token_id = $1', [record.id])).toHaveLength(1);
    await store.tokens.endSession('s1');
    expect(await store.tokens.sessionToken('s1')).toBeNull();
  });
});

describe('idempotency keys', () => {
  const stored = { status: 202, response: { id: 'run_1', list: [1, null] }, headers: { location: '/runs/run_1' } };

  it('answer a repeat with the first response', async () => {
    const { record } = await issue('idem');
    const scope = { tokenId: record.id, route: 'POST /runs', key: 'k1' };
    expect(await store.idempotency.begin(scope, 'body')).toEqual({ state: 'started' });
    expect(await store.idempotency.begin(scope, 'body')).toEqual({ state: 'inFlight' });
    expect(await store.idempotency.begin(scope, 'other')).toEqual({ state: 'bodyMismatch' });
    await store.idempotency.finish(scope, stored);
    expect(await store.idempotency.begin(scope, 'body')).toEqual({ state: 'done', ...stored });
    expect(await store.idempotency.begin(scope, 'other')).toEqual({ state: 'bodyMismatch' });
    expect(await store.idempotency.begin({ ...scope, route: 'POST /clusters' }, 'other')).toEqual({ state: 'started' });
    const another = await issue('idem 2');
    expect(await store.idempotency.begin({ ...scope, tokenId: another.record.id }, 'x')).toEqual({ state: 'started' });
  });

  it('let one of several go ahead', async () => {
    const { record } = await issue('idem 3');
    const scope = { tokenId: record.id, route: 'POST /runs', key: 'race' };
    const answers = await Promise.all([1, 2, 3, 4].map(() => store.idempotency.begin(scope, 'body')));
    expect(answers.map(({ state }) => state).toSorted()).toEqual(['inFlight', 'inFlight', 'inFlight', 'started']);
  });

  it('can be tried again where the request failed, or was lost', async () => {
    const { record } = await issue('idem 4');
    const scope = { tokenId: record.id, route: 'POST /runs', key: 'again' };
    await store.idempotency.begin(scope, 'body');
    await store.idempotency.abandon(scope);
    expect(await store.idempotency.begin(scope, 'other')).toEqual({ state: 'started' });
    await store.dataSource.query(
      `UPDATE idempotency_key SET created_at = now() - interval '6 minutes' WHERE key = 'again'`,
    );
    expect(await store.idempotency.begin(scope, 'third')).toEqual({ state: 'started' });
    expect(await store.idempotency.begin(scope, 'third')).toEqual({ state: 'inFlight' });
    await store.idempotency.finish(scope, { ...stored, response: undefined });
    expect(await store.idempotency.begin(scope, 'third')).toMatchObject({ state: 'done', response: null });
  });

  it('are forgotten after a time', async () => {
    expect(await store.idempotency.prune(new Date(Date.now() - 3_600_000))).toBe(0);
    expect(await store.idempotency.prune(soon())).toBeGreaterThan(0);
  });
});
