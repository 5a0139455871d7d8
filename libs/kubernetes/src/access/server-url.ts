import type { KubeconfigErrorCode } from './kubeconfig-rejected.js';

/** Host, optional port, optional path of plain segments: no `%`, no backslash, nothing that a URL parser would rewrite. */
const PLAIN = /^https:\/\/(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?((?:\/[A-Za-z0-9._~:-]+)*)\/?$/i;

/** The server URL of a cluster in its one accepted form (`ClusterAccess.server`), or the code of what is wrong with it. */
export function parseServerUrl(text: string): { readonly server: string } | { readonly code: KubeconfigErrorCode } {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { code: 'serverInvalid' };
  }
  if (text.length > 2_048) return { code: 'serverInvalid' };
  if (url.protocol !== 'https:') return { code: 'serverNotHttps' };
  if (url.username !== '' || url.password !== '') return { code: 'serverCredentials' };
  if (text.includes('?')) return { code: 'serverQuery' };
  if (text.includes('#')) return { code: 'serverFragment' };
  const path = PLAIN.exec(text)?.[1];
  if (path === undefined || url.hostname === '' || url.port === '0') return { code: 'serverInvalid' };
  if (path.split('/').some((segment) => segment === '.' || segment === '..')) return { code: 'serverInvalid' };
  return { server: `${url.origin}${path}` };
}

/** A server URL with its port spelled out, for comparison: `https://api.example.com:443`. As it is where it is no URL. */
export function withPort(server: string): string {
  if (!URL.canParse(server)) return server;
  const { protocol, hostname, port, pathname } = new URL(server);
  return `${protocol}//${hostname}:${port || '443'}${pathname.replace(/\/+$/, '')}`;
}
