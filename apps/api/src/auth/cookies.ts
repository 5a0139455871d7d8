/** Lifetime of a browser session. */
export const SESSION_SECONDS = 12 * 60 * 60;

/** `__Host-` (RFC 6265bis 4.1.3.2) ties the cookie to this host; browsers accept it over https only. */
export function sessionCookieName(tls: boolean): string {
  return tls ? '__Host-plimsoll_session' : 'plimsoll_session';
}

export function readCookie(header: string | undefined, name: string): string | null {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

/** @param secret empty: makes the browser forget it */
export function sessionCookie(secret: string, tls: boolean): string {
  const maxAge = secret === '' ? 0 : SESSION_SECONDS;
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${maxAge}`, ...(tls ? ['Secure'] : [])];
  return [`${sessionCookieName(tls)}=${secret}`, ...attributes].join('; ');
}
