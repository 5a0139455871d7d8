/** A text as one word of a shell: paths and URLs of repositories are whatever somebody wrote. */
export function shellText(text: string): string {
  const line = text.replaceAll(/\p{Cc}/gu, '');
  return /^[\w./:@=+-]+$/.test(line) && !line.startsWith('-') ? line : `'${line.replaceAll("'", `'\\''`)}'`;
}
