import { array, assert, constant, constantFrom, oneof, property, record, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAllowed } from '../decide.js';
import { accountIdentity, accountOf, type AccountName, type Identity } from '../identity.js';
import type { PolicyRule, RbacObject } from '#libs/core';
import { indexRbac, type RbacIndex } from '../rbac-index.js';
import type { ResourceRequest } from '../request.js';
import { closureOf } from './closure.js';
import type { ClusterFacts } from './facts.js';
import { Exploration } from './exploration.js';
import { EscalationGraph } from './graph.js';

const apiVersion = 'rbac.authorization.k8s.io/v1';
const NAMESPACES = ['a', 'b'];
const ACCOUNTS: readonly AccountName[] = NAMESPACES.flatMap((namespace) =>
  ['default', 's', 't'].map((name) => ({ namespace, name })),
);
const PODS = [
  { namespace: 'a', name: 'p', serviceAccount: 's' },
  { namespace: 'b', name: 'q', serviceAccount: 't' },
];
const CREDENTIALS = [
  { namespace: 'a', name: 'p', of: accountIdentity({ namespace: 'b', name: 's' }) },
  { namespace: 'b', name: 'q', of: accountIdentity({ namespace: 'a', name: 't' }) },
];
const NAMES = ['', 'p', 'q', 's', 't'];
const FACTS: ClusterFacts = {
  kubernetesMinor: 36,
  namespaces: NAMESPACES,
  serviceAccounts: ACCOUNTS,
  pods: PODS,
  credentials: CREDENTIALS,
  privilegedNamespaces: [],
  hostPathVolumes: false,
  controlPlaneNodes: false,
  nodeCertificatesApproved: false,
  bootstrapTokens: false,
  awsAuth: false,
  operators: [],
};

const rule = record<PolicyRule>({
  verbs: array(
    constantFrom('create', 'get', 'list', 'patch', 'update', 'deletecollection', 'impersonate', 'delete', '*'),
    {
      minLength: 1,
      maxLength: 2,
    },
  ),
  apiGroups: constant(['']),
  resources: array(
    constantFrom('pods', 'pods/exec', 'secrets', 'serviceaccounts', 'serviceaccounts/token', '*/token', 'configmaps'),
    { minLength: 1, maxLength: 2 },
  ),
  resourceNames: oneof(constant([]), array(constantFrom(...NAMES), { minLength: 1, maxLength: 2 })),
});

/** One role for each binding; a binding names one account. */
const objects = array(
  tuple(array(rule, { minLength: 1, maxLength: 2 }), constantFrom(null, ...NAMESPACES), constantFrom(...ACCOUNTS)),
  { minLength: 8, maxLength: 16 },
).map((all) =>
  all.flatMap(([rules, namespace, account], index): RbacObject[] => {
    const name = `n${index}`;
    const rest = { roleRef: { kind: 'ClusterRole', name }, subjects: [{ kind: 'ServiceAccount', ...account }] };
    return [
      { apiVersion, kind: 'ClusterRole', metadata: { name }, rules },
      namespace === null
        ? { apiVersion, kind: 'ClusterRoleBinding', metadata: { name }, ...rest }
        : { apiVersion, kind: 'RoleBinding', metadata: { name, namespace }, ...rest },
    ];
  }),
);

/** The accounts that one identity can become at once, by asking for every single request. */
function next(index: RbacIndex, identity: Identity): Identity[] {
  const may = (verb: string, resource: string, namespace: string, name = '', subresource?: string) => {
    const request: ResourceRequest = { verb, resource, namespace, name, ...(subresource && { subresource }) };
    return isAllowed(index, identity, request).allowed;
  };
  const mayCreate = (resource: string, namespace: string) =>
    may('create', resource, namespace) ||
    NAMES.some(
      (name) => name !== '' && may('create', resource, namespace, name) && may('patch', resource, namespace, name),
    );
  const mayRead = (namespace: string, name: string) =>
    ['get', 'list', 'watch', 'patch'].some((verb) => may(verb, 'secrets', namespace, name)) ||
    ['list', 'watch', 'deletecollection'].some((verb) => may(verb, 'secrets', namespace));
  return [
    ...ACCOUNTS.filter(
      ({ namespace, name }) =>
        mayCreate('pods', namespace) ||
        may('create', 'serviceaccounts', namespace, name, 'token') ||
        may('impersonate', 'serviceaccounts', namespace, name) ||
        (mayCreate('secrets', namespace) && NAMES.some((secret) => secret !== '' && mayRead(namespace, secret))),
    ).map(accountIdentity),
    ...PODS.filter(
      ({ namespace, name }) =>
        may('create', 'pods', namespace, name, 'exec') ||
        may('patch', 'pods', namespace, name) ||
        may('update', 'pods', namespace, name),
    ).map(({ namespace, serviceAccount }) => accountIdentity({ namespace, name: serviceAccount })),
    ...CREDENTIALS.filter(
      ({ namespace, name }) => mayRead(namespace, name) || (mayCreate('pods', namespace) && name !== ''),
    ).map(({ of }) => of),
  ];
}

/** User name → least number of steps. */
function distances(index: RbacIndex, start: Identity): Map<string, number> {
  const found = new Map([[start.user, 0]]);
  let round = [start];
  for (let distance = 1; round.length > 0; distance += 1) {
    round = round.flatMap((identity) => next(index, identity)).filter(({ user }) => !found.has(user));
    for (const { user } of round) found.set(user, distance);
  }
  return found;
}

describe('closureOf', () => {
  const start = accountIdentity({ namespace: 'a', name: 's' });

  it('reaches who can be reached by asking for every single request, in as few steps', () => {
    let indirect = 0;
    assert(
      property(objects, (objects) => {
        const index = indexRbac(objects);
        const expected = distances(index, start);
        const closure = closureOf(new EscalationGraph(index, FACTS), [start]);
        const found = new Map<string, number>();
        for (const reached of closure.reached) {
          // Others are names without an account, such as one that may be impersonated and has no rights.
          if (reached.kind !== 'identity') continue;
          const account = accountOf(reached.identity.user);
          if (!ACCOUNTS.some((each) => each.name === account?.name)) continue;
          found.set(reached.identity.user, closure.pathTo(reached)?.length ?? -1);
        }
        expect(found).toEqual(expected);
        if (Math.max(...found.values()) > 1) indirect += 1;
      }),
      { seed: 20_261_124, numRuns: 1_000 },
    );
    // Ways of several steps must occur, or the comparison says little.
    expect(indirect).toBeGreaterThan(100);
  });

  it('rests every step on rules that the one before it holds', () => {
    assert(
      property(objects, (objects) => {
        const index = indexRbac(objects);
        const closure = closureOf(new EscalationGraph(index, FACTS), [start]);
        for (const reached of closure.reached) {
          for (const { from, grounds, edge } of closure.pathTo(reached) ?? []) {
            if (from.kind !== 'identity') throw new Error('Only accounts are in this graph.');
            expect(grounds).toHaveLength(edge === 'E5' ? 2 : 1);
            for (const { binding, role, rule, ruleIndex } of grounds) {
              expect(role.rules?.[ruleIndex]).toBe(rule);
              const subjects = binding?.subjects?.map(
                ({ namespace, name }) => `system:serviceaccount:${namespace}:${name}`,
              );
              expect(subjects).toContain(from.identity.user);
            }
          }
        }
      }),
      { seed: 20_261_124, numRuns: 300 },
    );
  });
});

describe('Exploration', () => {
  const starts = ACCOUNTS.map(accountIdentity);

  it('reaches from many starts whom each of them reaches alone, in as few steps', () => {
    let indirect = 0;
    assert(
      property(objects, (objects) => {
        const graph = new EscalationGraph(indexRbac(objects), FACTS);
        const exploration = new Exploration(graph, starts);
        const reached = new Set(exploration.reached);
        for (const target of reached) {
          const way = exploration.waysTo([target]);
          for (const start of starts) {
            const closure = closureOf(graph, [start]);
            const expected = closure.pathTo(target);
            const found = way(start);
            expect(found?.steps.length).toBe(expected?.length);
            if (found && found.steps.length > 1) indirect += 1;
          }
        }
        const alone = starts.flatMap((start) => closureOf(graph, [start]).reached);
        expect(reached).toEqual(new Set(alone));
      }),
      { seed: 20_261_124, numRuns: 100 },
    );
    expect(indirect).toBeGreaterThan(100);
  });

  it('goes to the nearest of several targets, by steps that follow each other', () => {
    assert(
      property(objects, (objects) => {
        const graph = new EscalationGraph(indexRbac(objects), FACTS);
        const exploration = new Exploration(graph, starts);
        const targets = exploration.reached.slice(-3);
        const ways = exploration.waysTo(targets);
        for (const start of starts) {
          const closure = closureOf(graph, [start]);
          const lengths = targets.flatMap((target) => closure.pathTo(target)?.length ?? []);
          const way = ways(start);
          expect(way?.steps.length).toBe(lengths.length === 0 ? undefined : Math.min(...lengths));
          if (way === undefined) continue;
          expect(targets).toContain(way.target);
          for (const [place, step] of way.steps.entries()) {
            expect(step.to).toBe(way.steps[place + 1]?.from ?? way.target);
            expect(step.grounds.length).toBeGreaterThan(0);
          }
        }
      }),
      { seed: 20_261_124, numRuns: 200 },
    );
  });
});
