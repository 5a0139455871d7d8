import { describe, expect, it } from 'vitest';
import { messageParts, textSpans } from './messages.js';

describe('messageParts', () => {
  it.each([
    [
      'helm-controller (v1.6.3 by its tag) runs without --x. Flux recommends it. Set it.',
      'helm-controller (v1.6.3 by its tag) runs without --x.',
      'Flux recommends it. Set it.',
    ],
    ['One sentence that is long enough.', 'One sentence that is long enough.', ''],
    ['No. That is too short to be a headline. Next.', 'No. That is too short to be a headline.', 'Next.'],
    [
      'No Alert covers e.g. flux-system/apps, which applies elsewhere',
      'No Alert covers e.g. flux-system/apps, which applies elsewhere',
      '',
    ],
    ['A first line of some length.\nÉtape two.', 'A first line of some length.', 'Étape two.'],
    ['', '', ''],
  ])('%j', (message, headline, rest) => {
    expect(messageParts(message)).toEqual({ headline, rest });
  });
});

describe('textSpans', () => {
  it.each([
    ['plain', [['plain', false]]],
    [
      'set `--x=true` here',
      [
        ['set ', false],
        ['--x=true', true],
        [' here', false],
      ],
    ],
    [
      '`a``b`',
      [
        ['a', true],
        ['b', true],
      ],
    ],
    ['it`s', [['it`s', false]]],
    ['', []],
  ])('%j', (text, expected) => {
    expect(textSpans(text).map((span) => [span.text, span.code])).toEqual(expected);
  });
});
