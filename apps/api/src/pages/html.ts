const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is HTML already. Only `html` makes it. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | Html | null | undefined | readonly Part[];

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

function render(part: Part): string {
  if (part === null || part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(render).join('');
  return escapeHtml(String(part));
}

/** Template tag: every value is escaped, unless it is `Html` itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(String.raw({ raw: strings }, ...parts.map(render)));
}

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#c6ccd2, #3b444d); --soft: light-dark(#f3f5f7, #1c2228); --link: light-dark(#0b57b4, #8ab8ff); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; font: 1rem/1.55 system-ui, sans-serif; background: light-dark(#fff, #12171c); color: light-dark(#1a2026, #e4e8ec); }
a { color: var(--link); }
code, pre { font: 0.9em/1.5 ui-monospace, monospace; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .75rem 1rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem .3rem 0; text-align: left; vertical-align: top; }
h2 { border-bottom: 2px solid var(--line); padding-bottom: .25rem; margin-top: 3rem; }
article { border: 1px solid var(--line); border-radius: 8px; padding: 0 1.25rem 1rem; margin: 1.25rem 0; }
article > h3 { margin-bottom: .25rem; }
summary { cursor: pointer; padding: .25rem 0; }
nav ul { columns: 3 16rem; padding-left: 1.1rem; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; }
.note { background: var(--soft); border-left: 4px solid var(--line); padding: .5rem 1rem; }
`;

/** A page of its own: no script, and its only style carries the nonce of the answer. */
export function page(title: string, body: Html, nonce: string): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style nonce="${nonce}">
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `.text;
}
