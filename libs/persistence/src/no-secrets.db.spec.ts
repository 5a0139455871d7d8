import { afterAll, beforeAll, expect, it } from 'vitest';
import { fail } from '#libs/core';
import { channelAad, newApiToken, newId, newSecret } from '#libs/platform';
import { assess } from '../../../test/support/control-stub.js';
import { type Store, openStore } from '../../../test/support/store.js';

let store: Store;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

/** Every row of every table, as text. */
async function dump(): Promise<string> {
  const tables: readonly { name: string }[] = await store.dataSource.query(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows: readonly { text: string }[] = await store.dataSource.query(
      `SELECT row_to_json(t)::text AS text FROM ${name} t`,
    );
    texts.push(...rows.map(({ text }) => `${name} ${text}`));
  }
  return texts.join('\n');
}

it('holds no secret in the clear after everything has been done once', async () => {
  const apiToken = newApiToken('pat');
  const session = newSecret();
  const link = newSecret();
  const secrets = {
    'credential token': 'canary-cluster-token-5f1d',
    'replaced credential': 'canary-old-token-77aa',
    'webhook URL': 'https://hooks.slack.com/services/T000/B000/canary-webhook-9c',
    'api token': apiToken.token,
    session: session.secret,
    'login link': link.secret,
  };

  const token = await store.tokens.create({
    name: 'canary',
    role: 'admin',
    publicId: apiToken.publicId,
    hash: apiToken.hash,
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
    createdBy: 'test',
  });
  const soon = new Date(Date.now() + 60_000);
  await store.tokens.createSession({ tokenId: token.id, hash: session.hash, expiresAt: soon });
  await store.tokens.createLoginLink({ hash: link.hash, tokenId: token.id, expiresAt: soon });
  await store.tokens.redeemLoginLink(link.hash);

  const cluster = await store.register('canary', { token: secrets['replaced credential'] });
  const credentialId = newId('crd');
  await store.credentials.replace(cluster, {
    id: credentialId,
    kind: 'token',
    fingerprint: 'sha256:abc',
    sealed: store.keyring.seal(secrets['credential token'], `credential:${credentialId}:${cluster}:1`),
  });
  const channelId = newId('chn');
  await store.channels.create({
    id: channelId,
    name: 'canary',
    kind: 'slackWebhook',
    settings: { host: 'hooks.slack.com' },
    sealed: store.keyring.seal(JSON.stringify({ url: secrets['webhook URL'] }), channelAad(channelId)),
    events: ['run.completed'],
    minSeverity: 'info',
  });
  const finding = fail({ kind: 'Thing', name: 'x' }, 'BAD', 'Bad.', {
    evidence: [{ pointer: '', observed: 'marker-of-evidence', expected: 'y' }],
  });
  const run = await store.audit(cluster, assess({ 'T-1': [finding] }, { uid: 'uid-canary' }));
  const [delivery] = await store.deliveries.planForRun(run);
  const work = await store.deliveries.claim(delivery ?? '');
  await store.deliveries.record(work?.delivery.id ?? '', { outcome: 'sent', code: 'sent', durationMs: 1 });
  await store.idempotency.begin({ tokenId: token.id, route: 'POST /clusters', key: 'k' }, 'hash');

  const before = await dump();
  // The dump does see what is stored.
  expect(before).toContain('marker-of-evidence');
  expect(before).toContain(apiToken.publicId);
  expect(before).toContain(credentialId);
  for (const [what, secret] of Object.entries(secrets)) {
    for (const spelling of [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)]) {
      expect(before.includes(spelling), `the ${what} is in the database`).toBe(false);
    }
  }

  await store.clusters.delete(cluster, null);
  expect(await dump()).not.toContain(credentialId);
});
