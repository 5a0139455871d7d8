import { describe, expect, it } from 'vitest';
import { collect, inFlux, inTeam, kept, object, pod, valueOf } from '../../test/collected-objects.js';
import { SECRET, type Json } from '../../test/objects.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { writeSnapshot } from '../snapshot/write-snapshot.js';

const selector = { matchLabels: { app: 'a' }, matchExpressions: [{ key: 'b', operator: 'Exists' }] };

describe('around Flux is kept', () => {
  const service = (metadata: Json, name = 'source-controller') =>
    object(
      'v1',
      'Service',
      name,
      {
        spec: { type: 'NodePort', selector: { app: 'x' }, ports: [{ port: 80, targetPort: 'http', nodePort: 30_080 }] },
      },
      metadata,
    );
  const quota = (metadata: Json) =>
    object(
      'v1',
      'ResourceQuota',
      'own',
      {
        spec: {
          hard: { pods: '10' },
          scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['x'] }] },
        },
        status: { used: { pods: SECRET } },
      },
      metadata,
    );

  it('what is in its namespaces, and in those that the registry names', async () => {
    const objects = [inFlux, inTeam, { namespace: 'other' }].flatMap((home) => [
      service(home, 'own'),
      quota(home),
      object('policy/v1', 'PodDisruptionBudget', 'own', { spec: { selector } }, home),
    ]);
    const { snapshot, cluster } = await collect(objects, undefined, { fluxNamespaces: ['other'] });
    const names = ['flux-system', 'other'];
    for (const name of ['services', 'resourceQuotas', 'disruptionBudgets'] as const) {
      const own = valueOf(snapshot, name).filter(({ metadata }) => metadata.name === 'own');
      expect(own.map(({ metadata }) => metadata.namespace)).toEqual(names);
    }
    expect(valueOf(snapshot, 'services').find(({ metadata }) => metadata.name === 'own')).toMatchObject({
      spec: { type: 'NodePort', selector: { app: 'x' }, ports: [{ port: 80, targetPort: 'http', nodePort: 30_080 }] },
    });
    expect(cluster.requests.requests.filter(({ path }) => /v1\/services/.test(path))).toEqual([]);
    expect(JSON.stringify(snapshot.artifacts.resourceQuotas)).not.toContain(SECRET);
    expect(readSnapshot(writeSnapshot(snapshot)).artifacts.resourceQuotas).toEqual(snapshot.artifacts.resourceQuotas);
  });

  it('the ingresses that may lead there', async () => {
    const http = (service: string) => ({
      http: { paths: [{ path: '/x', backend: { service: { name: service, port: { number: 80 } } } }] },
    });
    const ingress = (name: string, spec: Json, metadata: Json) =>
      object('networking.k8s.io/v1', 'Ingress', name, { spec }, metadata);
    const found = await kept(
      'ingresses',
      ingress(
        'near',
        {
          tls: [{ hosts: ['a.example.com'], secretName: 'x' }],
          defaultBackend: { service: { name: 'd', port: { name: 'http' } } },
          rules: [{ host: 'a.example.com', ...http('s') }],
        },
        inFlux,
      ),
      ingress('detour', { rules: [http('webhook-receiver')] }, inTeam),
      ingress('far', { rules: [http('shop')] }, inTeam),
    );
    expect(found.map(({ metadata }) => metadata.name)).toEqual(['near', 'detour']);
    expect(found[0]?.spec).toEqual({
      tls: true,
      tlsHosts: ['a.example.com'],
      backends: [
        { service: 'd', port: 'http' },
        { host: 'a.example.com', path: '/x', service: 's', port: 80 },
      ],
    });
    expect(found[1]?.spec).toMatchObject({ tls: false, tlsHosts: [] });
  });

  it('the routes of gateways that lead there, copies of requests among them', async () => {
    const to = { name: 'webhook-receiver', port: 80 };
    const route = (kind: string, version: string, name: string, rules: readonly Json[], metadata: Json) =>
      object(`gateway.networking.k8s.io/${version}`, kind, name, { spec: { rules } }, metadata);
    const found = await kept(
      'gatewayRoutes',
      route(
        'HTTPRoute',
        'v1',
        'near',
        [{ matches: [{ path: { value: '/hook' } }], backendRefs: [to, { ...to, namespace: 'team-a' }] }],
        inFlux,
      ),
      route('HTTPRoute', 'v1', 'across', [{ backendRefs: [{ ...to, namespace: 'flux-system' }] }], inTeam),
      route(
        'HTTPRoute',
        'v1',
        'mirror',
        [{ filters: [{ requestMirror: { backendRef: { ...to, namespace: 'flux-system' } } }] }],
        inTeam,
      ),
      route('HTTPRoute', 'v1', 'far', [{ backendRefs: [to] }], inTeam),
      route('HTTPRoute', 'v1', 'no-service', [{ backendRefs: [{ ...to, group: 'x', kind: 'Bucket' }] }], inFlux),
      route('TCPRoute', 'v1alpha2', 'tcp', [{ backendRefs: [to] }], inFlux),
    );
    const backend = { namespace: 'flux-system', service: 'webhook-receiver', port: 80 };
    expect(found.map(({ kind, metadata, spec }) => [kind, metadata.name, spec.backends])).toEqual([
      ['HTTPRoute', 'near', [{ ...backend, path: '/hook' }]],
      ['HTTPRoute', 'across', [backend]],
      ['HTTPRoute', 'mirror', [backend]],
      ['TCPRoute', 'tcp', [backend]],
    ]);
  });

  it('found with one list, where somebody makes it seem to run everywhere', async () => {
    const decoys = Array.from({ length: 12 }, (_, i) =>
      pod([{ image: 'ghcr.io/fluxcd/source-controller:v1.9.4' }], { namespace: `decoy-${i}`, name: 'x' }),
    );
    const { snapshot, cluster } = await collect([...decoys, service({ namespace: 'decoy-1' }), service(inTeam)]);
    const homes = valueOf(snapshot, 'services').map(({ metadata }) => metadata.namespace);
    expect(homes).toContain('decoy-1');
    expect(homes).not.toContain('team-a');
    expect(cluster.requests.requests.filter(({ path }) => path.includes('/services'))).toHaveLength(1);
  });
});
