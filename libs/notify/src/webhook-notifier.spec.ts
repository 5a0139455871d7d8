import { EgressPolicy } from '#libs/platform';
import { CertificateAuthority, type KeyPair } from '#libs/simulator';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EXAMPLE_MESSAGE } from '../../../test/support/example-message.js';
import {
  type Behaviour,
  type MisbehavingReceiver,
  startMisbehavingReceiver,
} from '../../../test/support/misbehaving-receiver.js';
import { createNotifier } from './create-notifier.js';
import type { SendResult } from './send-result.js';
import { newSigningSecret } from './standard-webhooks.js';

const SECRETS = [newSigningSecret(), newSigningSecret()] as const;

let authority: CertificateAuthority;
let certificate: KeyPair;
let receiver: MisbehavingReceiver;
beforeAll(async () => {
  authority = await CertificateAuthority.create();
  certificate = await authority.issueServer(['localhost']);
});
beforeEach(async () => {
  receiver = await startMisbehavingReceiver({ key: certificate.keyPem, cert: certificate.certPem });
});
afterEach(() => receiver.stop());

interface Options {
  readonly allowCidrs?: readonly string[];
  readonly url?: string;
  readonly ca?: string;
  readonly attempt?: number;
}

function send(options: Options = {}): Promise<SendResult> {
  const notifier = createNotifier(
    {
      kind: 'webhook',
      settings: {},
      secret: { url: options.url ?? `${receiver.origin}/hooks/secretsecret`, signingSecrets: [...SECRETS] },
    },
    {
      egress: new EgressPolicy({
        allowCidrs: options.allowCidrs ?? ['127.0.0.0/8', '::1/128'],
        allowPorts: [],
        resolver,
      }),
      slackApiUrl: 'https://slack.com/api',
      slackWebhookHosts: [],
      timeoutMs: 2_000,
      ca: options.ca ?? authority.certPem,
    },
  );
  const attempt = options.attempt ?? 1;
  return notifier.send(EXAMPLE_MESSAGE, { deliveryId: 'dlv_01', attempt, createdAt: '2026-11-24T02:00:07Z' });
}

const resolver = async (): Promise<readonly { readonly address: string }[]> => [{ address: '127.0.0.1' }];

const headersOf = (index: number): Record<string, string> =>
  Object.fromEntries(
    Object.entries(receiver.requests[index]?.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );

describe('a generic webhook', () => {
  it('gets thin signed JSON that the reference implementation accepts with either secret', async () => {
    expect(await send()).toMatchObject({ outcome: 'sent', code: 'ok', httpStatus: 200 });
    const body = receiver.requests[0]?.body ?? '';
    for (const secret of SECRETS) {
      expect(new Webhook(secret).verify(body, headersOf(0))).toEqual({
        type: 'run.completed',
        timestamp: '2026-11-24T02:00:06Z',
        data: EXAMPLE_MESSAGE.data,
      });
    }
    expect(headersOf(0)).toMatchObject({ 'content-type': 'application/json', 'webhook-id': 'dlv_01' });
  });

  it('keeps its id from attempt to attempt', async () => {
    receiver.script({ status: 500 }, { status: 204 });
    expect(await send({ attempt: 1 })).toMatchObject({ outcome: 'retry', code: 'serverError' });
    expect(await send({ attempt: 2 })).toMatchObject({ outcome: 'sent' });
    expect(headersOf(0)['webhook-id']).toBe(headersOf(1)['webhook-id']);
  });

  it.each([[{ status: 200 }], [{ status: 202, body: '<html>' }], ['hugeBody'], ['slowDrip'], ['truncated']] satisfies [
    Behaviour,
  ][])('has it once the status is 2xx: %j', async (behaviour) => {
    receiver.script(behaviour);
    expect(await send()).toMatchObject({ outcome: 'sent', code: 'ok' });
    expect(receiver.bytesSent()).toBeLessThan(64 * 1024 * 1024);
  });

  it.each([
    [{ status: 503, headers: { 'retry-after': '120' } }, 'serverError', 120_000],
    [{ status: 500 }, 'serverError', null],
    [{ status: 401 }, 'refusedForNow', null],
    [{ status: 404 }, 'refusedForNow', null],
    ['close', 'connectionFailed', null],
    ['hang', 'timeout', null],
  ] satisfies [Behaviour, string, number | null][])('is tried again after %j: %s', async (behaviour, code, wait) => {
    receiver.script(behaviour);
    expect(await send()).toMatchObject({ outcome: 'retry', code, retryAfterMs: wait, consumesAttempt: true });
  });

  it('obeys a rate limit', async () => {
    receiver.script({ status: 429, headers: { 'retry-after': '2' } });
    expect(await send()).toMatchObject({ code: 'rateLimited', retryAfterMs: 2_000, consumesAttempt: false });
  });

  it('is switched off by 410', async () => {
    receiver.script({ status: 410 });
    expect(await send()).toMatchObject({ outcome: 'rejected', code: 'gone', disableChannel: true });
  });

  it('is not followed elsewhere', async () => {
    receiver.script({ status: 307, headers: { location: `${receiver.origin}/other` } });
    expect(await send()).toMatchObject({ outcome: 'rejected', code: 'redirected', disableChannel: false });
    expect(receiver.requests).toHaveLength(1);
  });

  it('must prove its name with a certificate', async () => {
    const stranger = await CertificateAuthority.create('stranger');
    expect(await send({ ca: stranger.certPem })).toMatchObject({ outcome: 'retry', code: 'tlsFailed' });
    const other = receiver.origin.replace('localhost', 'hooks.example.com');
    expect(await send({ url: `${other}/x` })).toMatchObject({ outcome: 'retry', code: 'tlsFailed' });
    expect(receiver.requests).toHaveLength(0);
  });

  it.each([
    ['https://localhost/hook', []],
    ['https://10.1.2.3/hook', []],
    ['https://169.254.169.254/latest', ['169.254.0.0/16']],
    ['http://localhost/hook', ['127.0.0.0/8']],
    ['https://user:word@localhost/hook', ['127.0.0.0/8']],
  ])('is not called at %s (allowed: %j)', async (url, allowCidrs) => {
    expect(await send({ url, allowCidrs })).toMatchObject({ outcome: 'rejected', code: 'egressDenied' });
  });
});
