import { describe, expect, it } from 'vitest';
import { sameConnection } from './same-connection.js';

const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\nBBBB\n-----END CERTIFICATE-----\n';
const stored = { server: 'https://a.example.com:6443', caData: PEM, tlsServerName: 'a' };

describe('sameConnection', () => {
  it.each([
    [stored],
    [{ ...stored, server: 'https://a.example.com:6443/' }],
    [{ ...stored, server: 'https://A.example.com:6443' }],
    [{ ...stored, caData: Buffer.from(PEM).toString('base64') }],
    [{ ...stored, caData: PEM.trim() }],
  ])('%j is the same', (stated) => {
    expect(sameConnection(stated, stored)).toBe(true);
  });

  it.each([
    [{ ...stored, server: 'https://a.example.com' }],
    [{ ...stored, server: 'https://a.example.com:6443/x' }],
    [{ ...stored, server: 'https://evil.example:6443' }],
    [{ ...stored, server: 'https://a.example.com:6443@evil.example' }],
    [{ ...stored, caData: PEM.replace('AAAA', 'CCCC') }],
    [{ server: stored.server, tlsServerName: 'a' }],
    [{ ...stored, tlsServerName: 'b' }],
    [{ server: stored.server, caData: PEM }],
    [{ ...stored, server: 'not a url' }],
  ])('%j is another one', (stated) => {
    expect(sameConnection(stated, stored)).toBe(false);
  });
});
