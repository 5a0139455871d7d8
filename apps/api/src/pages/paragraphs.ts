import { html, type Html } from './html.js';

/** The two marks of Markdown that our descriptions use: `code` and **strong**. */
function inline(text: string): (string | Html)[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
    if (part.startsWith('`')) return html`<code>${part.slice(1, -1)}</code>`;
    if (part.startsWith('**')) return html`<strong>${part.slice(2, -2)}</strong>`;
    return part;
  });
}

/** Renders a description; `bare`: without paragraphs around it. */
export function paragraphs(text: string, bare = false): Html {
  if (bare) return html`${inline(text)}`;
  return html`${text.split(/\n\s*\n/).map((paragraph) => html`<p>${inline(paragraph)}</p> `)}`;
}
