import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { isSigningSecret, newSigningSecret, signatureHeaders } from './standard-webhooks.js';

const secretOf = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;
const BODY = '{"type":"run.completed","text":"naïve ✓"}';

describe('signatureHeaders', () => {
  const [first, second] = [newSigningSecret(), newSigningSecret()];

  it('is accepted by the reference implementation, for either secret during a rotation', () => {
    const headers = signatureHeaders('dlv_1', Date.now(), BODY, [first, second]);
    expect(new Webhook(first).verify(BODY, headers)).toEqual(JSON.parse(BODY));
    expect(new Webhook(second).verify(BODY, headers)).toEqual(JSON.parse(BODY));
    expect(() => new Webhook(newSigningSecret()).verify(BODY, headers)).toThrow('No matching signature');
  });

  it('covers the body, the id and the time', () => {
    const headers = signatureHeaders('dlv_1', Date.now(), BODY, [first]);
    const verifier = new Webhook(first);
    expect(() => verifier.verify(`${BODY} `, headers)).toThrow('No matching signature');
    expect(() => verifier.verify(BODY, { ...headers, 'webhook-id': 'dlv_2' })).toThrow('No matching signature');
    const other = String(Number(headers['webhook-timestamp']) - 1);
    expect(() => verifier.verify(BODY, { ...headers, 'webhook-timestamp': other })).toThrow('No matching signature');
    const old = signatureHeaders('dlv_1', Date.now() - 3_600_000, BODY, [first]);
    expect(() => verifier.verify(BODY, old)).toThrow('too old');
  });

  it('matches the example of the specification', () => {
    const headers = signatureHeaders('msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330_000, '{"test": 2432232314}', [
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    ]);
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('refuses to sign with a damaged secret', () => {
    expect(() => signatureHeaders('dlv_1', 0, BODY, ['whsec_short'])).toThrow('damaged');
  });
});

describe('isSigningSecret', () => {
  it.each([
    [secretOf(24), true],
    [secretOf(32), true],
    [secretOf(64), true],
    [newSigningSecret(), true],
    [secretOf(23), false],
    [secretOf(65), false],
    ['', false],
    ['whsec_', false],
    [secretOf(32).slice('whsec_'.length), false],
    [`${secretOf(32)}\n`, false],
    [secretOf(32).replace('_', '-'), false],
    [`whsec_${'!'.repeat(44)}`, false],
    [secretOf(32).slice(0, -1), false],
  ])('%j → %s', (secret, expected) => {
    expect(isSigningSecret(secret)).toBe(expected);
  });
});
