import { describe, expect, it } from 'vitest';
import { ageRecipients } from './age-recipients.js';

/** Key pairs from the test data of SOPS and kustomize-controller, which are public. */
const PAIRS = [
  [
    '1G0Q5K9TV4REQ3ZSQRMTMG8NSWQGYT0T7TZ33RAZEE0GZYVZN0APSU24RK7',
    'age1lzd99uklcjnc0e7d860axevet2cz99ce9pq6tzuzd05l5nr28ams36nvun',
  ],
  [
    '1RH87A5Z54ZGUR9S0AS3R6WHFSEFNPLYMAKF5Z2CEU7R06VRJ0A3Q7242AM',
    'age1l44xcng8dqj32nlv6d930qvvrny05hglzcv9qpc7kxjc6902ma4qufys29',
  ],
  [
    '10U7MAELH09KZU63F65P2TYLN7TQM5X6GSDDCQ4YMUGDS3DS6XZMSTYY2PN',
    'age1henwn645drkd3fa34t27t2w2x0nsgw3w4h62gmg5x5xflyjpy38s5cncph',
  ],
] as const;
const key = (tail: string) => `AGE-SECRET-KEY-${tail}`;

describe('recipients of age keys', () => {
  it.each(PAIRS)('of …%s', (tail, recipient) => {
    expect(ageRecipients(key(tail))).toEqual([recipient]);
  });

  it('of a file with comments, several keys and one twice, in order', () => {
    const lines = [
      '# created: 2026-01-01',
      '# public key: age1xyz',
      ...PAIRS.map(([tail]) => key(tail)),
      key(PAIRS[0][0]),
    ];
    expect(ageRecipients(lines.join('\r\n'))).toEqual(PAIRS.map(([, recipient]) => recipient).toSorted());
  });

  it.each([
    ['nothing', ''],
    ['a comment with a key', `# ${key(PAIRS[0][0])}`],
    ['a key with a letter changed', key(PAIRS[0][0].replace('G0Q5', 'G0Q6'))],
    ['a key that is cut', key(PAIRS[0][0].slice(0, -1))],
    ['a key that goes on', key(`${PAIRS[0][0]}Q`)],
    ['a key in lower case', key(PAIRS[0][0]).toLowerCase()],
    ['a key of another kind', `AGE-PLUGIN-YUBIKEY-${PAIRS[0][0]}`],
    ['a public key', PAIRS[0][1]],
    ['a megabyte of anything', 'AGE-SECRET-KEY-1'.repeat(65_536)],
  ])('are none in %s', (_title, text) => {
    expect(ageRecipients(text)).toEqual([]);
  });

  it('of a file of a million lines come from the first', () => {
    expect(ageRecipients(`${key(PAIRS[0][0])}${'\n'.repeat(1_000_000)}`)).toHaveLength(1);
  });
});
