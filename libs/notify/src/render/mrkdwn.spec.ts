import { describe, expect, it } from 'vitest';
import { code, link, md, text } from './mrkdwn.js';

describe('text', () => {
  it.each([
    ['a & b < c > d', 'a &amp; b &lt; c &gt; d'],
    ['&lt;', '&amp;lt;'],
    ['<!channel> <@U123> <#C1|x>', '&lt;!channel&gt; &lt;@\u200BU123&gt; &lt;#C1|x&gt;'],
    ['@here @channel a@example.com', '@\u200Bhere @\u200Bchannel a@\u200Bexample.com'],
    ['*bold* ~gone~ `code`', '∗bold∗ ∼gone∼ ˋcodeˋ'],
    ['_slanted_ but snake_case', 'ˍslantedˍ but snake_case'],
    [':red_circle: at 02:00:06', '\uA789red_circle: at 02:00:06'],
    ['two\nlines', 'two lines'],
  ])('%j → %j', (value, expected) => {
    expect(text(value)).toBe(expected);
  });

  it('counts what Slack counts, and tears no entity', () => {
    expect(text('&&&&', 16)).toBe('&amp;&amp;&amp;…');
    expect(text('&&&&', 20)).toBe('&amp;&amp;&amp;&amp;');
  });
});

describe('code', () => {
  it.each([
    ['pay-eu-3', '`pay-eu-3`'],
    ['a`b``c', '`abc`'],
    ['*as* _it_ :is:', '`*as* _it_ :is:`'],
    ['<!here>', '`&lt;!here&gt;`'],
    ['', '`(no name)`'],
    [' ` ', '`(no name)`'],
    ['\u202E', '`(no name)`'],
  ])('%j → %j', (value, expected) => {
    expect(code(value)).toBe(expected);
  });
});

describe('link', () => {
  it.each([
    ['https://p.example.com/a?b=1&c=2', 'x', '<https://p.example.com/a?b=1&amp;c=2|x>'],
    ['https://p.example.com/a|b>c d', 'x', '<https://p.example.com/a%7Cb%3Ec%20d|x>'],
    ['https://p.example.com/', 'a|b <c> *d*', '<https://p.example.com/|a¦b &lt;c&gt; ∗d∗>'],
  ])('%j %j → %j', (url, label, expected) => {
    expect(link(url, label)).toBe(expected);
  });
});

describe('md', () => {
  it('takes safe parts and numbers', () => {
    expect(md`*${3} of ${text('<4>')}*`).toBe('*3 of &lt;4&gt;*');
  });

  it('does not compile with a raw value', () => {
    const raw = '<!channel>';
    // @ts-expect-error a plain string is not safe
    expect(md`${raw}`).toBe(raw);
  });
});
