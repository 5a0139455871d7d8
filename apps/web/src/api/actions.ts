import { api, bodyOf } from './client.js';
import type { components } from './schema.generated.js';

/** Every write of the dashboard. A key of its own makes a repeated request one. */
const once = () => ({ 'Idempotency-Key': randomKey() });

/** `crypto.randomUUID` exists over https and on this machine only. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export type Login = components['schemas']['SessionInput'];

export async function logIn(login: Login): Promise<void> {
  await bodyOf(api.POST('/api/v1/auth/session', { body: login }));
}

export async function logOut(): Promise<void> {
  await bodyOf(api.DELETE('/api/v1/auth/session'));
}

/** Starts an audit of one cluster, or of all; answers with the one that runs already where there is one. */
export function startRun(cluster: string | undefined) {
  return bodyOf(
    api.POST('/api/v1/runs', {
      params: { query: { join: true }, header: once() },
      body: { target: cluster === undefined ? {} : { clusters: [cluster] } },
    }),
  );
}

export async function cancelRun(runId: string): Promise<void> {
  await bodyOf(api.POST('/api/v1/runs/{runId}/cancel', { params: { path: { runId }, header: once() } }));
}

export function testChannel(channelRef: string) {
  return bodyOf(api.POST('/api/v1/channels/{channelRef}/test', { params: { path: { channelRef }, header: once() } }));
}

export function retryDelivery(deliveryId: string) {
  return bodyOf(
    api.POST('/api/v1/deliveries/{deliveryId}/retry', { params: { path: { deliveryId }, header: once() } }),
  );
}
