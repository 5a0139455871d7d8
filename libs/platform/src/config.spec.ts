import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, SETTING_NAMES } from './config.js';

const KEY = Buffer.alloc(32, 7).toString('base64');

function refusal(env: Readonly<Record<string, string>>): ConfigError | null {
  try {
    loadConfig(env);
    return null;
  } catch (error) {
    return error instanceof ConfigError ? error : null;
  }
}

describe('loadConfig', () => {
  it('needs nothing', () => {
    expect(loadConfig({ HOME: '/x' })).toMatchObject({
      listen: { host: '127.0.0.1', port: 3000 },
      publicUrl: 'http://127.0.0.1:3000',
      masterKeyId: 'k1',
      egressAllowCidrs: [],
      egressAllowPorts: [],
      logLevel: 'info',
      workerConcurrency: 10,
      workerSlowConcurrency: 4,
      targetBudgetSeconds: 120,
      runDeadlineSeconds: 3600,
      resolveAfterRuns: 2,
      slackApiUrl: 'https://slack.com/api',
      slackWebhookHosts: ['hooks.slack.com'],
    });
    const keys = Object.keys(loadConfig({}));
    for (const absent of ['databaseUrl', 'redisUrl', 'masterKey', 'metricsListen']) expect(keys).not.toContain(absent);
  });

  it('takes everything', () => {
    expect(
      loadConfig({
        DATABASE_URL: 'postgresql://u:p@db/plimsoll',
        REDIS_URL: 'rediss://cache:6380',
        PLIMSOLL_LISTEN: '[::]:8080',
        PLIMSOLL_DATA_DIR: '/data/x/..',
        PLIMSOLL_MASTER_KEY: KEY,
        PLIMSOLL_MASTER_KEY_ID: 'k2',
        PLIMSOLL_EGRESS_ALLOW_CIDRS: '10.0.0.0/8, fd00::/8,',
        PLIMSOLL_EGRESS_ALLOW_PORTS: '443, 6000-7000',
        PLIMSOLL_LOG_LEVEL: 'debug',
        PLIMSOLL_WORKER_CONCURRENCY: '25',
        PLIMSOLL_SLACK_API_URL: 'http://127.0.0.1:9/api/',
        PLIMSOLL_SLACK_WEBHOOK_HOSTS: 'Hooks.Slack.com,127.0.0.1',
        PLIMSOLL_METRICS_LISTEN: '0.0.0.0:9090',
      }),
    ).toMatchObject({
      databaseUrl: 'postgresql://u:p@db/plimsoll',
      redisUrl: 'rediss://cache:6380',
      listen: { host: '::', port: 8080 },
      publicUrl: 'http://127.0.0.1:8080',
      dataDir: '/data',
      masterKey: KEY,
      masterKeyId: 'k2',
      egressAllowCidrs: ['10.0.0.0/8', 'fd00::/8'],
      egressAllowPorts: [
        { from: 443, to: 443 },
        { from: 6000, to: 7000 },
      ],
      logLevel: 'debug',
      workerConcurrency: 25,
      slackApiUrl: 'http://127.0.0.1:9/api',
      slackWebhookHosts: ['hooks.slack.com', '127.0.0.1'],
      metricsListen: { host: '0.0.0.0', port: 9090 },
    });
  });

  it.each([
    ['[::1]:3000', 'http://[::1]:3000'],
    ['localhost:80', 'http://localhost:80'],
    ['0.0.0.0:3000', 'http://127.0.0.1:3000'],
  ])('derives the public URL from %s', (listen, url) => {
    expect(loadConfig({ PLIMSOLL_LISTEN: listen }).publicUrl).toBe(url);
  });

  it('removes trailing slashes from the public URL', () => {
    expect(loadConfig({ PLIMSOLL_PUBLIC_URL: 'https://audit.example.com//' }).publicUrl).toBe(
      'https://audit.example.com',
    );
  });

  it('takes an empty value for one that is not set', () => {
    expect(loadConfig({ DATABASE_URL: '', PLIMSOLL_LISTEN: '' })).toEqual(loadConfig({}));
  });

  it.each<[Readonly<Record<string, string>>, RegExp]>([
    [{ DATABASE_URL: 'mysql://db' }, /DATABASE_URL must be a URL that starts with postgres:/],
    [{ REDIS_URL: 'localhost:6379' }, /REDIS_URL must be a URL/],
    [{ PLIMSOLL_LISTEN: '3000' }, /PLIMSOLL_LISTEN must be host:port/],
    [{ PLIMSOLL_LISTEN: '::1:3000' }, /PLIMSOLL_LISTEN must be host:port/],
    [{ PLIMSOLL_LISTEN: '127.0.0.1:70000' }, /PLIMSOLL_LISTEN must be host:port/],
    [{ PLIMSOLL_PUBLIC_URL: 'audit.example.com' }, /PLIMSOLL_PUBLIC_URL must be a URL/],
    [{ PLIMSOLL_MASTER_KEY: 'c2hvcnQ=' }, /PLIMSOLL_MASTER_KEY must be exactly 32 bytes/],
    [{ PLIMSOLL_MASTER_KEY: KEY, PLIMSOLL_MASTER_KEY_FILE: '/f' }, /PLIMSOLL_MASTER_KEY_FILE must not be set together/],
    [{ PLIMSOLL_MASTER_KEY_ID: 'a b' }, /PLIMSOLL_MASTER_KEY_ID must be 1 to 64/],
    [{ PLIMSOLL_EGRESS_ALLOW_CIDRS: '10.0.0.0' }, /PLIMSOLL_EGRESS_ALLOW_CIDRS must be networks/],
    [{ PLIMSOLL_EGRESS_ALLOW_CIDRS: '10.0.0.0/33' }, /PLIMSOLL_EGRESS_ALLOW_CIDRS must be networks/],
    [{ PLIMSOLL_EGRESS_ALLOW_PORTS: '0' }, /PLIMSOLL_EGRESS_ALLOW_PORTS must be ports/],
    [{ PLIMSOLL_EGRESS_ALLOW_PORTS: '9-8' }, /PLIMSOLL_EGRESS_ALLOW_PORTS must be ports/],
    [{ PLIMSOLL_LOG_LEVEL: 'loud' }, /PLIMSOLL_LOG_LEVEL must be one of/],
    [{ PLIMSOLL_WORKER_CONCURRENCY: '1.5' }, /PLIMSOLL_WORKER_CONCURRENCY must be a whole number from 1 to 500/],
    [{ PLIMSOLL_RESOLVE_AFTER_RUNS: '0' }, /PLIMSOLL_RESOLVE_AFTER_RUNS must be a whole number/],
  ])('refuses %j', (env, message) => {
    expect(() => loadConfig(env)).toThrow(ConfigError);
    expect(() => loadConfig(env)).toThrow(message);
  });

  it('tells everything that is wrong at once, and no value', () => {
    const env = {
      DATABASE_URL: 'canary-db-password',
      PLIMSOLL_MASTER_KEY: 'canary-key',
      PLIMSOLL_EGRESS_ALLOW_CIDRS: 'canary-cidr',
      PLIMSOLL_LOG_LEVEL: 'canary-level',
    };
    const refused = refusal(env);
    expect(refused?.problems).toHaveLength(4);
    expect(String(refused)).not.toContain('canary');
    for (const name of Object.keys(env)) expect(String(refused)).toContain(name);
  });
});

it('has a description of every setting, and of no other, in docs/configuration.md', () => {
  const text = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  const described = text.split('\n').flatMap((line) => {
    const [cell = ''] = /^\| (`[^|]*)\|/.exec(line) ?? [];
    return [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name ?? '');
  });
  expect(described.toSorted()).toEqual(SETTING_NAMES.toSorted());
});
