import { describe, expect, it } from 'vitest';
import type { AnyBinding, DrillPlan, DrillReport, RestoredBindings } from '#libs/core';
import { CertificateAuthority } from '#libs/simulator';
import {
  type Answered,
  breakGlassServer,
  exists,
  mayNot,
  PLATFORM_ADMIN,
  policyDenies,
  UID,
  unauthenticated,
  webhookDown,
} from '../../test/break-glass-server.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { ClusterError, type ClusterErrorCode } from '../cluster-error.js';
import { openClient } from '../../test/hostile-cluster.js';
import { HostileServer, MARKER } from '../../test/hostile-server.js';
import { liveBinding, liveDeletion } from '../probe/live-restore-guard.js';
import { restoreForReal } from './live-restore.js';
import { DRILL_HEADERS } from './restore.js';
import { checkReadiness, runDrill } from './run-drill.js';

const authority = await CertificateAuthority.create();
const { certPem, keyPem } = await authority.issueServer(['127.0.0.1']);
const RIGHTS = [
  { verb: 'create', group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings', title: 'create bindings' },
  { verb: 'get', group: '', resource: 'secrets', title: 'read Secrets' },
];
const NAME = 'platform-admin-restore-a1b2c3d4e5';
const bindingsOf: RestoredBindings = (objects) =>
  objects.filter((object): object is AnyBinding => object.kind === 'ClusterRoleBinding');

/** A client to which nothing comes back. */
function lostClient(code: ClusterErrorCode): ClusterClient {
  const lost = () => Promise.reject(new ClusterError(code));
  return { drill: lost, getObject: lost } as unknown as ClusterClient;
}

type Changes = Parameters<typeof breakGlassServer>[0];
interface Options {
  readonly changes?: Changes;
  readonly plan?: Partial<DrillPlan>;
  readonly bindingsOf?: RestoredBindings;
}

async function on(
  { changes, plan = {}, bindingsOf: picked = bindingsOf }: Options,
  run: typeof runDrill = runDrill,
): Promise<{ readonly report: DrillReport; readonly requests: readonly string[] }> {
  const server = await HostileServer.start({ cert: certPem, key: keyPem }, breakGlassServer(changes));
  try {
    const full: DrillPlan = {
      mode: 'dryRun',
      apiServer: server.url,
      clusterUid: UID,
      identities: [{ user: 'break-glass', groups: ['rescue'] }],
      rights: RIGHTS,
      restore: liveBinding({ name: NAME, user: 'break-glass' }),
      ...plan,
    };
    const report = await run(full, {
      server: server.url,
      bindingsOf: picked,
      open: (onRequest) => openClient({ server: server.url, caData: authority.certPem }, { onRequest }),
    });
    expect(JSON.stringify(report)).not.toContain(MARKER);
    return { report, requests: server.requests.map(({ method, url }) => `${method} ${url}`) };
  } finally {
    await server.close();
  }
}

const told = ({ outcome, steps }: DrillReport) =>
  `${outcome}: ${steps.map(({ name, state, cause }) => `${name} ${state === 'skipped' ? '–' : (cause ?? state)}`).join(', ')}`;

describe('a drill', () => {
  it('passes where everything works, and tells every call that it made', async () => {
    const { report, requests } = await on({ changes: { 'POST clusterrolebindings': exists } });
    expect(told(report)).toBe(
      'passed: reach passed, identity passed, rights passed, restoreCreate passed, restoreDelete passed',
    );
    const made = report.steps.flatMap((step) => step.requests);
    expect(made.map(({ method, path }) => `${method} ${path}`)).toEqual(requests);
    expect(report.writes).toBe(0);
    const changing = made.filter(({ method, path }) => method === 'DELETE' || path.includes('clusterrolebindings?dry'));
    expect(changing.map(({ dryRun, status }) => [dryRun, status])).toEqual([
      [true, 409],
      [true, 409],
      [true, 200],
    ]);
  });

  it('asks no more than it has to where it only verifies', async () => {
    const { report, requests } = await on({ plan: { mode: 'verify' } });
    expect(told(report)).toBe('passed: reach passed, identity passed, rights passed, restoreCreate –, restoreDelete –');
    expect(requests.filter((request) => !request.startsWith('GET') && !request.includes('reviews'))).toEqual([]);
  });

  const REACHED = 'reach passed, identity passed';
  it.each<[string, Options, string]>([
    [
      'another address than the documented one',
      { plan: { apiServer: 'https://other.example.com:6443' } },
      'failed: reach OTHER_SERVER, identity –, rights –, restoreCreate –, restoreDelete –',
    ],
    [
      'no documented address',
      { plan: { apiServer: undefined } },
      'unknown: reach NOT_DOCUMENTED, identity passed, rights passed, restoreCreate passed, restoreDelete passed',
    ],
    [
      'something that is no API server',
      { changes: { 'GET version': { body: { hello: 'world' } } } },
      'failed: reach notKubernetes, identity –, rights –, restoreCreate –, restoreDelete –',
    ],
    [
      'an API server that fails',
      { changes: { 'GET version': { status: 500 } } },
      'unknown: reach transient, identity –, rights –, restoreCreate –, restoreDelete –',
    ],
    [
      'a credential that is refused',
      { changes: { 'GET version': unauthenticated, 'POST selfsubjectreviews': unauthenticated } },
      'failed: reach passed, identity unauthenticated, rights –, restoreCreate –, restoreDelete –',
    ],
    [
      'somebody else',
      { plan: { identities: [{ user: 'rescue', groups: [] }] } },
      'failed: reach passed, identity OTHER_USER, rights –, restoreCreate –, restoreDelete –',
    ],
    [
      'somebody with more groups',
      { plan: { identities: [{ user: 'break-glass', groups: [] }] } },
      'failed: reach passed, identity OTHER_GROUPS, rights –, restoreCreate –, restoreDelete –',
    ],
    [
      'somebody with fewer groups',
      { plan: { identities: [{ user: 'break-glass', groups: ['rescue', 'system:masters'] }] } },
      'failed: reach passed, identity OTHER_GROUPS, rights –, restoreCreate –, restoreDelete –',
    ],
    [
      'any user of the group',
      { plan: { identities: [{ user: '', groups: ['rescue', 'system:authenticated'] }] } },
      `passed: ${REACHED}, rights passed, restoreCreate passed, restoreDelete passed`,
    ],
    [
      'an entry that names nobody',
      { plan: { identities: [] } },
      'unknown: reach passed, identity NO_PRINCIPAL, rights passed, restoreCreate NOT_IDENTIFIED, restoreDelete –',
    ],
    [
      'a cluster that does not say who one is',
      { changes: { 'POST selfsubjectreviews': { status: 404, body: {} } } },
      'unknown: reach passed, identity NO_SELF_REVIEW, rights passed, restoreCreate NOT_IDENTIFIED, restoreDelete –',
    ],
    [
      'another cluster',
      { plan: { clusterUid: 'another-uid' } },
      'failed: reach passed, identity identityMismatch, rights –, restoreCreate –, restoreDelete –',
    ],
    [
      'a missing right',
      {
        changes: {
          'POST selfsubjectaccessreviews': (body) => ({
            status: 201,
            body: { kind: 'SelfSubjectAccessReview', status: { allowed: !body.includes('secrets') } },
          }),
        },
      },
      `failed: ${REACHED}, rights RIGHT_MISSING, restoreCreate –, restoreDelete –`,
    ],
    [
      'a right that the API server cannot tell',
      {
        changes: {
          'POST selfsubjectaccessreviews': {
            status: 201,
            body: { kind: 'SelfSubjectAccessReview', status: { allowed: false, evaluationError: 'webhook down' } },
          },
        },
      },
      `unknown: ${REACHED}, rights NOT_ANSWERED, restoreCreate passed, restoreDelete passed`,
    ],
    [
      'admission that refuses the restore',
      { changes: { 'POST clusterrolebindings': policyDenies } },
      `failed: ${REACHED}, rights passed, restoreCreate ADMISSION_DENIES, restoreDelete –`,
    ],
    [
      'authorization that refuses the restore',
      { changes: { 'POST clusterrolebindings': mayNot } },
      `failed: ${REACHED}, rights passed, restoreCreate RIGHT_MISSING, restoreDelete –`,
    ],
    [
      'a webhook that is down',
      { changes: { 'POST clusterrolebindings': webhookDown } },
      `failed: ${REACHED}, rights passed, restoreCreate WEBHOOK_DOWN, restoreDelete –`,
    ],
    [
      'a binding that a policy protects from it',
      { changes: { 'DELETE platform-admin': policyDenies } },
      `failed: ${REACHED}, rights passed, restoreCreate passed, restoreDelete ADMISSION_DENIES`,
    ],
    [
      'a binding that is gone after the dry-run',
      {
        changes: {
          'GET platform-admin': { body: { ...PLATFORM_ADMIN, metadata: { name: 'platform-admin', uid: 'new' } } },
        },
      },
      `failed: ${REACHED}, rights passed, restoreCreate passed, restoreDelete probeChangedObject`,
    ],
    [
      'an answer that says nothing',
      { changes: { 'POST clusterrolebindings': { status: 418, body: {} } } },
      `unknown: ${REACHED}, rights passed, restoreCreate UNCLEAR, restoreDelete passed`,
    ],
    [
      'nobody knows what the platform’s access rests on',
      { bindingsOf: () => [] },
      `unknown: ${REACHED}, rights passed, restoreCreate passed, restoreDelete NO_ACCESS_OBJECTS`,
    ],
  ])('with %s', async (_what, options, expected) => {
    const { report } = await on(options);
    expect([told(report), report.writes]).toEqual([expected, 0]);
    for (const { message } of report.steps) expect(message).toMatch(/[.!]$|^kubectl/);
  });

  it('names who denies, and never repeats what the cluster wrote', async () => {
    const { report } = await on({ changes: { 'DELETE platform-admin': policyDenies } });
    const [step] = report.steps.slice(-1);
    expect(step?.message).toContain('validatingAdmissionPolicy protect');
    expect(step?.message).not.toContain('denied request');
  });

  it('names the step when nothing answers', async () => {
    const report = await runDrill(
      { mode: 'verify', apiServer: 'https://127.0.0.1:1', identities: [], rights: RIGHTS, restore: {} },
      {
        server: 'https://127.0.0.1:1',
        bindingsOf,
        open: (onRequest) => openClient({ server: 'https://127.0.0.1:1' }, { onRequest }),
      },
    );
    expect(told(report)).toBe('failed: reach unreachable, identity –, rights –, restoreCreate –, restoreDelete –');
    expect(report.steps[0]?.requests).toEqual([{ method: 'GET', path: '/version', dryRun: false, status: 0 }]);
  });

  it('tells the steps as they happen', async () => {
    const heard: string[] = [];
    await on({ plan: { mode: 'verify' } }, (plan, options) =>
      runDrill(plan, {
        ...options,
        onStart: (name) => heard.push(`start ${name}`),
        onStep: ({ name, state }) => heard.push(`${name} ${state}`),
      }),
    );
    expect(heard).toEqual([
      'start reach',
      'reach passed',
      'start identity',
      'identity passed',
      'start rights',
      'rights passed',
    ]);
  });
});

describe('a live drill', () => {
  const live: Partial<DrillPlan> = { mode: 'live' };
  const removal = { [`DELETE ${NAME}`]: { status: 200, body: { kind: 'Status' } } };

  it('writes one binding for itself, and deletes that very object', async () => {
    const sent: string[] = [];
    const { report } = await on({
      plan: live,
      changes: {
        ...removal,
        'POST clusterrolebindings': (body) => {
          sent.push(body);
          return { status: 201, body: { metadata: { name: NAME, uid: 'uid-new' } } };
        },
      },
    });
    expect([told(report).split(':')[0], report.writes]).toEqual(['passed', 2]);
    // The dry-run of the restore and of the one binding, and then the restore for real.
    expect(sent).toHaveLength(3);
    expect(JSON.parse(sent.at(-1) ?? '')).toMatchObject({
      metadata: { name: NAME },
      subjects: [{ kind: 'User', name: 'break-glass' }],
    });
  });

  it.each([
    ['no UID is registered', undefined],
    ['another UID is registered', 'another-uid'],
  ])('writes nothing where %s', async (_what, clusterUid) => {
    const { report, requests } = await on({ plan: { ...live, clusterUid }, changes: removal });
    expect([told(report), report.writes]).toEqual([
      'failed: reach passed, identity CLUSTER_UNPROVEN, rights –, restoreCreate –, restoreDelete –',
      0,
    ]);
    expect(requests.filter((request) => request.includes('clusterrolebindings'))).toEqual([]);
  });

  it('writes nothing where the dry-run is refused', async () => {
    const { report } = await on({ plan: live, changes: { 'POST clusterrolebindings': policyDenies } });
    expect([told(report).split(':')[0], report.writes]).toEqual(['failed', 0]);
  });

  it('says what is left where the deletion fails', async () => {
    const { report } = await on({ plan: live, changes: { [`DELETE ${NAME}`]: { status: 500, body: {} } } });
    const step = report.steps.find(({ state }) => state === 'failed');
    expect(step).toMatchObject({ name: 'restoreCreate', cause: 'NOT_REMOVED' });
    expect(step?.message).toContain(`kubectl delete clusterrolebinding ${NAME}`);
  });
});

describe('a live drill whose creation gets no clear answer', () => {
  /** The first creations are dry-runs; the third is real. */
  const creation = (real: Answered) => ({
    'POST clusterrolebindings': (_body: string, nth: number): Answered =>
      nth < 3 ? { status: 201, body: { metadata: { name: 'a', uid: 'uid-new' } } } : real,
  });
  const readBack = { [`GET ${NAME}`]: { body: { metadata: { name: NAME, uid: 'uid-new' } } } };
  const removal = { [`DELETE ${NAME}`]: { status: 200, body: { kind: 'Status' } } };
  const failedStep = ({ steps }: DrillReport) => steps.find(({ state }) => state === 'failed');

  it.each<[string, Answered]>([
    ['a gateway’s time is over', { status: 504, body: {} }],
    ['the answer says another thing', { status: 200, body: {} }],
    ['the answer names no object', { status: 201, body: {} }],
    ['the answer is no object', { status: 201, body: [] }],
  ])('fails and says what may be left: %s', async (_what, real) => {
    const { report, requests } = await on({ plan: { mode: 'live' }, changes: { ...creation(real) } });
    expect(report.outcome).toBe('failed');
    expect(failedStep(report)).toMatchObject({ name: 'restoreCreate', cause: 'MAYBE_LEFT' });
    expect(failedStep(report)?.message).toContain(`kubectl delete clusterrolebinding ${NAME}`);
    // What could not be read back is not deleted by its name alone.
    expect(requests.filter((request) => request.startsWith('DELETE'))).toEqual([]);
    expect(requests.some((request) => request.startsWith('GET') && request.endsWith(NAME))).toBe(true);
  });

  it('deletes what can be read back, and fails all the same', async () => {
    const changes = { ...creation({ status: 504, body: {} }), ...readBack, ...removal };
    const { report, requests } = await on({ plan: { mode: 'live' }, changes });
    expect(failedStep(report)).toMatchObject({ cause: 'MAYBE_LEFT' });
    expect(failedStep(report)?.message).toContain('found and deleted');
    expect(requests.filter((request) => request.startsWith('DELETE'))).toHaveLength(1);
  });

  it('loses the connection', async () => {
    const finding = await restoreForReal(lostClient('connectionLost'), { name: NAME, user: 'break-glass' });
    expect(finding).toMatchObject({ state: 'failed', cause: 'MAYBE_LEFT' });
  });

  it.each(['timeout', 'malformed', 'budgetExceeded'] as const)('ends with %s', async (code) => {
    const finding = await restoreForReal(lostClient(code), { name: NAME, user: 'break-glass' });
    expect(finding).toMatchObject({ state: 'failed', cause: 'MAYBE_LEFT' });
    expect(finding.message).toContain(NAME);
  });

  it('leaves what was surely not sent as it was', async () => {
    const lost = restoreForReal(lostClient('unreachable'), { name: NAME, user: 'break-glass' });
    await expect(lost).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('the deletion of a live drill', () => {
  const created = { status: 201, body: { metadata: { name: NAME, uid: 'uid-new' } } };
  const deletion = (...answers: readonly Answered[]) => ({
    'POST clusterrolebindings': created,
    [`DELETE ${NAME}`]: (_body: string, nth: number): Answered => answers[nth - 1] ?? { status: 500, body: {} },
  });

  it.each<[string, Answered]>([
    ['works', { status: 200, body: {} }],
    ['finds it gone', { status: 404, body: {} }],
  ])('has a second try, which %s', async (_what, second) => {
    const changes = deletion({ status: 500, body: {} }, second);
    const { report } = await on({ plan: { mode: 'live' }, changes });
    expect([report.outcome, report.writes]).toEqual(['passed', 3]);
  });

  it('is not held up by a time budget that is used up', async () => {
    const server = await HostileServer.start(
      { cert: certPem, key: keyPem },
      breakGlassServer(deletion({ status: 200, body: {} })),
    );
    const client = await openClient({ server: server.url, caData: authority.certPem }, { budget: { wallMs: 60 } });
    try {
      await new Promise((resolve) => setTimeout(resolve, 120));
      const path = `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${NAME}`;
      const request = { method: 'DELETE', path, headers: DRILL_HEADERS, body: liveDeletion('uid-new') } as const;
      const binding = { name: NAME, user: 'break-glass', uid: 'uid-new' };
      expect(await client.drill(request, binding)).toMatchObject({ status: 200 });
    } finally {
      await client.close();
      await server.close();
    }
  });
});

describe('what is checked without the credential', () => {
  it.each<[string, Options, string]>([
    [
      'everything is as it should be',
      {},
      'passed: reach passed, identity –, rights passed, restoreCreate –, restoreDelete –',
    ],
    [
      'a right is missing',
      {
        changes: {
          'POST subjectaccessreviews': (body) => ({
            status: 201,
            body: { kind: 'SubjectAccessReview', status: { allowed: !body.includes('secrets') } },
          }),
        },
      },
      'failed: reach passed, identity –, rights RIGHT_MISSING, restoreCreate –, restoreDelete –',
    ],
    [
      'the auditor may not ask',
      { changes: { 'POST subjectaccessreviews': mayNot } },
      'unknown: reach passed, identity –, rights forbidden, restoreCreate –, restoreDelete –',
    ],
    [
      'another cluster answers',
      { plan: { clusterUid: 'another-uid' } },
      'unknown: reach identityMismatch, identity –, rights –, restoreCreate –, restoreDelete –',
    ],
    [
      'the auditor’s own credential is refused',
      { changes: { 'GET version': unauthenticated } },
      'unknown: reach unauthenticated, identity –, rights –, restoreCreate –, restoreDelete –',
    ],
    [
      'nobody is named',
      { plan: { identities: [] } },
      'unknown: reach passed, identity –, rights NO_PRINCIPAL, restoreCreate –, restoreDelete –',
    ],
  ])('%s', async (_what, options, expected) => {
    const { report, requests } = await on({ ...options, plan: { mode: 'verify', ...options.plan } }, checkReadiness);
    expect(told(report)).toBe(expected);
    expect(requests.every((request) => request.startsWith('GET') || request.endsWith('/subjectaccessreviews'))).toBe(
      true,
    );
  });
});
