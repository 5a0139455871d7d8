import { describe, expect, it } from 'vitest';
import { base64, codesOf, kubeconfig, rejectionOf } from '../../test/kubeconfigs.js';

describe('YAML that is refused', () => {
  const laughs = Array.from(
    { length: 9 },
    (_, i) =>
      `l${i + 1}: &l${i + 1} [${Array(9)
        .fill(i === 0 ? 'lol' : `*l${i}`)
        .join(',')}]`,
  ).join('\n');
  it.each([
    ['an anchor', 'a: &x 1', ' anchor'],
    ['an anchor on a key', '&x a: 1', ' anchor'],
    ['an anchor on a map', 'a: &x\n  b: 1', ' anchor'],
    ['an anchor in a flow list', 'a: [&x 1]', ' anchor'],
    ['an alias', 'a: *x', ' alias'],
    ['an alias as a key', '*x : 1', ' alias'],
    ['a merge key', 'a:\n  <<: {b: 1}', '/a/<< mergeKey'.replace('/<<', '/?')],
    ['a tag', 'a: !!binary YQ==', ' tag'],
    ['a local tag', 'a: !exec ls', ' tag'],
    ['a tag on the document', '!!map\na: 1', ' tag'],
    ['a verbatim tag', 'a: !<tag:yaml.org,2002:js/function> x', ' tag'],
    ['a YAML directive', '%YAML 1.1\n---\na: 1', ' directive'],
    ['a TAG directive', '%TAG ! tag:x,2000:\n---\na: 1', ' directive'],
    ['two documents', 'a: 1\n---\nb: 1', ' severalDocuments'],
    ['an empty second document', 'a: 1\n---\n', ' severalDocuments'],
    ['a duplicate key', 'a: 1\na: 2', '/a duplicateKey'],
    ['a duplicate key in JSON', '{"a":1,"a":2}', '/a duplicateKey'],
    ['a number as a key', '1: a', ' keyNotText'],
    ['a map as a key', '? {a: 1}\n: b', ' keyNotText'],
    ['infinity', 'a: .inf', '/a wrongType'],
    ['eleven levels', '['.repeat(11) + ']'.repeat(11), ' tooDeep'],
    [
      'eleven levels in blocks',
      Array.from({ length: 11 }, (_, i) => `${' '.repeat(i)}a:`).join('\n') + ' 1',
      ' tooDeep',
    ],
    ['nothing', '', ' empty'],
    ['spaces', '  \n\n', ' empty'],
    ['a comment', '# hello', ' empty'],
    ['an unclosed list', 'a: [1', ' notYaml'],
    ['a tab as indentation', 'a:\n\tb: 1', ' notYaml'],
    ['a bare brace', '}', ' notYaml'],
    ['an unclosed quote', 'a: "x', ' notYaml'],
    ['binary', '\u0000\u0001\u0002', ' notKubeconfig'],
    ['a billion laughs', laughs, ' anchor'],
    ['too many entries', '- 1\n'.repeat(2001), ' tooManyEntries'],
  ])('%s', (_title, text, expected) => {
    expect(codesOf(text)).toEqual([expected]);
  });

  it('says on which line', () => {
    expect(rejectionOf('a: 1\nb: 2\nc: &x 3').errors[0]?.message).toContain('Line 3.');
  });

  it.each([
    ['5 MB of text', 'a'.repeat(5 * 1024 ** 2), 'tooLarge'],
    ['5 MB of a valid kubeconfig', `${kubeconfig()}# ${'x'.repeat(5 * 1024 ** 2)}`, 'tooLarge'],
    ['a little too much in bytes, not in characters', `a: ${'\u00e4'.repeat(140_000)}`, 'tooLarge'],
    ['256 KiB of opening brackets', '['.repeat(256 * 1024), 'tooDeep'],
    ['256 KiB of opening braces', '{a: '.repeat(64 * 1024), 'tooDeep'],
    ['256 KiB of list dashes', '- '.repeat(128 * 1024), 'tooDeep'],
    ['256 KiB of explicit keys', '? '.repeat(128 * 1024), 'tooDeep'],
    ['30,000 keys', Array.from({ length: 30_000 }, (_, i) => `k${i}: `).join('\n'), 'tooManyEntries'],
    [
      '20,000 keys in a flow map',
      `{${Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join(',')}}`,
      'tooManyEntries',
    ],
    ['256 KiB of quotes', `a: "${'\\"'.repeat(100_000)}`, 'contextNotChosen'],
    ['256 KiB of anchors', '&a '.repeat(80_000), 'anchor'],
    ['256 KiB of colons', ': '.repeat(128 * 1024), 'tooDeep'],
    ['256 KiB of hashes', '#\n'.repeat(128 * 1024), 'empty'],
    [
      '256 KiB of a PEM that never ends',
      kubeconfig({ cluster: { 'certificate-authority-data': base64('-----BEGIN A-----\n'.repeat(9_000)) } }),
      'caNotPem',
    ],
  ])('quickly: %s', (_title, text, code) => {
    const started = performance.now();
    const rejected = rejectionOf(text);
    expect(performance.now() - started).toBeLessThan(8_000);
    expect(rejected.errors.map((error) => error.code)).toContain(code);
  });
});
