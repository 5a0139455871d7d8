import { describe, expect, it } from 'vitest';
import { SECRET } from '../../test/objects.js';
import { pgpFingerprints } from './pgp-fingerprints.js';

/** Made by GnuPG 2.2 for this test: Ed25519 with a Curve25519 and an RSA subkey, without a passphrase. */
const KEY = `-----BEGIN PGP PRIVATE KEY BLOCK-----

lFgEawWh5xYJKwYBBAHaRw8BAQdAS3P/FjP0o1mj6N3n7t4reUUNnadOaxTaknuw
FfJIcXoAAP0eLsyupfR5Jg5/9VXv2itlQ24DLLszv4n5hdmFEbjtFRDotBR0ZXN0
IDx0QGV4YW1wbGUuY29tPoiQBBMWCAA4FiEE+DhI3YpPLzUCb050/icYvreqCOsF
AmsFoecCGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQ/icYvreqCOuuvwEA
lCLKcmVojmdrgbsT2Dx1PGAPcj/n8/P3HUufwEpQKyIA/R2EwZ1TCdLcV2LDKdFq
H8j8/bdw7A8pGjfkJaY8yvEOnF0EawWh6BIKKwYBBAGXVQEFAQEHQJiXvKJ13kvW
VH2bJzEhizt+89oWyeb+F6zEBp+FZF8uAwEIBwAA/2TlYh23lX4gCIXsYDVvSSJw
ro9Cx9OfgsjhaQa8YRkgD7GIeAQYFggAIBYhBPg4SN2KTy81Am9OdP4nGL63qgjr
BQJrBaHoAhsMAAoJEP4nGL63qgjrAPAA/jWdGkXSeYD1Pv1iv2XzZKq9E8rRL/Fb
3NhdyYsyyZDNAQCK7JMOVJ+5D2deSyfw+3qBlb1AuPWGl1VSe+QjG6Z1DJ0DmARr
BaHoAQgArszxeen4hynEfD6Btaz7f/Pq1Tfzb7W/0yf5X5eX+pCPHl8sx6iKWI5+
v6qUBfxl0jk9CkgeYWgdoVjvdL/mDhYxqxZ4HTDDCz5v/ERfSrUUbTiGiM5Q1Qss
gO3enDUGE9NTIjKaK09Z1+FIe92RB/Or76PFZZL/0lv74Zg6uihKixhYkXn1BJKu
umpfH1jwkgYJm8jAba81Th6cmKS1yfpVc3NSLYedbykd8bxjg7yPl/xaQDP0moTJ
wNi+ArJH+2oFpWcI5BhZUIWV26/Ke288dV2Opkm/Ssb/Z10CiBMCef2KWHDS9BdR
BPvbSBcpK2W5W6ro0p7oEihLtKYjSQARAQABAAf/QlE+zCIYSC9wfDK6w1J9mG3S
ClLP6PHrdREVa074OffeVIeHVbh7xF1LeSwePKclejx9DAmQfSQjGbPEJWcowO9q
qJ49s9VsKjfmBK9r98v7k/R+FikwQaObns6gRmNXiu4B/Fd2ZjgUvfKarWPCQmIQ
OTrJCWBb7lM3nL9EiJtgHaAeCF+kT00lWb641PH5KV5848r6TWyoEhzNanbu+YW2
bACFPyLdEO+9d8w1g45NgQ1Gnm3dyfCHvmR8kc2mJmR2pXLGzaeJuWdScIooNBzA
0iugwPw7F+kOOX5jCOl5b06Xv8r0TGjblblondr1aLxQsHVpjffqrmHhkOcWgQQA
zpkBByg4+wFscsoEsBPhYVGuftIaJmBXDntL8Q9WWB79Zouv9/84pQRpmN9YlzZe
MmQIZYv4LRYo3vkAg7jDt9InWDAHbhzOOvtyDA6RtWRefUF/gyOX7EojR+dYysgk
MOxCUCywvNoUn4bUMf5GxuKQkK+vwcP5Uws/0ujbmg8EANiZdevYo7AOgEwDIpwP
9+iWFzsIM2YS36xFwjOImjZKkbDIOh07Z2PzWOfV/ywEL7uaePvU+EbHGDF2qyRQ
aocPH3Rbk91T05ji50Rdynibyq7noY6CucWdwU5fRNSA3/fYxLWTLUOoXzFXuFEU
ZxV6ut5otLUGZRTMIfceuqUnBACjjVveJVrT6dw1n+pTiOse0gu4ceERL4bInqDW
KmkU+S7D5hNzGLjLLnyLIZXChMaeBltIYcXyx+6cGuXgKn0PWar7A9RziXxWaypD
s1ya69fP9ntC/kK06y3XNUn3m7g/cd20cai2d3uKhoPXLISNLIlWK36iFM3Yr6A5
y1Db3EH6iHgEGBYIACAWIQT4OEjdik8vNQJvTnT+Jxi+t6oI6wUCawWh6AIbDAAK
CRD+Jxi+t6oI60LbAP4/pVuR9fgmTypzuQNjJh+XyOwsCLNry+YrzqICilqjcQD5
AXDJil40Kot+MnXslAPktSZmp6eGCUDhDE6mINU32wk=
=pKfu
-----END PGP PRIVATE KEY BLOCK-----
`;
const FINGERPRINTS = [
  '069AF4375B432B242585FFD9831D43E86EA5E6F9',
  '248E2AAD576607AFF748777FE151FCE26556CE31',
  'F83848DD8A4F2F35026F4E74FE2718BEB7AA08EB',
];

describe('fingerprints of OpenPGP keys', () => {
  it('are those of the key and of its subkeys', () => {
    expect(pgpFingerprints(KEY)).toEqual(FINGERPRINTS);
  });

  it('are the same with Windows line ends, headers and text around, and twice', () => {
    const headed = KEY.replace('\n\n', '\nComment: x\nVersion: y\n\n');
    expect(pgpFingerprints(`note\n${headed}\n${KEY}`.replaceAll('\n', '\r\n'))).toEqual(FINGERPRINTS);
  });

  const bytes = Buffer.from(KEY.split('\n').slice(2, -3).join(''), 'base64');
  const armoured = (content: Uint8Array) =>
    `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${Buffer.from(content).toString('base64')}\n-----END PGP PRIVATE KEY BLOCK-----`;

  it('are read from what is in the armour', () => {
    expect(pgpFingerprints(armoured(bytes))).toEqual(FINGERPRINTS);
  });

  it.each([
    ['nothing', ''],
    ['no armour', bytes.toString('latin1')],
    ['a public key', KEY.replaceAll('PRIVATE', 'PUBLIC')],
    ['an armour of nothing', armoured(new Uint8Array())],
    ['an armour of text', armoured(Buffer.from(SECRET))],
    ['half a key', armoured(bytes.subarray(0, 20))],
    ['a packet in parts', armoured(Uint8Array.from([0xc5, 0xe1, 4, 0]))],
    ['a packet without an end', armoured(Uint8Array.from([0x97, 4, 0]))],
    ['a packet longer than the file', armoured(Uint8Array.from([0xc5, 0xff, 0xff, 0xff, 0xff, 0xff, 4]))],
    ['an integer longer than its packet', armoured(Uint8Array.from([0xc5, 9, 4, 0, 0, 0, 0, 1, 0xff, 0xff, 0]))],
    ['an unknown algorithm', armoured(Uint8Array.from([0xc5, 6, 4, 0, 0, 0, 0, 99]))],
    ['another version', armoured(Uint8Array.from([0xc5, 6, 3, 0, 0, 0, 0, 1]))],
    ['an empty key', armoured(Uint8Array.from([0xc5, 0]))],
    ['armour that never ends', `-----BEGIN PGP PRIVATE KEY BLOCK-----\n${'A'.repeat(500_000)}`],
    ['many beginnings', '-----BEGIN PGP PRIVATE KEY BLOCK-----\n'.repeat(20_000)],
  ])('are none in %s', (_title, text) => {
    const started = performance.now();
    expect(pgpFingerprints(text)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
