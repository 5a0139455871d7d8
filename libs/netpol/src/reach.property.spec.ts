import { isDeepStrictEqual } from 'node:util';
import type {
  Namespace,
  NetworkPolicy,
  NetworkProtocol,
  Pod,
  PolicyPeer,
  PolicyPort,
  SelectorObject,
} from '#libs/core';
import {
  type Arbitrary,
  array,
  assert,
  constant,
  constantFrom,
  dictionary,
  oneof,
  option,
  property,
  record,
  tuple,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PolicyEvaluator } from './reach.js';

const PORTS = [80, 81, 82];
const PROTOCOLS: readonly NetworkProtocol[] = ['TCP', 'UDP'];
const labels = dictionary(constantFrom('a', 'b'), constantFrom('1', '2'), { maxKeys: 2 });
const NAMES = ['x', 'y'];

const expression = record({
  key: constantFrom('a', 'b', 'c'),
  operator: constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
  values: array(constantFrom('1', '2'), { minLength: 1, maxLength: 2 }),
});
const selector: Arbitrary<SelectorObject> = record(
  { matchLabels: labels, matchExpressions: array(expression, { maxLength: 1 }) },
  { requiredKeys: [] },
);
const block = record({
  cidr: constantFrom('10.0.0.0/8', '10.0.0.0/30', '10.0.0.1/32', '192.0.2.0/24'),
  except: array(constantFrom('10.0.0.2/32', '10.0.0.0/31'), { maxLength: 1 }),
});
const peer: Arbitrary<PolicyPeer> = oneof(
  record({ podSelector: selector, namespaceSelector: selector }, { requiredKeys: [] }),
  record({ ipBlock: block }),
);
const policyPort: Arbitrary<PolicyPort> = oneof(
  record(
    { protocol: constantFrom(...PROTOCOLS), port: oneof(constantFrom(...PORTS), constantFrom('p80', 'p81')) },
    { requiredKeys: [] },
  ),
  record({ port: constant(80), endPort: constantFrom(80, 81, 82) }),
);
const list = <T>(item: Arbitrary<T>) => option(array(item, { maxLength: 2 }), { freq: 6 });
const policy: Arbitrary<NetworkPolicy> = record({
  apiVersion: constant('networking.k8s.io/v1'),
  kind: constant('NetworkPolicy' as const),
  metadata: record({ name: constant('p'), namespace: constantFrom(...NAMES) }),
  spec: record(
    {
      podSelector: selector,
      policyTypes: constantFrom([], ['Ingress'], ['Egress'], ['Ingress', 'Egress']),
      ingress: list(record({ from: list(peer), ports: list(policyPort) })),
      egress: list(record({ to: list(peer), ports: list(policyPort) })),
    },
    { requiredKeys: [] },
  ),
});

const pods = array(
  tuple(
    constantFrom(...NAMES),
    labels,
    array(tuple(constantFrom('p80', 'p81'), constantFrom(80, 81), constantFrom(...PROTOCOLS)), { maxLength: 2 }),
  ),
  { minLength: 2, maxLength: 4 },
).map((all) =>
  all.map(([namespace, labels, ports], number): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name: `pod-${number}`, labels },
    spec: {
      containers: [
        {
          name: 'c',
          image: 'x',
          ports: ports.map(([name, containerPort, protocol]) => ({ name, containerPort, protocol })),
        },
      ],
    },
    status: { podIP: `10.0.0.${number}` },
  })),
);
const namespaces = tuple(labels, labels).map((all) =>
  all.map((labels, number): Namespace => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMES[number] ?? '', labels },
  })),
);

/*
 * The reference: every rule is written out as the set of all connections it allows, `from>to:port/protocol`, and a
 * connection passes where each side is either not isolated or has it in the set. Nothing of the evaluator is used.
 */

const has = (selector: SelectorObject, labels: Readonly<Record<string, string>>): boolean => {
  const byLabel = Object.keys(selector.matchLabels ?? {}).filter((key) => labels[key] !== selector.matchLabels?.[key]);
  const byExpression = (selector.matchExpressions ?? []).filter(({ key, operator, values = [] }) => {
    const present = key in labels;
    if (operator === 'Exists') return !present;
    if (operator === 'DoesNotExist') return present;
    const listed = values.some((value) => value === labels[key]);
    return operator === 'In' ? !listed : listed;
  });
  return byLabel.length === 0 && byExpression.length === 0;
};

/** Addresses in 10.0.0.0/24 by their last number; the only ones that pods have here. */
const BLOCKS: Record<string, (last: number) => boolean> = {
  '10.0.0.0/8': () => true,
  '10.0.0.0/30': (last) => last < 4,
  '10.0.0.0/31': (last) => last < 2,
  '10.0.0.1/32': (last) => last === 1,
  '10.0.0.2/32': (last) => last === 2,
  '192.0.2.0/24': () => false,
};
const within = (cidr: string, pod: Pod) => BLOCKS[cidr]?.(Number(pod.status?.podIP?.split('.')[3])) ?? false;

function chosenBy(
  peer: PolicyPeer,
  own: string,
  all: readonly Pod[],
  namespaces: readonly Namespace[],
): readonly Pod[] {
  const { ipBlock, podSelector, namespaceSelector } = peer;
  if (ipBlock)
    return all.filter((pod) => within(ipBlock.cidr, pod) && !ipBlock.except?.some((cidr) => within(cidr, pod)));
  if (!podSelector && !namespaceSelector) return [];
  const names = namespaces
    .filter(({ metadata }) =>
      namespaceSelector ? has(namespaceSelector, metadata.labels ?? {}) : metadata.name === own,
    )
    .map(({ metadata }) => metadata.name);
  return all.filter(
    ({ metadata }) =>
      names.includes(metadata.namespace ?? '') && (!podSelector || has(podSelector, metadata.labels ?? {})),
  );
}

function numbersOf(entry: PolicyPort, to: Pod, protocol: NetworkProtocol): readonly number[] {
  if ((entry.protocol ?? 'TCP') !== protocol) return [];
  const { port, endPort } = entry;
  if (port === undefined) return PORTS;
  if (typeof port === 'number') return PORTS.filter((each) => port <= each && each <= (endPort ?? port));
  const named = (to.spec.containers[0]?.ports ?? []).filter((each) => each.name === port && each.protocol === protocol);
  return named.map(({ containerPort }) => containerPort);
}

function allowedBy(policies: readonly NetworkPolicy[], all: readonly Pod[], namespaces: readonly Namespace[]) {
  const connections = new Set<string>();
  const isolated = { in: new Set<string>(), out: new Set<string>() };
  for (const { metadata, spec } of policies) {
    const own = metadata.namespace ?? '';
    const targets = all.filter(
      (pod) => pod.metadata.namespace === own && has(spec.podSelector ?? {}, pod.metadata.labels ?? {}),
    );
    const types = spec.policyTypes?.length ? spec.policyTypes : ['Ingress', ...(spec.egress?.length ? ['Egress'] : [])];
    for (const target of targets) {
      const add = (
        kind: 'in' | 'out',
        peers: readonly PolicyPeer[] | null | undefined,
        ports: readonly PolicyPort[] | null | undefined,
      ) => {
        const others = peers?.length ? peers.flatMap((peer) => chosenBy(peer, own, all, namespaces)) : all;
        for (const other of others) {
          const [from, to] = kind === 'in' ? [other, target] : [target, other];
          for (const protocol of PROTOCOLS) {
            const numbers = ports?.length ? ports.flatMap((entry) => numbersOf(entry, to, protocol)) : PORTS;
            for (const port of numbers)
              connections.add(`${kind} ${from.metadata.name}>${to.metadata.name}:${port}/${protocol}`);
          }
        }
      };
      if (types.includes('Ingress')) {
        isolated.in.add(target.metadata.name);
        for (const { from, ports } of spec.ingress ?? []) add('in', from, ports);
      }
      if (types.includes('Egress')) {
        isolated.out.add(target.metadata.name);
        for (const { to, ports } of spec.egress ?? []) add('out', to, ports);
      }
    }
  }
  return (from: string, to: string, port: number, protocol: NetworkProtocol) => {
    const path = `${from}>${to}:${port}/${protocol}`;
    return (
      (!isolated.in.has(to) || connections.has(`in ${path}`)) &&
      (!isolated.out.has(from) || connections.has(`out ${path}`))
    );
  };
}

describe('PolicyEvaluator', () => {
  it('agrees with every connection written out', () => {
    const counts = { allowed: 0, refused: 0 };
    assert(
      property(array(policy, { maxLength: 5 }), pods, namespaces, (policies, pods, namespaces) => {
        const evaluator = new PolicyEvaluator(policies, namespaces);
        const reference = allowedBy(policies, pods, namespaces);
        for (const from of pods) {
          for (const to of pods) {
            for (const port of PORTS) {
              for (const protocol of PROTOCOLS) {
                const wanted = reference(from.metadata.name, to.metadata.name, port, protocol);
                counts[wanted ? 'allowed' : 'refused'] += 1;
                const { allowed } = evaluator.connects(from, to, port, protocol);
                if (allowed !== wanted)
                  throw new Error(
                    `${from.metadata.name} > ${to.metadata.name}:${port}/${protocol} should be ${wanted}.`,
                  );
              }
            }
          }
        }
      }),
      { seed: 20_261_124, numRuns: 1_500 },
    );
    // Both answers must be well represented, or the comparison says little.
    expect(Math.min(counts.allowed, counts.refused)).toBeGreaterThan((counts.allowed + counts.refused) / 10);
  });

  it('only ever opens more by another policy for a pod that is isolated already', () => {
    assert(
      property(
        array(policy, { maxLength: 4 }),
        policy,
        pods,
        namespaces,
        (policies, more, [first, ...others], namespaces) => {
          if (first === undefined) return;
          const before = new PolicyEvaluator(policies, namespaces);
          const after = new PolicyEvaluator([...policies, more], namespaces);
          if (before.isolating(first, 'Ingress').length === 0) return;
          const letIn = (evaluator: PolicyEvaluator) =>
            others.flatMap((pod) =>
              PORTS.filter((port) => evaluator.lets({ pod }, first, port).allowed).map(
                (port) => `${pod.metadata.name} ${port}`,
              ),
            );
          expect(letIn(after)).toEqual(expect.arrayContaining(letIn(before)));
        },
      ),
      { seed: 20_261_124, numRuns: 500 },
    );
  });

  it('reaches from peers exactly whom it lets in', () => {
    assert(
      property(array(policy, { maxLength: 4 }), pods, namespaces, (policies, [first, ...others], namespaces) => {
        if (first === undefined) return;
        const evaluator = new PolicyEvaluator(policies, namespaces);
        const reach = evaluator.reach(first, 80);
        const letIn = others.flatMap((pod) => {
          const { allowed, by } = evaluator.lets({ pod }, first, 80);
          return allowed ? [by] : [];
        });
        const open = reach.from === 'everybody' ? [undefined] : reach.openings;
        expect(letIn.filter((by) => !open.some((each) => isDeepStrictEqual(each, by)))).toEqual([]);
        expect(open.some((each) => each === undefined || each.peer === null) ? others.length : 0).toBeLessThanOrEqual(
          letIn.length,
        );
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });
});
