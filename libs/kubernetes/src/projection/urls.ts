/** Texts from a cluster may hold URLs with a user name and password; these are never kept. */
const USER_INFO = /(\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@?#"'<>]{1,8192}@/gi;

/** The text with the user name and password of every URL in it removed. */
export function withoutUserInfo(text: string): string {
  return text.includes('@') ? text.replace(USER_INFO, '$1') : text;
}

const AUTHORITY = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@/i;

/** A repository URL without user name, password, query and fragment. */
export function plainUrl(text: string): string {
  return withoutUserInfo(text.replace(AUTHORITY, '$1')).replace(/[?#].*$/s, '');
}

/** Whether a URL holds a credential before its host. The user name of an ssh URL is none: the key is elsewhere. */
export function hasUserInfo(text: string): boolean {
  const [, scheme, userInfo] = AUTHORITY.exec(text) ?? [];
  return userInfo !== undefined && (scheme?.toLowerCase() !== 'ssh://' || userInfo.includes(':'));
}

/** Scheme, where there is one, host and port of an address: `minio.example.com:9000`. */
export function plainEndpoint(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#]*@)?([^/?#]*).*$/is, '$1$2');
}

/** Scheme and host only: the path of a webhook is its secret. Undefined for what is no URL: `user:password` is none either. */
export function originOf(text: string): string | undefined {
  if (!text.includes('://') || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.host === '' ? url.protocol : `${url.protocol}//${url.host}`;
}

/** Whether more than scheme, credentials and host stand in a URL. False for what is no URL. */
export function hasPath(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { pathname, search, hash } = new URL(text);
  return !['', '/'].includes(pathname) || search !== '' || hash !== '';
}
