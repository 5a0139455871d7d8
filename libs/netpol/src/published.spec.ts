import type {
  EgressRule,
  IngressRule,
  Namespace,
  NetworkPolicy,
  NetworkProtocol,
  Pod,
  SelectorObject,
} from '#libs/core';
import { describe, expect, it } from 'vitest';
import { PolicyEvaluator } from './reach.js';

/**
 * The connectivity tables of Kubernetes' conformance tests of NetworkPolicy, which network plugins must meet:
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/test/e2e/network/netpol/network_policy.go
 * Three namespaces x, y, z with pods a, b, c each, every pod serving the ports 80 and 81 by TCP and UDP.
 */
const NAMES = ['x', 'y', 'z'].flatMap((namespace) => ['a', 'b', 'c'].map((pod) => `${namespace}/${pod}`));
const NS_LABEL = 'kubernetes.io/metadata.name';

const namespaces = ['x', 'y', 'z'].map((name): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { [NS_LABEL]: name } },
}));
const pods = new Map(
  NAMES.map((full, number): [string, Pod] => {
    const [namespace = '', name = ''] = full.split('/');
    const ports = [80, 81].flatMap((containerPort) =>
      (['TCP', 'UDP'] as const).map((protocol) => ({
        name: `serve-${containerPort}-${protocol.toLowerCase()}`,
        containerPort,
        protocol,
      })),
    );
    return [
      full,
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { namespace, name, labels: { pod: name } },
        spec: { containers: [{ name: 'serve', image: 'agnhost', ports }] },
        status: { podIP: `10.244.0.${number + 1}` },
      },
    ];
  }),
);

const podIs = (...names: string[]): SelectorObject => ({
  matchExpressions: [{ key: 'pod', operator: 'In', values: names }],
});
const inNs = (name: string): SelectorObject => ({ matchLabels: { [NS_LABEL]: name } });
const notInNs = (name: string): SelectorObject => ({
  matchExpressions: [{ key: NS_LABEL, operator: 'NotIn', values: [name] }],
});

interface Rules {
  readonly ingress?: IngressRule[];
  readonly egress?: EgressRule[];
}
/** A policy in a namespace for the pods of a name, or (`*`) for all. */
function policy(target: string, rules: Rules): NetworkPolicy {
  const [namespace = '', pod = ''] = target.split('/');
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace, name: target },
    spec: {
      podSelector: pod === '*' ? {} : { matchLabels: { pod } },
      policyTypes: [...(rules.ingress ? ['Ingress'] : []), ...(rules.egress ? ['Egress'] : [])],
      ...rules,
    },
  };
}

/** `from > to`, where `*` stands for any namespace or pod; the last line that covers a pair decides, and all else passes. */
type Line = [path: string, connected: boolean];
const covers = (pattern: string, name: string) => {
  const [namespace, pod] = pattern.split('/');
  const [ns, p] = name.split('/');
  return (namespace === '*' || namespace === ns) && (pod === '*' || pod === p);
};
function expected(lines: readonly Line[], from: string, to: string): boolean {
  const found = lines.findLast(([path]) => {
    const [source = '', target = ''] = path.split(' > ');
    return covers(source, from) && covers(target, to);
  });
  return found?.[1] ?? true;
}

const onlyFromY = { from: [{ namespaceSelector: inNs('y') }] };
const FROM_Y: Line[] = [
  ['x/* > x/a', false],
  ['z/* > x/a', false],
];
const NONE_TO_A: Line[] = [['*/* > x/a', false]];

const TABLE: [string, NetworkPolicy[], number, Line[], NetworkProtocol?][] = [
  ['default-deny-ingress', [policy('x/*', { ingress: [] })], 80, [['*/* > x/*', false]]],
  [
    'default-deny-all',
    [policy('x/*', { ingress: [], egress: [] })],
    80,
    [
      ['*/* > x/*', false],
      ['x/* > */*', false],
    ],
  ],
  [
    'pods of the own namespace',
    [policy('x/a', { ingress: [{ from: [{ podSelector: podIs('b') }] }] })],
    80,
    [...NONE_TO_A, ['x/b > x/a', true]],
  ],
  [
    'a target beside a default deny',
    [
      policy('x/*', { ingress: [] }),
      policy('x/a', { ingress: [{ from: [{ podSelector: {}, namespaceSelector: {} }] }] }),
    ],
    80,
    [
      ['*/* > x/*', false],
      ['*/* > x/a', true],
    ],
  ],
  [
    'pods of all namespaces',
    [policy('x/a', { ingress: [{ from: [{ namespaceSelector: { matchLabels: {} } }] }] })],
    80,
    [],
  ],
  ['another namespace only', [policy('x/a', { ingress: [onlyFromY] })], 80, FROM_Y],
  [
    'pod selector or namespace selector',
    [policy('x/a', { ingress: [{ from: [{ namespaceSelector: notInNs('x') }, { podSelector: podIs('b') }] }] })],
    80,
    [
      ['x/a > x/a', false],
      ['x/c > x/a', false],
    ],
  ],
  [
    'pod selector and namespace selector',
    [policy('x/a', { ingress: [{ from: [{ namespaceSelector: notInNs('x'), podSelector: podIs('b') }] }] })],
    80,
    [...NONE_TO_A, ['y/b > x/a', true], ['z/b > x/a', true]],
  ],
  [
    'several pods of several namespaces',
    [policy('x/a', { ingress: [{ from: [{ namespaceSelector: notInNs('x'), podSelector: podIs('b', 'c') }] }] })],
    80,
    [
      ['x/* > x/a', false],
      ['*/a > x/a', false],
    ],
  ],
  [
    'any of several pod selectors',
    [policy('x/a', { ingress: [{ from: [{ podSelector: podIs('b') }, { podSelector: podIs('c') }] }] })],
    80,
    [...NONE_TO_A, ['x/b > x/a', true], ['x/c > x/a', true]],
  ],
  [
    'one pod of another namespace',
    [policy('x/a', { ingress: [{ from: [{ namespaceSelector: inNs('y'), podSelector: podIs('a') }] }] })],
    80,
    [...NONE_TO_A, ['y/a > x/a', true]],
  ],
  ['a port', [policy('x/a', { ingress: [{ ...onlyFromY, ports: [{ port: 81, protocol: 'TCP' }] }] })], 81, FROM_Y],
  [
    'another port',
    [policy('x/a', { ingress: [{ ...onlyFromY, ports: [{ port: 81, protocol: 'TCP' }] }] })],
    80,
    NONE_TO_A,
  ],
  [
    'stacked policies',
    [
      policy('x/a', { ingress: [{ ...onlyFromY, ports: [{ port: 81 }] }] }),
      policy('x/a', { ingress: [{ ...onlyFromY, ports: [{ port: 80 }] }] }),
    ],
    80,
    FROM_Y,
  ],
  ['allow-all', [policy('x/*', { ingress: [{}] })], 80, []],
  ['a named port', [policy('x/*', { ingress: [{ ports: [{ port: 'serve-81-tcp' }] }] })], 81, []],
  [
    'another than the named port',
    [policy('x/*', { ingress: [{ ports: [{ port: 'serve-81-tcp' }] }] })],
    80,
    [['*/* > x/*', false]],
  ],
  [
    'a named port from a namespace',
    [policy('x/a', { ingress: [{ ...onlyFromY, ports: [{ port: 'serve-80-tcp' }] }] })],
    80,
    FROM_Y,
  ],
  ['a named port out', [policy('x/*', { egress: [{ ports: [{ port: 'serve-80-tcp' }] }] })], 80, []],
  [
    'another than the named port out',
    [policy('x/*', { egress: [{ ports: [{ port: 'serve-80-tcp' }] }] })],
    81,
    [['x/* > */*', false]],
  ],
  [
    'no pods of other namespaces',
    [policy('x/*', { ingress: [{ from: [{ podSelector: { matchLabels: {} } }] }] })],
    80,
    [
      ['y/* > x/*', false],
      ['z/* > x/*', false],
    ],
  ],
  [
    'out to one pod of another namespace',
    [policy('x/a', { egress: [{ to: [{ namespaceSelector: inNs('y'), podSelector: podIs('a') }] }] })],
    80,
    [
      ['x/a > */*', false],
      ['x/a > y/a', true],
    ],
  ],
  [
    'out to two, in by two',
    [
      policy('x/a', { egress: [{ to: [{ namespaceSelector: inNs('y'), podSelector: podIs('a') }] }] }),
      policy('y/a', { ingress: [{ from: [{ namespaceSelector: inNs('x'), podSelector: podIs('a') }] }] }),
      policy('y/b', { ingress: [{ from: [{ namespaceSelector: inNs('x'), podSelector: podIs('a') }] }] }),
    ],
    80,
    [
      ['x/a > */*', false],
      ['*/* > y/a', false],
      ['x/a > y/a', true],
      ['*/* > y/b', false],
    ],
  ],
  ['a protocol', [policy('x/a', { ingress: [{ ports: [{ protocol: 'TCP' }] }] })], 80, []],
  ['another protocol', [policy('x/a', { ingress: [{ ports: [{ protocol: 'TCP' }] }] })], 80, NONE_TO_A, 'UDP'],
  [
    'allow-all in before a port',
    [policy('x/*', { ingress: [{ ports: [{ port: 80 }] }] }), policy('x/*', { ingress: [{}] })],
    81,
    [],
  ],
  [
    'allow-all out before a port',
    [policy('x/*', { egress: [{ ports: [{ port: 80 }] }] }), policy('x/*', { egress: [{}] })],
    81,
    [],
  ],
  [
    'out to an address',
    [policy('x/a', { egress: [{ to: [{ ipBlock: { cidr: `${pods.get('y/b')?.status?.podIP}/32` } }] }] })],
    80,
    [
      ['x/a > */*', false],
      ['x/a > y/b', true],
    ],
  ],
  [
    'out to addresses but one',
    [
      policy('x/a', {
        egress: [{ to: [{ ipBlock: { cidr: '10.244.0.0/24', except: [`${pods.get('x/b')?.status?.podIP}/32`] } }] }],
      }),
    ],
    80,
    [['x/a > x/b', false]],
  ],
  [
    'in beside out, each by itself',
    [policy('x/a', { ingress: [{}] }), policy('x/a', { egress: [] })],
    80,
    [['x/a > */*', false]],
  ],
];

describe('the conformance tables of NetworkPolicy', () => {
  it.each(TABLE)('%s', (_, policies, port, lines, protocol = 'TCP') => {
    const evaluator = new PolicyEvaluator(policies, namespaces);
    for (const [from, source] of pods) {
      // As there: whether a pod reaches itself is not asked.
      const row = [...pods].filter(([to]) => to !== from);
      const found = row.map(([to, target]) => [to, evaluator.connects(source, target, port, protocol).allowed]);
      expect([from, found]).toEqual([from, row.map(([to]) => [to, expected(lines, from, to)])]);
    }
  });
});
