import type { RestClient } from './rest-client.js';

export interface FleetTenant {
  readonly name: string;
  readonly namespaces?: { readonly names?: readonly string[]; readonly matchLabels?: Record<string, string> };
  readonly isolation?: 'high' | 'low';
}

/** A cluster to register, in the shape of the REST API, without its name. */
export interface FleetCluster {
  readonly name: string;
  readonly role?: 'management' | 'tenant' | 'standalone';
  readonly tenancy?: 'dedicated' | 'shared';
  readonly delivery?: 'remoteApply' | 'inCluster' | 'other';
  readonly labels?: Readonly<Record<string, string>>;
  readonly tenants?: readonly string[];
  readonly platform?: Readonly<Record<string, unknown>>;
  readonly kubeconfig: string;
}

/** Creates or updates one resource by name: the second start finds what the first one made. */
async function upsert(rest: RestClient, path: string, body: unknown, query = ''): Promise<void> {
  const existing = await rest.get(path).catch(() => undefined);
  await rest.call('PUT', `${path}${query}`, {
    body,
    headers: existing?.etag === undefined ? {} : { 'if-match': existing.etag },
  });
}

export async function registerTenant(rest: RestClient, tenant: FleetTenant): Promise<void> {
  const { name, ...body } = tenant;
  await upsert(rest, `/tenants/${name}`, body);
}

/** Registers without verifying: the audit that follows says what it finds, an unreachable cluster included. */
export async function registerCluster(rest: RestClient, cluster: FleetCluster): Promise<void> {
  const { name, kubeconfig, ...settings } = cluster;
  await upsert(
    rest,
    `/clusters/${name}`,
    { ...settings, credential: { kind: 'kubeconfig', kubeconfig } },
    '?verify=false',
  );
}
