import { BlockList } from 'node:net';
import { assert, constantFrom, integer, ipV4, ipV6, oneof, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockContains } from './cidr.js';

describe('blockContains', () => {
  it.each<[string, string, boolean]>([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.1.2.3/8', '10.9.9.9', true],
    ['10.0.0.1/32', '10.0.0.1', true],
    ['10.0.0.1/32', '10.0.0.2', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '::1', false],
    ['::/0', '10.0.0.1', false],
    ['::/0', '2001:db8::1', true],
    ['fd00::/8', 'fdff::1', true],
    ['fd00::/8', 'fe00::1', false],
    ['2001:DB8::/32', '2001:db8:0:1::', true],
    ['10.0.0.0/8', '::ffff:10.0.0.1', true],
    ['::ffff:10.0.0.0/104', '10.0.0.1', true],
    ['::ffff:10.0.0.0/104', '11.0.0.1', false],
    ['::ffff:10.0.0.0/90', '10.0.0.1', false],
    ['64:ff9b::/96', '64:ff9b::10.0.0.1', true],
    ['1:2:3:4:5:6:7:8/128', '1:2:3:4:5:6:7:8', true],
  ])('%s and %s: %s', (cidr, address, expected) => expect(blockContains(cidr, address)).toBe(expected));

  it.each([
    '',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '010.0.0.0/8',
    '256.0.0.0/8',
    '10.0.0.0.0/8',
    '10.0.0.0 /8',
    '1::2::3/0',
    ':/0',
    ':::/0',
    '1:2:3:4:5:6:7::8/0',
    '1:2:3:4:5:6:7/0',
    '1:2:3:4:5:6:7:8:9/0',
    'g::/0',
    '12345::/0',
    '::1%eth0/0',
    '::1.2.3/0',
    '::1.2.3.4:5/0',
  ])('%j contains nothing', (cidr) => {
    expect(blockContains(cidr, '10.0.0.1')).toBe(false);
    expect(blockContains(cidr, '::1')).toBe(false);
  });

  it.each(['', '10.0.0', '10.0.0.01', 'host', '1::2::3', '10.0.0.1/32'])('%j lies nowhere', (address) => {
    expect(blockContains('0.0.0.0/0', address) || blockContains('::/0', address)).toBe(false);
  });

  it('agrees with the block lists of Node.js', () => {
    const v4 = tuple(ipV4(), oneof(ipV4(), constantFrom('10.0.0.1')), integer({ min: 0, max: 32 }));
    const v6 = tuple(ipV6(), ipV6(), integer({ min: 0, max: 128 }));
    // Mapped addresses are IPv4 here, and ways of writing them that BlockList does not know are left out.
    const usual = ([base, address]: [string, string, number]) =>
      ![base, address].some((text) => /\.|ffff:/i.test(text));
    const near = (base: string, address: string, shared: boolean) => (shared ? base : address);
    assert(
      property(oneof(v4, v6.filter(usual)), constantFrom(true, false), ([base, address, prefix], shared) => {
        const list = new BlockList();
        const family = base.includes(':') ? 'ipv6' : 'ipv4';
        list.addSubnet(base, prefix, family);
        const asked = near(base, address, shared);
        expect(blockContains(`${base}/${prefix}`, asked)).toBe(list.check(asked, family));
      }),
      { seed: 20_261_124, numRuns: 2_000 },
    );
  });
});
