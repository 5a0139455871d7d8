const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

export type SlackWebhookTarget =
  | { readonly url: URL; readonly allowHttpLoopback: boolean }
  | { readonly problem: 'notUrl' | 'hostNotAllowed' | 'notHttps' | 'notWebhook' };

/**
 * Whether an address may be a Slack webhook. Only hosts that the operator named are called, so that a channel cannot
 * be used to reach another service; plain http only for a loopback host named there (a test or a local proxy).
 *
 * @param hosts `PLIMSOLL_SLACK_WEBHOOK_HOSTS`: `host` or `host:port`, lower case
 */
export function checkSlackWebhookUrl(text: string, hosts: readonly string[]): SlackWebhookTarget {
  if (!URL.canParse(text)) return { problem: 'notUrl' };
  const url = new URL(text);
  // `host` leaves a default port out, so that `https://hooks.slack.com:443/…` is `hooks.slack.com`.
  if (!hosts.includes(url.host) || url.username !== '' || url.password !== '') return { problem: 'hostNotAllowed' };
  const loopback = LOOPBACK.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) return { problem: 'notHttps' };
  if (url.pathname === '/') return { problem: 'notWebhook' };
  return { url, allowHttpLoopback: loopback };
}
