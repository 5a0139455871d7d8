/** Texts from a cluster may hold URLs with a user name and password; these are never kept. */
const USER_INFO = /(\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@?#"'<>]{1,1024}@/gi;

/** The text with the user name and password of every URL in it removed. */
export function withoutUserInfo(text: string): string {
  return text.includes('@') ? text.replace(USER_INFO, '$1') : text;
}

/** A repository URL without user name, password, query and fragment. */
export function plainUrl(text: string): string {
  return withoutUserInfo(text).replace(/[?#].*$/s, '');
}

/** Scheme and host only: the path of a webhook is its secret. Undefined for what is no URL. */
export function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.host === '' ? url.protocol : `${url.protocol}//${url.host}`;
}
