import { PROBLEM_CODES, PROBLEMS, type ProblemCode } from '../http/problem-codes.js';
import { html, type Html } from './html.js';

/** The page that a problem's `type` leads to: what it means and what to do. */
export function problemPage(code: ProblemCode): Html {
  const { status, title, meaning, fix } = PROBLEMS[code];
  return html`<main>
    <p><a href="/problems">All problems</a> · <a href="/api/docs">API reference</a></p>
    <h1>${title}</h1>
    <p><code>${code}</code> · HTTP status ${status}</p>
    <h2>What it means</h2>
    <p>${meaning}</p>
    <h2>What to do</h2>
    <p class="note">${fix}</p>
  </main>`;
}

export function problemIndex(): Html {
  const rows = PROBLEM_CODES.map(
    (code) =>
      html`<tr>
        <td>${PROBLEMS[code].status}</td>
        <td>
          <a href="/problems/${code}"><code>${code}</code></a>
        </td>
        <td>${PROBLEMS[code].title}</td>
      </tr> `,
  );
  return html`<main>
    <p><a href="/api/docs">API reference</a></p>
    <h1>Problems</h1>
    <p>Every answer that is no success is a problem document (RFC 9457). Its <code>code</code> is one of these.</p>
    <table>
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">Code</th>
          <th scope="col">Title</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </main>`;
}
