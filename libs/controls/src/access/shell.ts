/** A text as one word of a POSIX shell, whatever is in it: names of RBAC objects may hold nearly any character. */
export function quoted(text: string): string {
  return /^[\w.:@/=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
