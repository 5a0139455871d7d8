const LIMIT = 400;

const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1'],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, '[redacted]'],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, '$1 [redacted]'],
  [/\b(password|passwd|token|secret|api[_-]?key|access[_-]?key)(["']?\s*[=:]\s*["']?)[^\s"'&,;]+/gi, '$1$2[redacted]'],
];

/**
 * The message of a controller's condition, as evidence shows it: on one line, cut after 400 characters, without what
 * looks like a credential (user info in URLs, tokens, `password=…`).
 */
export function conditionText(message: string | undefined): string {
  let text = (message ?? '').replaceAll(/\s+/g, ' ').trim();
  for (const [pattern, replacement] of SECRETS) text = text.replaceAll(pattern, replacement);
  return text.length <= LIMIT ? text : `${text.slice(0, LIMIT - 1)}…`;
}
