const LIMIT = 160;

/** A text from the cluster as messages and evidence show it: on one line, and cut where it is long. */
export function excerpt(text: string, limit = LIMIT): string {
  // Only what is shown is looked at: the text may be as long as an object can be.
  const line = text.slice(0, limit + 1).replaceAll(/[\s\p{Cc}]+/gu, ' ');
  return text.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}

/** An argument without its value, which may be a secret: `--proxy-url` of `--proxy-url=http://user:password@proxy`. */
export function withoutValue(argument: string): string {
  return excerpt(argument.split(/[=\s]/, 1)[0] ?? '');
}
