import { send } from './http.js';
import type { ChannelTestResult, Delivery, Run } from './types.js';

/** Every write of the dashboard. A key makes a repeated click one request. */
const once = (): Readonly<Record<string, string>> => ({ 'idempotency-key': randomKey() });

/** `crypto.randomUUID` exists over https and on this machine only. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export type Login = { readonly token: string } | { readonly link: string };

export async function logIn(login: Login): Promise<void> {
  await send('POST', '/auth/session', { body: login });
}

export async function logOut(): Promise<void> {
  await send('DELETE', '/auth/session');
}

/** Starts an audit of some clusters, or of all; answers with the one that runs already where there is one. */
export async function startRun(clusters?: readonly string[]): Promise<Run> {
  const target = clusters === undefined ? {} : { clusters };
  const { body } = await send<Run>('POST', '/runs', { query: { join: true }, body: { target }, headers: once() });
  return body as Run;
}

export async function cancelRun(id: string): Promise<void> {
  await send('POST', `/runs/${encodeURIComponent(id)}/cancel`, { headers: once() });
}

export async function testChannel(ref: string): Promise<ChannelTestResult> {
  const { body } = await send<ChannelTestResult>('POST', `/channels/${encodeURIComponent(ref)}/test`, {
    headers: once(),
  });
  return body as ChannelTestResult;
}

export async function retryDelivery(id: string): Promise<Delivery> {
  const { body } = await send<Delivery>('POST', `/deliveries/${encodeURIComponent(id)}/retry`, { headers: once() });
  return body as Delivery;
}
