import type { Namespace, NetworkPolicy, Pod, PolicyPort } from '#libs/core';
import { describe, expect, it } from 'vitest';
import { portCovers, selectsPod } from './match.js';
import { directionsOf } from './directions.js';
import { podsThatReach, pointerOf, PolicyEvaluator } from './reach.js';

const namespace = (name: string, labels: Record<string, string> = {}): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});
const NAMESPACES = [namespace('flux-system'), namespace('team-a', { team: 'a' })];

interface PodOptions {
  readonly app?: string;
  readonly hostNetwork?: true;
  readonly podIP?: string;
  readonly hostIP?: string;
}
function pod(namespace: string, name: string, { app = name, hostNetwork, podIP, hostIP }: PodOptions = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels: { app } },
    spec: {
      containers: [
        {
          name: 'manager',
          image: 'x',
          ports: [
            { name: 'http', containerPort: 9090 },
            { name: 'dns', containerPort: 53, protocol: 'UDP' },
          ],
        },
      ],
      ...(hostNetwork && { hostNetwork }),
    },
    status: { ...(podIP && { podIP }), ...(hostIP && { hostIP }) },
  };
}
const SOURCE = pod('flux-system', 'source-controller');
const KUSTOMIZE = pod('flux-system', 'kustomize-controller');
const NOTIFICATION = pod('flux-system', 'notification-controller');
const TENANT = pod('team-a', 'app');

function policy(name: string, spec: NetworkPolicy['spec'], namespace = 'flux-system'): NetworkPolicy {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { namespace, name }, spec };
}
const over = (...policies: NetworkPolicy[]) => new PolicyEvaluator(policies, NAMESPACES);
const EVERY_NAMESPACE = [{ namespaceSelector: {} }];

/** The policies that `flux install` makes: https://fluxcd.io/flux/security/best-practices/ */
const EGRESS = policy('allow-egress', {
  podSelector: {},
  policyTypes: ['Ingress', 'Egress'],
  ingress: [{ from: [{ podSelector: {} }] }],
  egress: [{}],
});
const SCRAPING = policy('allow-scraping', {
  podSelector: {},
  policyTypes: ['Ingress'],
  ingress: [{ from: EVERY_NAMESPACE, ports: [{ port: 8080, protocol: 'TCP' }] }],
});
const webhooks = (ports: PolicyPort[] = []) =>
  policy('allow-webhooks', {
    podSelector: { matchLabels: { app: 'notification-controller' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: EVERY_NAMESPACE, ...(ports.length > 0 && { ports }) }],
  });
const FLUX = [EGRESS, SCRAPING, webhooks([{ port: 9292, protocol: 'TCP' }])];

describe('the policies of Flux', () => {
  const openAll = policy('open', { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: EVERY_NAMESPACE }] });
  it.each<[string, NetworkPolicy[], Pod, Pod, number, boolean]>([
    ['none at all', [], TENANT, SOURCE, 9090, true],
    ['artifacts for Flux', FLUX, KUSTOMIZE, SOURCE, 9090, true],
    ['artifacts for tenants', FLUX, TENANT, SOURCE, 9090, false],
    ['metrics for all', FLUX, TENANT, SOURCE, 8080, true],
    ['events for tenants', FLUX, TENANT, NOTIFICATION, 9090, false],
    ['receivers for all', FLUX, TENANT, NOTIFICATION, 9292, true],
    ['receivers are no port of others', FLUX, TENANT, SOURCE, 9292, false],
    ['webhooks without a port open events too', [EGRESS, SCRAPING, webhooks()], TENANT, NOTIFICATION, 9090, true],
    ['webhooks without a port open no artifacts', [EGRESS, SCRAPING, webhooks()], TENANT, SOURCE, 9090, false],
    ['one more policy opens all', [...FLUX, openAll], TENANT, SOURCE, 9090, true],
    ['without allow-egress, tenants stay out', FLUX.slice(1), TENANT, SOURCE, 9090, false],
    ['without allow-egress, Flux itself is out', FLUX.slice(1), KUSTOMIZE, SOURCE, 9090, false],
    ['other namespaces are not isolated', FLUX, SOURCE, TENANT, 80, true],
    [
      'a policy of another namespace does not count',
      [{ ...EGRESS, metadata: { namespace: 'team-a', name: 'x' } }],
      TENANT,
      SOURCE,
      9090,
      true,
    ],
  ])('%s', (_, policies, source, destination, port, expected) => {
    expect(over(...policies).connects(source, destination, port).allowed).toBe(expected);
  });

  it('tells what opens a port', () => {
    const reach = over(...FLUX).reach(NOTIFICATION, 9292);
    if (reach.from !== 'peers') throw new Error('The pod is isolated.');
    expect(reach.policies.map(({ metadata }) => metadata.name)).toEqual([
      'allow-egress',
      'allow-scraping',
      'allow-webhooks',
    ]);
    expect(reach.openings.map((opening) => [opening.policy.metadata.name, pointerOf(opening)])).toEqual([
      ['allow-egress', '/spec/ingress/0/from/0'],
      ['allow-webhooks', '/spec/ingress/0/from/0'],
    ]);
  });

  it('lists the pods that reach a port', () => {
    const found = podsThatReach(over(...FLUX), [SOURCE, KUSTOMIZE, NOTIFICATION, TENANT], SOURCE, 9090);
    expect(found.map(({ pod }) => pod.metadata.name)).toEqual(['kustomize-controller', 'notification-controller']);
  });
});

describe('reach', () => {
  it.each<[string, NetworkPolicy['spec'], ReturnType<typeof openings>]>([
    ['no rule lets nobody in', { policyTypes: ['Ingress'] }, []],
    ['null lets nobody in', { policyTypes: ['Ingress'], ingress: null }, []],
    ['an empty rule lets everybody in', { ingress: [{}] }, ['/spec/ingress/0']],
    ['empty lists are as absent ones', { ingress: [{ from: [], ports: [] }] }, ['/spec/ingress/0']],
    ['null lists are as absent ones', { ingress: [{ from: null, ports: null }] }, ['/spec/ingress/0']],
    ['another port', { ingress: [{ ports: [{ port: 80 }] }, { ports: [{ port: 9090 }] }] }, ['/spec/ingress/1']],
    ['a policy for Egress only', { policyTypes: ['Egress'], ingress: [], egress: [] }, 'notIsolated'],
    ['rules of a direction that is not named', { policyTypes: ['Egress'], ingress: [{}], egress: [] }, 'notIsolated'],
    ['another pod', { podSelector: { matchLabels: { app: 'x' } }, ingress: [] }, 'notIsolated'],
  ])('%s', (_, spec, expected) => expect(openings(spec)).toEqual(expected));

  function openings(spec: NetworkPolicy['spec']): string | string[] {
    const reach = over(policy('p', spec)).reach(SOURCE, 9090);
    return reach.from === 'everybody' ? reach.because : reach.openings.map(pointerOf);
  }

  it('does not apply to pods in the network of their node', () => {
    const pod9 = pod('flux-system', 'source-controller', { hostNetwork: true });
    expect(over(policy('p', { ingress: [] })).reach(pod9, 9090)).toEqual({ from: 'everybody', because: 'hostNetwork' });
  });
});

describe('directionsOf', () => {
  it.each<[NetworkPolicy['spec'], string[]]>([
    [{}, ['Ingress']],
    [{ policyTypes: [] }, ['Ingress']],
    [{ policyTypes: null }, ['Ingress']],
    [{ egress: [] }, ['Ingress']],
    [{ egress: [{}] }, ['Ingress', 'Egress']],
    [{ policyTypes: ['Egress'] }, ['Egress']],
    [{ policyTypes: ['Egress', 'Ingress'] }, ['Ingress', 'Egress']],
    [{ policyTypes: ['Ingress'], egress: [{}] }, ['Ingress']],
    [{ policyTypes: ['ingress'] }, []],
  ])('%j', (spec, expected) => expect(directionsOf(policy('p', spec))).toEqual(expected));
});

describe('portCovers', () => {
  it.each<[PolicyPort, number, string, boolean]>([
    [{}, 9090, 'TCP', true],
    [{}, 53, 'UDP', false],
    [{ protocol: 'UDP' }, 53, 'UDP', true],
    [{ protocol: 'SCTP' }, 53, 'UDP', false],
    [{ port: 9090 }, 9090, 'TCP', true],
    [{ port: 9090 }, 9091, 'TCP', false],
    [{ port: 9090, protocol: 'UDP' }, 9090, 'TCP', false],
    [{ port: 9000, endPort: 9090 }, 9000, 'TCP', true],
    [{ port: 9000, endPort: 9090 }, 9090, 'TCP', true],
    [{ port: 9000, endPort: 9090 }, 8999, 'TCP', false],
    [{ port: 9000, endPort: 9090 }, 9091, 'TCP', false],
    [{ port: 9000, endPort: 8000 }, 9000, 'TCP', false],
    [{ port: 'http' }, 9090, 'TCP', true],
    [{ port: 'http' }, 80, 'TCP', false],
    [{ port: 'http', protocol: 'UDP' }, 9090, 'UDP', false],
    [{ port: 'dns' }, 53, 'TCP', false],
    [{ port: 'dns', protocol: 'UDP' }, 53, 'UDP', true],
    [{ port: 'metrics' }, 9090, 'TCP', false],
    [{ port: '9090' }, 9090, 'TCP', false],
  ])('%j, port %i %s: %s', (entry, port, protocol, expected) => {
    expect(portCovers(entry, port, protocol, SOURCE)).toBe(expected);
  });

  it('knows no names of a destination that is no pod', () =>
    expect(portCovers({ port: 'http' }, 9090, 'TCP')).toBe(false));
});

it('selects nothing in another namespace', () => {
  expect(selectsPod(policy('p', {}), SOURCE)).toBe(true);
  expect(selectsPod(policy('p', {}), TENANT)).toBe(false);
});

describe('peers', () => {
  const lets = (from: object, source: Pod) =>
    over(policy('p', { ingress: [{ from: [from] }] })).lets({ pod: source }, SOURCE, 9090).allowed;
  it.each<[string, object, Pod, boolean]>([
    ['nothing named', {}, TENANT, false],
    ['pods of the namespace', { podSelector: {} }, KUSTOMIZE, true],
    ['pods of the namespace, not of others', { podSelector: {} }, TENANT, false],
    ['a namespace by label', { namespaceSelector: { matchLabels: { team: 'a' } } }, TENANT, true],
    ['another namespace by label', { namespaceSelector: { matchLabels: { team: 'b' } } }, TENANT, false],
    ['both, and both hold', { namespaceSelector: {}, podSelector: { matchLabels: { app: 'app' } } }, TENANT, true],
    ['both, and one holds', { namespaceSelector: {}, podSelector: { matchLabels: { app: 'x' } } }, TENANT, false],
    [
      'a namespace that is not there has no labels',
      { namespaceSelector: { matchLabels: { team: 'a' } } },
      pod('gone', 'x'),
      false,
    ],
  ])('%s', (_, peer, source, expected) => expect(lets(peer, source)).toBe(expected));

  it.each<[string, string[], boolean]>([
    ['192.0.2.7', [], true],
    ['192.0.2.7', ['192.0.2.0/29'], false],
    ['192.0.2.9', ['192.0.2.0/29'], true],
    ['198.51.100.1', [], false],
  ])('the address %s, but %j', (address, except, expected) => {
    const evaluator = over(policy('p', { ingress: [{ from: [{ ipBlock: { cidr: '192.0.2.0/24', except } }] }] }));
    expect(evaluator.lets({ address }, SOURCE, 9090).allowed).toBe(expected);
  });

  it('take no address for a pod', () => {
    const evaluator = over(policy('p', { ingress: [{ from: EVERY_NAMESPACE }] }));
    expect(evaluator.lets({ address: '192.0.2.7' }, SOURCE, 9090).allowed).toBe(false);
  });
});

describe('what the plugin decides', () => {
  const byAddress = policy('p', { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] });
  const bySelector = policy('p', { ingress: [{ from: [{ podSelector: {} }] }] });
  const hosted = (podIP: string) => pod('flux-system', 'node-agent', { hostNetwork: true, podIP });
  it.each<[string, NetworkPolicy, Pod, Pod, { allowed: boolean; derived?: string }]>([
    [
      'a pod by its address',
      byAddress,
      pod('team-a', 'x', { podIP: '10.1.1.1' }),
      SOURCE,
      { allowed: true, derived: 'podByAddress' },
    ],
    ['a pod of another address', byAddress, pod('team-a', 'x', { podIP: '192.0.2.1' }), SOURCE, { allowed: false }],
    ['a pod without an address yet', byAddress, pod('team-a', 'x'), SOURCE, { allowed: false }],
    ['a node by its address', byAddress, hosted('10.1.1.1'), SOURCE, { allowed: true }],
    [
      'a pod in the network of its node, by labels',
      bySelector,
      hosted('10.1.1.1'),
      SOURCE,
      { allowed: true, derived: 'hostNetwork' },
    ],
    [
      'a destination in the network of its node',
      policy('p', { ingress: [] }),
      TENANT,
      pod('flux-system', 'x', { hostNetwork: true }),
      { allowed: true, derived: 'hostNetwork' },
    ],
  ])('%s', (_, policy, source, destination, expected) => {
    const { allowed, derived } = over(policy).lets({ pod: source }, destination, 9090);
    expect({ allowed, ...(derived && { derived }) }).toEqual(expected);
  });

  it('is settled where one side refuses anyway', () => {
    const deny = policy('deny', { policyTypes: ['Egress'], egress: [] }, 'team-a');
    const source = pod('team-a', 'x', { podIP: '10.1.1.1' });
    expect(over(byAddress).connects(source, SOURCE, 9090)).toMatchObject({ allowed: true, derived: 'podByAddress' });
    expect(over(byAddress, deny).connects(source, SOURCE, 9090)).toEqual({ allowed: false });
  });

  it('does not matter where another peer lets the pod in for certain', () => {
    const both = policy('p', { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }, { namespaceSelector: {} }] }] });
    const verdict = over(both).lets({ pod: pod('team-a', 'x', { podIP: '10.1.1.1' }) }, SOURCE, 9090);
    expect(verdict.derived).toBeUndefined();
    expect(verdict.by && pointerOf(verdict.by)).toBe('/spec/ingress/0/from/1');
  });
});
