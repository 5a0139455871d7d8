import { describe, expect, it } from 'vitest';
import type { AccessQuestion } from '#libs/core';
import { SimulatedCluster, type AccessAnswers } from '#libs/simulator';
import { collectFrom, valueOf } from '../../test/collecting.js';
import { SECRET } from '../../test/objects.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { writeSnapshot } from '../snapshot/write-snapshot.js';

const RULE = { verb: 'create', group: 'authorization.k8s.io', resource: 'subjectaccessreviews' };
const question = (changes: Partial<AccessQuestion> = {}): AccessQuestion => ({
  user: 'alice',
  groups: ['team-a', 'system:authenticated'],
  verb: 'get',
  group: '',
  resource: 'secrets',
  namespace: 'flux-system',
  ...changes,
});

const clusterOf = (accessAnswers?: AccessAnswers) =>
  new SimulatedCluster({ name: 'c', ...(accessAnswers && { accessAnswers }) });
const ask = (cluster: SimulatedCluster, questions: readonly AccessQuestion[], more = {}) =>
  collectFrom(cluster, { needs: ['accessReviews'], planReviews: () => questions, ...more });
const asked = (cluster: SimulatedCluster) => cluster.requests.requests.filter(({ method }) => method === 'POST');

describe('questions about rights', () => {
  it('are answered by the API server, in order, each once', async () => {
    const seen: AccessQuestion[] = [];
    const cluster = clusterOf((wanted) => {
      seen.push(wanted);
      return wanted.user === 'alice';
    });
    const scale = question({ verb: 'patch', group: 'apps', resource: 'deployments', subresource: 'scale', name: 'x' });
    const reordered = question({ groups: ['system:authenticated', 'team-a'] });
    const snapshot = await ask(cluster, [question(), question({ user: 'bob' }), reordered, scale]);
    expect(valueOf(snapshot, 'accessReviews')).toEqual([
      { question: reordered, allowed: true, reason: expect.stringContaining('ClusterRoleBinding') },
      { question: question({ user: 'bob' }), allowed: false },
      { question: scale, allowed: true, reason: expect.stringContaining('alice') },
    ]);
    expect(seen).toContainEqual(scale);
    expect(asked(cluster)).toHaveLength(3);
    expect(cluster.requests.mutating).toEqual([]);
    expect(readSnapshot(writeSnapshot(snapshot)).artifacts.accessReviews).toEqual(snapshot.artifacts.accessReviews);
  });

  it('are planned from what was read', async () => {
    const planned = await collectFrom(clusterOf(), {
      needs: ['namespaces', 'accessReviews'],
      registration: { name: 'c', role: 'tenant' },
      planReviews: ({ namespaces, registration, pods }) => {
        const names = namespaces.state === 'collected' ? namespaces.value.map(({ metadata }) => metadata.name) : [];
        const role = registration.state === 'collected' ? registration.value.role : undefined;
        return names.map((namespace) => question({ namespace, user: `${role}-${pods.state}` }));
      },
    });
    const answers = valueOf(planned, 'accessReviews');
    expect(answers.map((answer) => answer.question.namespace)).toContain('kube-system');
    expect(new Set(answers.map((answer) => answer.question.user))).toEqual(new Set(['tenant-unavailable']));
  });

  it.each([
    ['no plan', { needs: ['accessReviews'] as const }],
    ['no control that needs them', { needs: ['namespaces'] as const, planReviews: () => [question()] }],
  ])('are not asked with %s', async (_title, options) => {
    const cluster = clusterOf();
    const { artifacts } = await collectFrom(cluster, options);
    expect(artifacts.accessReviews).toMatchObject({ state: 'unavailable', reason: 'notCollected' });
    expect(asked(cluster)).toEqual([]);
  });

  it('are none where nothing is to be asked', async () => {
    const cluster = clusterOf();
    expect(valueOf(await ask(cluster, []), 'accessReviews')).toEqual([]);
    expect(asked(cluster)).toEqual([]);
  });

  it('are given up where the auditor may not ask', async () => {
    const cluster = clusterOf();
    cluster.deny(RULE);
    const { artifacts } = await ask(cluster, [question(), question({ user: 'bob' })]);
    expect(artifacts.accessReviews).toMatchObject({ state: 'unavailable', reason: 'forbidden', missing: [RULE] });
    expect(asked(cluster)).toHaveLength(1);
  });

  const answer = (status: unknown) => ({ kind: 'json', body: { kind: 'SubjectAccessReview', status } }) as const;
  it.each([
    ['503', { kind: 'status', status: 503 }],
    ['429', { kind: 'status', status: 429, retryAfterSeconds: 0 }],
    ['422', { kind: 'status', status: 422 }],
    ['404', { kind: 'status', status: 404 }],
    ['garbage', { kind: 'garbage' }],
    ['half an answer', { kind: 'truncate' }],
    ['a closed connection', { kind: 'close' }],
    ['200, which creates nothing', answer({ allowed: true })],
  ] as const)('that %s is the answer to are not answered, which is no "no"', async (_title, fault) => {
    const cluster = clusterOf(() => true);
    cluster.injectFault({ ...fault, method: 'POST' });
    const snapshot = await ask(cluster, [question(), question({ user: 'bob' })]);
    expect(valueOf(snapshot, 'accessReviews').map(({ allowed }) => allowed)).toEqual([null, null]);
    expect(writeSnapshot(snapshot)).not.toContain(SECRET);
  });

  it('that a webhook refuses later on are not answered', async () => {
    const cluster = clusterOf(() => false);
    cluster.injectFault({ kind: 'status', status: 403, method: 'POST', after: 1 });
    const snapshot = await ask(cluster, [question(), question({ user: 'bob' }), question({ user: 'carol' })]);
    expect(valueOf(snapshot, 'accessReviews').map(({ allowed }) => allowed)).toEqual([false, null, null]);
  });

  it('beyond 200 are not asked', async () => {
    const cluster = clusterOf(() => false);
    const snapshot = await ask(
      cluster,
      Array.from({ length: 203 }, (_, i) => question({ user: `u${i}` })),
    );
    const answers = valueOf(snapshot, 'accessReviews').map(({ allowed }) => allowed);
    expect(answers.slice(0, 200)).toEqual(Array.from({ length: 200 }, () => false));
    expect(answers.slice(200)).toEqual([null, null, null]);
    expect(asked(cluster)).toHaveLength(200);
  });

  it('that are too long to be sent are not answered', async () => {
    const cluster = clusterOf(() => true);
    const groups = Array.from({ length: 5_000 }, (_, i) => `group-${i}`);
    const snapshot = await ask(cluster, [question({ groups }), question()]);
    expect(valueOf(snapshot, 'accessReviews').map(({ allowed }) => allowed)).toEqual([null, true]);
    expect(asked(cluster)).toHaveLength(1);
  });
});
