import { describe, expect, it } from 'vitest';
import { CertificateAuthority } from '#libs/simulator';
import { accessFacts } from './access-facts.js';

const authority = await CertificateAuthority.create('root');
const notAfter = new Date('2030-01-02T03:04:05Z');
const client = await authority.issueClient('auditor', ['readers'], { notAfter });
const server = 'https://api.example.com';

const jwt = (claims: unknown) => ['e30', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'sig'].join('.');
const factsOf = (token: string) => accessFacts({ server, credential: { kind: 'token', token } });

describe('facts of an access', () => {
  it('tell when a client certificate ends and whose it is', () => {
    const credential = { kind: 'clientCertificate', certData: client.certPem, keyData: client.keyPem } as const;
    const facts = accessFacts({ server, caData: authority.certPem, credential });
    expect(facts).toMatchObject({
      certificateAuthorities: [{ subject: 'CN=root', issuer: 'CN=root' }],
      clientCertificate: { subject: 'O=readers\nCN=auditor', notAfter: '2030-01-02T03:04:05.000Z' },
      expiresAt: '2030-01-02T03:04:05.000Z',
    });
    expect(facts.clientCertificate?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(facts)).not.toContain('BEGIN');
  });

  it('tell the claims of a token', () => {
    const token = jwt({
      sub: 'system:serviceaccount:a:b',
      iss: 'https://kubernetes',
      exp: 1_893_456_000,
      iat: 1_700_000_000,
      aud: ['x'],
    });
    expect(factsOf(token)).toEqual({
      certificateAuthorities: [],
      token: {
        subject: 'system:serviceaccount:a:b',
        issuer: 'https://kubernetes',
        issuedAt: '2023-11-14T22:13:20.000Z',
      },
      expiresAt: '2030-01-01T00:00:00.000Z',
    });
    expect(JSON.stringify(factsOf(token))).not.toContain(token.split('.')[1]);
  });

  it.each([
    ['an opaque token', 'abcdef'],
    ['something with dots', 'a.b.c'],
    ['a list', jwt([1])],
    ['null', jwt(null)],
    ['claims of other types', jwt({ sub: 1, iss: {}, exp: 'soon', iat: -5 })],
    ['a time that is no date', jwt({ exp: 1e300 })],
  ])('tell nothing of %s', (_title, token) => {
    expect(factsOf(token)).toEqual({ certificateAuthorities: [], token: {} });
  });
});
