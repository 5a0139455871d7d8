import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { QUEUE_HOMES } from '../support/redis.js';
import { serverBuild } from '../support/server-build.js';
import { kubeconfigText } from '../lab/pki.js';
import { canary, leaks } from './support/canaries.js';
import { SecretiveCluster } from './support/secretive-cluster.js';
import { GIVEN, SIGNING_SECRET, WatchedInstallation } from './support/watched-installation.js';

const handle = inject('lab');

it('the search for secrets finds them however they are spelled', () => {
  const secret = canary();
  const texts = {
    plain: `token=${secret}`,
    base64: Buffer.from(`x${secret}`).toString('base64'),
    'base64 elsewhere': Buffer.from(`{"a":"${secret}"}`).toString('base64'),
    base64url: Buffer.from(`??${secret}??`).toString('base64url'),
    hex: Buffer.from(secret).toString('hex'),
    'a part': secret.slice(10),
  };
  expect(leaks({ ...texts, nowhere: canary() }, { it: secret })).toEqual(
    Object.keys(texts).map((place) => `it in ${place}`),
  );
});

/** What a read cannot do without. */
const QUERIES: Readonly<Record<string, string>> = { '/api/v1/topology': '?root=secretive' };

it('secrets are in no log of a process that cannot start', async () => {
  const database = `postgres://plimsoll:${GIVEN['database password']}@127.0.0.1:1/plimsoll`;
  const [api, worker, migrate] = ['api/src/main.js', 'worker/src/main.js', 'worker/src/migrate.js'] as const;
  const starts: readonly (readonly [program: string, environment: Record<string, string>])[] = [
    [api, { DATABASE_URL: database }],
    [worker, { DATABASE_URL: database }],
    [migrate, { DATABASE_URL: database }],
    [api, { DATABASE_URL: GIVEN['database password'] }],
    [migrate, { DATABASE_URL: database.replace('postgres:', 'mysql:') }],
    [worker, { DATABASE_URL: inject('postgresUrl'), REDIS_URL: `redis://:${GIVEN['Redis password']}@127.0.0.1:1` }],
    [worker, { DATABASE_URL: database, PLIMSOLL_MASTER_KEY: GIVEN['master key'].slice(4) }],
  ];
  const dist = await serverBuild();
  const places: Record<string, string> = {};
  for (const [index, [program, environment]] of starts.entries()) {
    const { stdout, stderr, status } = spawnSync(process.execPath, [path.join(dist, 'apps', program)], {
      env: { PATH: process.env['PATH'], PLIMSOLL_MASTER_KEY: GIVEN['master key'], ...environment },
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(`${index} ${status}`).toBe(`${index} 1`);
    expect(stdout + stderr).toMatch(/could not (start|be brought up to date)/);
    places[`${index} ${program}`] = stdout + stderr;
  }
  expect(leaks(places, GIVEN)).toEqual([]);
});

describe.skipIf(!handle?.flux)('secrets [needs lab]', () => {
  let source: SecretiveCluster;
  beforeAll(async () => {
    if (handle) source = await SecretiveCluster.start(handle);
  });
  afterAll(() => source?.stop());

  describe.each(QUEUE_HOMES.map((home) => [home.title, home] as const))('with queues %s', (_, { home, absent }) => {
    let installation: WatchedInstallation;
    /** Values for the parameters in paths of the API. */
    const ids: Record<string, string> = {
      clusterRef: 'secretive',
      channelRef: 'slack',
      tenantRef: 'team-a',
      sourceRef: 'hub',
    };

    beforeAll(async () => {
      if (!absent) installation = await WatchedInstallation.start(home);
    });
    afterAll(() => installation?.stop());

    const connection = () => ({ server: source.proxy.url, caData: source.cluster.caPem });
    const kubeconfig = (token: string) => {
      const { server, caData: caPem } = connection();
      return kubeconfigText({ clusterName: 'secretive', server, caPem, credential: { token } });
    };

    it.skipIf(absent)('open the API: tokens, links, sessions', async () => {
      const { made, service } = installation;
      const { rest } = service;
      type Token = { readonly id: string; readonly token?: string };
      const [token, again] = await installation.shownOnce<Token>('/tokens', { name: 'ci', role: 'admin' });
      made['API token'] = token.token ?? '';
      ids['tokenId'] = token.id;
      const [link, linkAgain] = await installation.shownOnce<{ readonly url?: string }>('/auth/login-links', {});
      made['login link'] = link.url?.split('link=')[1] ?? '';
      for (const { headers } of [again, linkAgain]) expect(headers.get('idempotency-replayed')).toBe('true');

      const session = await installation.unwatched(() =>
        rest.request('POST', '/auth/session', { body: { link: made['login link'] }, token: null }),
      );
      const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
      made['session'] = cookie.split('=')[1] ?? '';
      for (const secret of ['API token', 'login link', 'session']) expect(made[secret]?.length).toBeGreaterThan(40);
      expect((await rest.request('GET', '/me', { token: null, headers: { cookie } })).status).toBe(200);

      const wrong = GIVEN['wrong token'];
      for (const refused of [
        await rest.request('GET', '/me', { token: wrong }),
        await rest.request('GET', `/me?token=${wrong}`, { token: null }),
        await rest.request('POST', '/auth/session', { body: { token: wrong }, token: null }),
      ]) {
        expect(refused.status).toBe(401);
      }
    });

    it.skipIf(absent)('are refused: kubeconfigs, credentials, addresses', async () => {
      const secret = GIVEN['kubeconfig that is refused'];
      const withExec = kubeconfig(secret).replace(/"?token"?: .*/, `exec: {command: /bin/sh, args: [-c, ${secret}]}`);
      expect(withExec).toContain('exec:');
      for (const text of [withExec, `no kubeconfig: ${secret}`, `{${secret}`]) {
        const refused = await installation.post('/clusters', {
          name: 'refused',
          credential: { kind: 'kubeconfig', kubeconfig: text },
        });
        expect(refused.status).toBe(422);
      }
      const wrong = await installation.post('/clusters?requireVerified=true', {
        name: 'refused',
        connection: connection(),
        credential: { kind: 'token', token: GIVEN['wrong token'] },
      });
      expect(wrong.status).toBe(424);
      const address = GIVEN['URL that is refused'];
      for (const url of [`https://10.1.2.3/${address}`, `ftp://example.com/${address}`, address]) {
        for (const kind of ['slackWebhook', 'webhook']) {
          for (const secret of [{ url }, { url, password: address }]) {
            expect((await installation.post('/channels', { name: 'refused', kind, secret })).status).toBe(422);
          }
        }
      }
    });

    it.skipIf(absent)('are registered: a cluster, channels', async () => {
      const { receivers, service } = installation;
      await service.rest.call('PUT', '/tenants/team-a', { body: { namespaces: { names: ['secretive'] } } });
      const registered = await installation.post('/clusters?requireVerified=true', {
        name: 'secretive',
        role: 'management',
        tenants: ['team-a'],
        platform: { breakGlass: [{ name: 'offline', principals: { groups: ['break-glass'] } }] },
        credential: { kind: 'kubeconfig', kubeconfig: kubeconfig(source.tokens[0]) },
      });
      expect(registered.status).toBe(201);
      const url = `${receivers.webhookUrl}/${GIVEN['webhook URL']}`;
      const slackUrl = `${receivers.slackUrl}/services/${GIVEN['Slack webhook URL']}`;
      const token = `xoxb-${GIVEN['bot token']}`;
      for (const channel of [
        { name: 'slack', kind: 'slackWebhook', secret: { url: slackUrl } },
        { name: 'hook', kind: 'webhook', secret: { url, signingSecrets: [SIGNING_SECRET] } },
        { name: 'bot', kind: 'slackBot', settings: { channelId: 'C0123ABCDEF' }, secret: { token } },
      ]) {
        expect((await installation.post('/channels', channel)).status).toBe(201);
        const tried = await installation.post<{ readonly delivered: boolean }>(`/channels/${channel.name}/test`, {});
        expect([channel.name, tried.body]).toEqual([channel.name, expect.objectContaining({ delivered: true })]);
      }
      const own = { name: 'hook-2', kind: 'webhook', secret: { url } };
      const [created] = await installation.shownOnce<{ readonly signingSecret?: string }>('/channels', own);
      installation.made['signing secret of the service'] = created.signingSecret ?? '';
      const hub = { name: 'hub', type: 'fluxKubeConfig', hubCluster: 'secretive' };
      expect((await installation.post('/sources', hub)).status).toBe(201);
      expect((await installation.post('/drills', { cluster: 'secretive', mode: 'verify' })).status).toBe(202);
      const nightly = { name: 'nightly', cron: '0 2 * * *' };
      ids['scheduleRef'] = (await installation.post<{ readonly id: string }>('/schedules', nightly)).body.id;
    });

    it.skipIf(absent)('are used: runs, messages, new credentials', async () => {
      const { rest } = installation.service;
      source.proxy.hold();
      const run = await rest.startRun();
      ids['runId'] = run.id;
      await eventually('the cluster is being read', () => source.proxy.waiting > 0);
      await installation.dump('in the middle of a run');
      source.proxy.release();
      await rest.completed(run.id);
      const sent = () => rest.list<{ readonly id: string }>('/deliveries?state=sent');
      await eventually('all channels were told', async () => (await sent()).length === 4, { everyMs: 500 });
      ids['deliveryId'] = (await sent())[0]?.id ?? '';

      const { certPem: certData, keyPem: keyData, keyText } = await source.certificate();
      installation.made['private key'] = keyText;
      for (const credential of [
        { kind: 'token', token: source.tokens[1] },
        { kind: 'clientCertificate', certData, keyData },
      ]) {
        const replaced = await installation.post('/clusters/secretive/credentials?requireVerified=true', {
          credential,
        });
        expect(replaced.status).toBe(201);
        await rest.audit();
      }
      type Finding = { readonly id: string; readonly controlId: string; readonly evidence: { readonly id: string } };
      const [finding] = await rest.list<Finding>('/findings?reason=RECONCILIATION_FAILED');
      ids['findingId'] = finding?.id ?? '';
      ids['evidenceId'] = (await rest.get<Finding>(`/findings/${finding?.id}`)).evidence.id;
      const waiver = await installation.post<{ readonly id: string }>('/waivers', {
        controlId: finding?.controlId,
        scope: { cluster: 'secretive' },
        reason: 'a test',
        expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
      });
      ids['waiverId'] = waiver.body.id;
    });

    it.skipIf(absent)('are asked for by every read in the OpenAPI document', async () => {
      const { rest } = installation.service;
      const { paths } = await rest.get<{ paths: Record<string, { get?: object }> }>('/openapi.json');
      const first = async (list: string) => (await rest.list<{ readonly id: string }>(list))[0]?.id ?? '';
      const known: Record<string, string> = {
        ...ids,
        controlId: await first('/controls'),
        benchmarkId: await first('/benchmarks'),
        profileRef: await first('/profiles'),
        remoteApplyId: await first('/remote-applies'),
        drillId: await first('/drills'),
        code: 'validation-failed',
      };
      const reads = Object.keys(paths).filter((read) => paths[read]?.get);
      expect(reads.length).toBeGreaterThan(35);
      for (const read of reads) {
        const at = read.replaceAll(/\{(\w+)\}/g, (_all, name: string) => known[name] ?? `no-${name}`);
        const { status } = await rest.request('GET', `/${at}${QUERIES[read] ?? ''}`);
        expect(`${read} ${status}`).toBe(`${read} 200`);
      }
    });

    it.skipIf(absent)('are nowhere but where they belong', async () => {
      const { rest, dataDir } = installation.service;
      await installation.dump('at the end');
      const etag = (await rest.request('GET', '/clusters/secretive')).headers.get('etag') ?? '';
      await rest.call('DELETE', '/clusters/secretive', { headers: { 'if-match': etag } });
      await installation.dump('after the cluster was deleted');
      installation.collect();
      expect(await readdir(dataDir)).toEqual(['admin-token']);

      // Everything was looked at: in each kind of place something is found that belongs there.
      const { places } = installation;
      const belongs: Record<string, string> = {
        'database at the end': `public.finding (${ids['findingId']}`,
        'answer to GET //api/v1/findings': 'helm-controller',
        [`answer to GET //api/v1/evidence/${ids['evidenceId']}`]: 'cannot reach https://git.example.com/x',
        logs: '"msg":"request"',
        messages: ids['runId'] ?? '',
        'addresses of messages': '/services/',
        ...(home === 'postgres'
          ? { 'database in the middle of a run': 'bullmq.job' }
          : { 'Redis in the middle of a run': 'tgt_', 'commands to Redis': 'tgt_' }),
      };
      expect(Object.keys(belongs).filter((place) => !places[place]?.includes(belongs[place] ?? ''))).toEqual([]);
      const secrets = { ...GIVEN, ...source.secrets, ...installation.made, 'signing secret': SIGNING_SECRET };
      expect(Object.keys(secrets).length).toBeGreaterThan(25);
      expect(leaks(places, secrets)).toEqual([]);
    });
  });
});
