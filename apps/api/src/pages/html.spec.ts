import { expect, it } from 'vitest';
import { html, page } from './html.js';

it('escapes every value', () => {
  expect(
    html`<p title="${'"'}">${'<script>'} ${['&', "'"]} ${html`<b>${'<'}</b>`} ${null}${undefined}${3}</p>`.text,
  ).toBe('<p title="&quot;">&lt;script&gt; &amp;&#39; <b>&lt;</b> 3</p>');
});

it('makes pages without scripts, whose style has the nonce', () => {
  const text = page('<title>', html`<main></main>`, 'abc');
  expect(text).toContain('<style nonce="abc">');
  expect(text).toContain('<title>&lt;title&gt;</title>');
  expect(text).not.toMatch(/<script|style="/);
});
