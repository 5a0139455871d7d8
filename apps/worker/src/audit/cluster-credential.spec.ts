import { describe, expect, it } from 'vitest';
import { ClusterError } from '#libs/kubernetes';
import { clusterCredential } from './cluster-credential.js';

const secretOf = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

describe('clusterCredential', () => {
  it.each([
    { kind: 'token', token: 'abc' },
    { kind: 'clientCertificate', certData: 'CERT', keyData: 'KEY' },
  ])('reads a $kind', (credential) => {
    expect(clusterCredential(secretOf(credential))).toEqual(credential);
  });

  it.each([
    ['text that is no JSON', 'canary-4711'],
    ['another kind', { kind: 'exec', command: 'canary-4711' }],
    ['an empty token', { kind: 'token', token: '' }],
    ['half a certificate', { kind: 'clientCertificate', certData: 'canary-4711' }],
    ['more than a token', { kind: 'token', token: 'x', server: 'canary-4711' }],
    ['nothing', 'null'],
  ])('refuses %s without repeating it', (_, value) => {
    const failure = (() => {
      try {
        return clusterCredential(secretOf(value));
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toBeInstanceOf(ClusterError);
    expect(failure).toMatchObject({ code: 'invalidAccess' });
    expect(JSON.stringify(failure) + String(failure)).not.toContain('canary');
  });

  it('wipes the secret that it read', () => {
    const secret = secretOf({ kind: 'token', token: 'abc' });
    clusterCredential(secret);
    expect(secret.every((byte) => byte === 0)).toBe(true);
  });
});
