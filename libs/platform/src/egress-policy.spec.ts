import { type LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { EgressDenied, type EgressDenialCode } from './egress-denied.js';
import { EgressPolicy, lookupFor, type EgressOptions } from './egress-policy.js';

const PUBLIC = '93.184.215.14';
/** A resolver that knows these names and no others. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'api.example.com': [PUBLIC],
  'v6.example.com': ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', PUBLIC],
  'internal.example.com': ['10.1.2.3'],
  'mixed.example.com': [PUBLIC, '127.0.0.1'],
  'mixed-mapped.example.com': [PUBLIC, '::ffff:10.0.0.1'],
  'metadata.google.internal': ['169.254.169.254'],
  'nat64.example.com': ['64:ff9b::5db8:d70e'],
  'scoped.example.com': ['fe80::1%eth0'],
  'garbage.example.com': ['not-an-address'],
  localhost: ['127.0.0.1', '::1'],
  'db.localhost': ['127.0.0.1'],
  'liar.localhost': [PUBLIC],
};
const resolver = async (host: string) => {
  const addresses = NAMES[host];
  if (!addresses) throw new Error(`ENOTFOUND ${host}`);
  return addresses.map((address) => ({ address }));
};

function policy(allowCidrs: readonly string[] = [], allowPorts: readonly { from: number; to: number }[] = []) {
  return new EgressPolicy({ allowCidrs, allowPorts, resolver });
}

async function answer(url: string, using = policy(), options?: EgressOptions): Promise<EgressDenialCode | 'ok'> {
  try {
    await using.resolve(url, options);
    return 'ok';
  } catch (error) {
    if (error instanceof EgressDenied) return error.code;
    throw error;
  }
}

describe('without any setting', () => {
  it.each<[string, EgressDenialCode | 'ok']>([
    ['https://api.example.com', 'ok'],
    ['https://api.example.com:6443/path?query=1', 'ok'],
    ['https://API.example.COM./', 'ok'],
    [`https://${PUBLIC}:6443`, 'ok'],
    ['https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]', 'ok'],
    ['https://v6.example.com', 'ok'],
    ['https://nat64.example.com', 'ok'],
    // What is not https.
    ['http://api.example.com', 'notHttps'],
    ['ftp://api.example.com', 'notHttps'],
    ['file:///etc/passwd', 'notHttps'],
    ['api.example.com', 'invalidUrl'],
    ['https://', 'invalidUrl'],
    ['', 'invalidUrl'],
    ['https://user@api.example.com', 'credentialsInUrl'],
    ['https://:secret@api.example.com', 'credentialsInUrl'],
    ['https://api.example.com:0', 'portNotAllowed'],
    ['https://nowhere.example.com', 'unresolvable'],
    ['https://garbage.example.com', 'unresolvable'],
    // Loopback in every spelling that a URL allows.
    ['https://127.0.0.1', 'loopback'],
    ['https://127.1', 'loopback'],
    ['https://127.255.255.254', 'loopback'],
    ['https://2130706433', 'loopback'],
    ['https://0x7f000001', 'loopback'],
    ['https://0x7f.0x0.0x0.0x1', 'loopback'],
    ['https://0177.0.0.1', 'loopback'],
    ['https://017700000001', 'loopback'],
    ['https://127.0.0.1.', 'loopback'],
    ['https://[::1]', 'loopback'],
    ['https://[0:0:0:0:0:0:0:1]', 'loopback'],
    ['https://[::ffff:127.0.0.1]', 'loopback'],
    ['https://[::ffff:7f00:1]', 'loopback'],
    ['https://%6cocalhost', 'loopback'],
    ['https://localhost', 'loopback'],
    ['https://LOCALHOST.', 'loopback'],
    ['https://db.localhost', 'loopback'],
    ['https://１２７.0.0.1', 'loopback'],
    // Private networks.
    ['https://10.0.0.1', 'private'],
    ['https://172.16.0.1', 'private'],
    ['https://172.31.255.255', 'private'],
    ['https://192.168.1.1', 'private'],
    ['https://100.64.0.1', 'private'],
    ['https://[fd12:3456::1]', 'private'],
    ['https://[::ffff:10.0.0.1]', 'private'],
    ['https://[64:ff9b::a00:1]', 'private'],
    ['https://internal.example.com', 'private'],
    // Link-local and cloud metadata.
    ['https://169.254.0.1', 'linkLocal'],
    ['https://[fe80::1]', 'linkLocal'],
    ['https://[fec0::1]', 'linkLocal'],
    ['https://scoped.example.com', 'linkLocal'],
    ['https://169.254.169.254/latest/meta-data', 'metadata'],
    ['https://0xa9fea9fe', 'metadata'],
    ['https://[::ffff:169.254.169.254]', 'metadata'],
    ['https://[64:ff9b::a9fe:a9fe]', 'metadata'],
    ['https://metadata.google.internal', 'metadata'],
    ['https://100.100.100.200', 'metadata'],
    ['https://168.63.129.16', 'metadata'],
    ['https://192.0.0.192', 'metadata'],
    ['https://[fd00:ec2::254]', 'metadata'],
    ['https://[fd20:ce::254]', 'metadata'],
    // No server at all.
    ['https://0.0.0.0', 'unspecified'],
    ['https://0.1.2.3', 'unspecified'],
    ['https://0', 'unspecified'],
    ['https://[::]', 'unspecified'],
    ['https://224.0.0.1', 'multicast'],
    ['https://255.255.255.255', 'multicast'],
    ['https://[ff02::1]', 'multicast'],
    // Special use.
    ['https://192.0.2.1', 'reserved'],
    ['https://198.18.0.1', 'reserved'],
    ['https://240.0.0.1', 'reserved'],
    ['https://[2001:db8::1]', 'reserved'],
    ['https://[100::1]', 'reserved'],
    ['https://[::7f00:1]', 'reserved'],
    ['https://[2002:7f00:1::]', 'reserved'],
    ['https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]', 'reserved'],
    ['https://[::ffff:0:127.0.0.1]', 'reserved'],
    // One bad address among good ones is enough.
    ['https://mixed.example.com', 'loopback'],
    ['https://mixed-mapped.example.com', 'private'],
    ['https://liar.localhost', 'loopback'],
  ])('%s: %s', async (url, expected) => {
    expect(await answer(url)).toBe(expected);
  });
});

describe('with networks that the operator allows', () => {
  const wide = policy(['0.0.0.0/0', '::/0']);
  it.each<[string, EgressDenialCode | 'ok']>([
    ['https://10.0.0.1', 'ok'],
    ['https://[::ffff:10.0.0.1]', 'ok'],
    ['https://[fd12:3456::1]', 'ok'],
    ['https://100.64.0.1', 'ok'],
    ['https://127.0.0.1', 'ok'],
    ['https://localhost', 'ok'],
    ['https://198.18.0.1', 'ok'],
    ['https://mixed.example.com', 'ok'],
    ['https://169.254.169.254', 'metadata'],
    ['https://169.254.1.1', 'linkLocal'],
    ['https://100.100.100.200', 'metadata'],
    ['https://[fd00:ec2::254]', 'metadata'],
    ['https://168.63.129.16', 'metadata'],
    ['https://[fe80::1]', 'linkLocal'],
    ['https://0.0.0.0', 'unspecified'],
    ['https://224.0.0.1', 'multicast'],
    ['https://[2002:7f00:1::]', 'reserved'],
    ['https://[::7f00:1]', 'reserved'],
    ['http://10.0.0.1', 'notHttps'],
  ])('even all of them, %s: %s', async (url, expected) => {
    expect(await answer(url, wide)).toBe(expected);
  });

  it('opens no more than was said', async () => {
    const narrow = policy(['10.1.0.0/16']);
    expect(await answer('https://10.1.2.3', narrow)).toBe('ok');
    expect(await answer('https://internal.example.com', narrow)).toBe('ok');
    expect(await answer('https://10.2.0.1', narrow)).toBe('private');
    expect(await answer('https://127.0.0.1', narrow)).toBe('loopback');
    expect(await answer('https://localhost', narrow)).toBe('loopback');
  });
});

describe('ports', () => {
  const some = policy(
    [],
    [
      { from: 443, to: 443 },
      { from: 6000, to: 7000 },
    ],
  );
  it.each<[string, EgressDenialCode | 'ok']>([
    ['https://api.example.com', 'ok'],
    ['https://api.example.com:443', 'ok'],
    ['https://api.example.com:6443', 'ok'],
    ['https://api.example.com:7000', 'ok'],
    ['https://api.example.com:7001', 'portNotAllowed'],
    ['https://api.example.com:22', 'portNotAllowed'],
  ])('%s: %s', async (url, expected) => {
    expect(await answer(url, some)).toBe(expected);
  });
});

describe('for addresses that the operator configured', () => {
  const options = { allowHttpLoopback: true };
  it.each<[string, EgressDenialCode | 'ok']>([
    ['http://127.0.0.1:8080', 'ok'],
    ['http://[::1]:8080', 'ok'],
    ['http://localhost:8080', 'ok'],
    ['https://localhost', 'ok'],
    ['http://api.example.com', 'notHttps'],
    ['http://10.0.0.1', 'private'],
    ['http://169.254.169.254', 'metadata'],
    ['http://liar.localhost', 'notHttps'],
    ['http://user:pw@127.0.0.1', 'credentialsInUrl'],
    ['ftp://127.0.0.1', 'notHttps'],
  ])('%s: %s', async (url, expected) => {
    expect(await answer(url, policy(), options)).toBe(expected);
  });

  it('does not let http leave this machine, whatever networks are allowed', async () => {
    expect(await answer('http://10.0.0.1', policy(['10.0.0.0/8']), options)).toBe('notHttps');
  });
});

describe('the checked address', () => {
  it.each([
    ['https://api.example.com', { address: PUBLIC, family: 4, port: 443, host: 'api.example.com' }],
    ['https://API.example.com.:6443/x', { address: PUBLIC, family: 4, port: 6443, host: 'api.example.com' }],
    [`https://[::ffff:${PUBLIC}]:8443`, { address: PUBLIC, family: 4, port: 8443, host: '::ffff:5db8:d70e' }],
    [
      'https://v6.example.com',
      { address: '2606:2800:21f:cb07:6820:80da:af6b:8b2c', family: 6, port: 443, host: 'v6.example.com' },
    ],
    ['https://nat64.example.com', { address: '64:ff9b::5db8:d70e', family: 6, port: 443, host: 'nat64.example.com' }],
  ])('of %s', async (url, expected) => {
    expect(await policy().resolve(url)).toEqual(expected);
  });

  it('is the only one that a connection can reach afterwards', () => {
    const lookup = lookupFor({ address: PUBLIC, family: 4 });
    const answers: unknown[] = [];
    lookup('anything.example.com', { all: true }, (error, found) => answers.push(error, found));
    lookup('anything.example.com', {}, (error, found, family) => answers.push(error, found, family));
    expect(answers).toEqual([null, [{ address: PUBLIC, family: 4 }] satisfies LookupAddress[], null, PUBLIC, 4]);
  });
});

it('asks for a name once', async () => {
  let asked = 0;
  const counting = new EgressPolicy({
    allowCidrs: [],
    allowPorts: [],
    resolver: async () => {
      asked += 1;
      return [{ address: asked === 1 ? PUBLIC : '127.0.0.1' }];
    },
  });
  expect((await counting.resolve('https://rebinding.example.com')).address).toBe(PUBLIC);
  expect(asked).toBe(1);
});

it('says what to do, and repeats neither path nor user name', async () => {
  const denied = await policy()
    .resolve('https://internal.example.com/services/T/B/secret')
    .catch((error: unknown) => error);
  expect(String(denied)).toContain('internal.example.com: The address is in a private network.');
  expect(String(denied)).toContain('PLIMSOLL_EGRESS_ALLOW_CIDRS');
  expect(String(denied)).not.toContain('secret');
  const withUser = await policy()
    .resolve('https://alice:pw@api.example.com')
    .catch((error: unknown) => error);
  expect(String(withUser)).not.toMatch(/alice|pw@/);
});
