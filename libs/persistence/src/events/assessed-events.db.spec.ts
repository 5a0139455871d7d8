import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Observation, type RemoteApplyEdge, type RemoteApplyReading, fail, pass, warn } from '#libs/core';
import { IdentityConflict } from '#libs/persistence';
import { type Answers, AuditedCluster } from '../../../../test/support/audited-cluster.js';
import { type Store, openStore } from '../../../../test/support/store.js';

let store: Store;
let cluster: AuditedCluster;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await store.dataSource.query('TRUNCATE event, outbox, waiver CASCADE');
  cluster = await AuditedCluster.register(store);
});

interface EventRow {
  readonly type: string;
  readonly subject: string;
  readonly state: string;
  readonly severity: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly ending: { readonly how: string } | null;
}
const events = (): Promise<readonly EventRow[]> =>
  store.dataSource.query('SELECT type, subject, state, severity, facts, ending FROM event ORDER BY id');
/** `state subject` of each event, `how` where it is over. */
const told = async () => (await events()).map(({ subject, state, ending }) => `${ending?.how ?? state} ${subject}`);
const kinds = async (): Promise<readonly string[]> =>
  (await store.dataSource.query(`SELECT kind FROM outbox WHERE kind LIKE 'event.%' ORDER BY id`)).map(
    ({ kind }: { kind: string }) => kind,
  );

const tenant = (name: string, field?: string) => ({ kind: 'Tenant', name, ...(field !== undefined && { field }) });
const revocable = (name: string, field?: string, details: Partial<Observation> = {}): Observation => ({
  ...fail(tenant(name, field), 'ACCESS_REVOCABLE', `Tenant ${name} may delete bindings.`, {
    severity: 'critical',
    evidence: [
      {
        object: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'tenant-admin' },
        pointer: '/rules/0',
        observed: { verbs: ['delete'] },
        expected: 'no such right',
      },
    ],
  }),
  ...details,
});
const safe = (name: string): Observation => pass(tenant(name), 'RBAC_PROTECTED', 'Fine.');
const ded = (...found: readonly Observation[]): Answers => ({ 'FLUX-DED-01': found });

describe('a tenant that can revoke access', () => {
  it('is told with its evidence when it is news, and when it is over', async () => {
    await cluster.audit(ded(safe('pay')));
    await cluster.audit(ded(revocable('pay', 'A1'), revocable('pay', 'A6')));
    expect(await events()).toMatchObject([
      {
        type: 'tenant.canRevoke',
        subject: 'pay',
        severity: 'critical',
        facts: {
          tenant: 'pay',
          wayCount: 2,
          newCount: 2,
          ways: [
            {
              controlId: 'FLUX-DED-01',
              message: 'Tenant pay may delete bindings.',
              evidence: ['ClusterRole tenant-admin /rules/0: {"verbs":["delete"]}'],
            },
            {},
          ],
        },
      },
    ]);
    await cluster.audit(ded(revocable('pay', 'A1'), revocable('pay', 'A6')));
    await cluster.audit(ded(safe('pay')));
    expect(await told()).toEqual(['open pay']);
    await cluster.audit(ded(safe('pay')));
    expect(await told()).toEqual(['resolved pay']);
    expect(await kinds()).toEqual(['event.raised', 'event.ended']);
  });

  it('is quiet in the first run, and where it is only not proven', async () => {
    await cluster.audit(ded(revocable('pay')));
    await cluster.audit(ded(revocable('pay'), warn(tenant('shop'), 'NOT_PROVEN', 'Perhaps.')));
    expect(await told()).toEqual([]);
  });

  it('is told anew where a way is added, and not over while one is left', async () => {
    await cluster.audit(ded(safe('pay')));
    await cluster.audit(ded(revocable('pay', 'A1')));
    await cluster.audit(ded(revocable('pay', 'A1'), revocable('pay', 'A6')));
    expect(await told()).toEqual(['superseded pay', 'open pay']);
    expect((await events())[1]?.facts).toMatchObject({ wayCount: 2, newCount: 1 });
    for (let run = 0; run < 3; run += 1) await cluster.audit(ded(revocable('pay', 'A1')));
    expect(await told()).toEqual(['superseded pay', 'open pay']);
  });

  it('comes back as a new event, and not while its end was not told', async () => {
    await cluster.audit(ded(safe('pay')));
    await cluster.audit(ded(revocable('pay')));
    await cluster.audit(ded(safe('pay')));
    await cluster.audit(ded(revocable('pay')));
    expect(await told()).toEqual(['open pay']);
    await cluster.audit(ded(safe('pay')));
    await cluster.audit(ded(safe('pay')));
    await cluster.audit(ded(revocable('pay')));
    expect(await told()).toEqual(['resolved pay', 'open pay']);
  });

  it('is not over where the cluster could not be looked at', async () => {
    await cluster.audit(ded(safe('pay')));
    await cluster.audit(ded(revocable('pay')));
    for (let run = 0; run < 3; run += 1) await store.audit(cluster.id, cluster.notJudged());
    expect(await told()).toEqual(['open pay']);
  });

  it('is told once for each tenant', async () => {
    await cluster.audit(ded(safe('pay'), safe('shop')));
    await cluster.audit({ ...ded(revocable('pay'), revocable('shop')), 'FLUX-DED-02': [revocable('pay')] });
    expect((await told()).toSorted()).toEqual(['open pay', 'open shop']);
  });

  it('is not told where somebody accepted it, and names who answers for the tenant', async () => {
    const created = await store.tenants.create({
      name: 'pay',
      displayName: 'Pay',
      owners: [{ name: 'Ada', email: 'ada@example.com' }],
    });
    await store.dataSource.query('INSERT INTO cluster_tenant (cluster_id, tenant_id) VALUES ($1, $2)', [
      cluster.id,
      typeof created === 'string' ? '' : created.id,
    ]);
    const waiver = await store.waivers.create({
      controlId: 'FLUX-DED-01',
      scope: {},
      reason: 'known',
      requestedBy: 'tok_a',
      expiresAt: '2027-01-01T00:00:00Z',
    });
    await store.waivers.approve(waiver.id, 'tok_b');
    await cluster.audit({ ...ded(safe('pay')), 'FLUX-DED-02': [safe('pay')] });
    await cluster.audit({ ...ded(revocable('pay')), 'FLUX-DED-02': [safe('pay')] });
    expect(await told()).toEqual([]);
    await cluster.audit({ ...ded(revocable('pay')), 'FLUX-DED-02': [revocable('pay')] });
    expect((await events())[0]?.facts).toMatchObject({
      owner: 'Ada',
      wayCount: 1,
      ways: [{ controlId: 'FLUX-DED-02' }],
    });
  });

  it('leaves nothing behind where the assessment is not saved', async () => {
    await cluster.audit(ded(safe('pay')));
    const other = { ...cluster.found(ded(revocable('pay'))), cluster: { name: 'x', uid: 'other', serverVersion: '' } };
    await expect(store.audit(cluster.id, other)).rejects.toBeInstanceOf(IdentityConflict);
    expect(await told()).toEqual([]);
    expect(await kinds()).toEqual([]);
  });
});

const infra = { apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', namespace: 'pay', name: 'infra' };
const apps = { ...infra, name: 'apps' };
type Place = typeof infra;
const failing = (at: Place, make: typeof fail | typeof warn = fail): Observation =>
  make(at, 'APPLY_DENIED', `${at.name} is denied.`, {
    severity: 'high',
    evidence: [{ pointer: '/status', observed: 'denied', expected: 'ready' }],
  });
const unheard = (at: Place): Observation =>
  fail(at, 'ALERT_OTHER_KIND', `Nobody hears of it when ${at.name} fails: Alert on-call is for other kinds.`, {
    severity: 'high',
    evidence: [
      {
        object: { apiVersion: 'v1beta3', kind: 'Alert', namespace: 'pay', name: 'on-call' },
        pointer: '/spec/eventSources/0/kind',
        observed: 'HelmRelease',
        expected: 'Kustomization',
      },
    ],
  });
const healthy = (at: Place): Observation => pass(at, 'HEALTHY', 'Fine.');
const remote = (...found: readonly (readonly [failure: Observation, alerting: Observation])[]): Answers => ({
  'FLUX-RA-03': found.map(([failure]) => failure),
  'FLUX-RA-04': found.map(([, alerting]) => alerting),
});
const edge = (at: Place, details: Partial<RemoteApplyEdge> = {}): RemoteApplyEdge => ({
  object: { apiVersion: at.apiVersion, kind: 'Kustomization', namespace: at.namespace, name: at.name },
  target: { state: 'registered', cluster: 'pay-eu-3' },
  auth: { method: 'token' },
  identity: { kind: 'unknown' },
  ready: 'False',
  suspended: false,
  overdue: false,
  failingSince: '2026-11-01T00:30:00.000Z',
  cause: { code: 'APPLY_DENIED', message: 'the target denies it' },
  alerts: [{ namespace: 'pay', name: 'on-call', names: 'object', health: 'delivers' }],
  alertCovered: false,
  watched: false,
  uncovered: [
    { mode: 'X', when: 'x', essential: false, state: 'uncovered', code: 'A', why: 'no rule tells' },
    { mode: 'Y', when: 'y', essential: true, state: 'uncovered', code: 'B', why: 'Alert pay/on-call is for others' },
    { mode: 'Z', when: 'z', essential: true, state: 'unknown', code: 'C', why: 'it is not known' },
  ],
  silent: true,
  ...details,
});
const reading = (...edges: readonly RemoteApplyEdge[]): { remoteApplies: RemoteApplyReading } => ({
  remoteApplies: { edges, unread: [] },
});
const audit = (answers: Answers, ...edges: readonly RemoteApplyEdge[]) =>
  store.audit(cluster.id, cluster.found(answers), edges.length > 0 ? reading(...edges) : {});

describe('a remote apply that fails silently', () => {
  it('is told with the reason, the field and the Alert, once for a target', async () => {
    await audit(remote([healthy(infra), unheard(infra)], [healthy(apps), unheard(apps)]));
    await audit(
      remote([failing(infra), unheard(infra)], [failing(apps), unheard(apps)]),
      edge(infra),
      edge(apps, { failingSince: '2026-11-01T00:40:00.000Z' }),
    );
    const [event, ...others] = await events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      type: 'remoteApply.silent',
      subject: 'pay-eu-3',
      severity: 'high',
      facts: { target: 'pay-eu-3', registered: true, objectCount: 2 },
    });
    expect(event?.facts['objects']).toMatchObject([
      {
        kind: 'Kustomization',
        namespace: 'pay',
        cause: { code: 'APPLY_DENIED', message: 'the target denies it' },
        why: ['Alert pay/on-call is for others', 'no rule tells'],
        alerts: [{ namespace: 'pay', name: 'on-call', health: 'delivers' }],
        fields: [{ object: 'Alert pay/on-call', pointer: '/spec/eventSources/0/kind', observed: 'HelmRelease' }],
      },
      {},
    ]);
  });

  it('is told where the Alert goes away while it fails, or a warning becomes a failure', async () => {
    await audit(remote([failing(infra), pass(infra, 'ALERTED', 'Fine.')], [failing(apps, warn), unheard(apps)]));
    await audit(remote([failing(infra), unheard(infra)], [failing(apps, warn), unheard(apps)]));
    expect((await events())[0]?.facts).toMatchObject({
      objectCount: 1,
      objects: [{ name: 'infra' }],
      registered: false,
    });
    await cluster.audit(remote([failing(infra), unheard(infra)], [failing(apps), unheard(apps)]));
    // Its namespace is all that is known of the target, and is told already.
    expect(await told()).toEqual(['open namespace pay']);
  });

  it('is quiet in the first run, and where the failure is one that people hear of', async () => {
    await audit(remote([failing(infra), unheard(infra)], [healthy(apps), unheard(apps)]), edge(infra));
    await audit(
      remote([failing(infra), unheard(infra)], [failing(apps), unheard(apps)]),
      edge(infra),
      edge(apps, { silent: false }),
    );
    expect(await told()).toEqual([]);
  });

  it('is over when it recovers for good', async () => {
    await audit(remote([healthy(infra), unheard(infra)]));
    await audit(remote([failing(infra), unheard(infra)]), edge(infra));
    await audit(
      remote([healthy(infra), unheard(infra)]),
      edge(infra, { ready: 'True', cause: undefined, silent: false } as Partial<RemoteApplyEdge>),
    );
    expect(await told()).toEqual(['open pay-eu-3']);
    await audit(remote([healthy(infra), unheard(infra)]));
    expect(await told()).toEqual(['resolved pay-eu-3']);
  });

  it('is over when people hear of it', async () => {
    await audit(remote([healthy(infra), unheard(infra)]));
    await audit(remote([failing(infra), unheard(infra)]), edge(infra));
    await audit(remote([failing(infra), pass(infra, 'ALERTED', 'Fine.')]), edge(infra, { silent: false }));
    expect(await told()).toEqual(['heard pay-eu-3']);
    expect(await kinds()).toEqual(['event.raised', 'event.ended']);
  });

  it('is told again where the next object has another target', async () => {
    await audit(remote([healthy(infra), unheard(infra)], [healthy(apps), unheard(apps)]));
    await audit(remote([failing(infra), unheard(infra)], [healthy(apps), unheard(apps)]), edge(infra));
    await audit(
      remote([failing(infra), unheard(infra)], [failing(apps), unheard(apps)]),
      edge(infra),
      edge(apps, { target: { state: 'unregistered', address: 'https://10.0.0.9:6443' } }),
    );
    expect(await told()).toEqual(['open pay-eu-3', 'open https://10.0.0.9:6443']);
  });
});

describe('a credential that expires', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'pay', name: 'kubeconfig' };
  const expires = (at: string): Observation =>
    warn(secret, 'CERTIFICATE_EXPIRES_SOON', 'It ends soon.', {
      evidence: [{ pointer: '/kubeConfigs/value/certificate/notAfter', observed: at, expected: 'later' }],
    });
  const ra02 = (...found: readonly Observation[]): Answers => ({ 'FLUX-RA-02': found });
  const sound = pass(secret, 'KUBECONFIG_SOUND', 'Fine.');
  /** Hours after the first audit of the cluster. */
  const inHours = (hours: number) => new Date(Date.parse('2026-11-01T01:00:00Z') + hours * 3_600_000).toISOString();
  const thresholds = async () => (await events()).map(({ facts, state }) => `${String(facts['threshold'])} ${state}`);

  it('of Flux is told at each threshold, once, and when it is renewed', async () => {
    await cluster.audit(ra02(sound));
    const end = inHours(24 * 7 + 2);
    for (let hour = 1; hour <= 4; hour += 1) await cluster.audit(ra02(expires(end)));
    expect(await thresholds()).toEqual(['30 closed', '7 open']);
    expect((await events())[1]).toMatchObject({
      severity: 'high',
      facts: {
        use: 'remoteApply',
        name: 'Secret pay/kubeconfig',
        expiresAt: end,
        finding: { controlId: 'FLUX-RA-02' },
      },
    });
    await cluster.audit(ra02(sound));
    expect((await told()).at(-1)).toMatch(/^renewed /);
    expect(await kinds()).toEqual(['event.raised', 'event.raised', 'event.ended']);
  });

  it('is not over where it was not looked at', async () => {
    await cluster.audit(ra02(sound));
    await cluster.audit(ra02(expires(inHours(20))));
    await store.audit(cluster.id, cluster.notJudged());
    expect(await thresholds()).toEqual(['1 open']);
  });

  it('of break-glass is told by the name of its entry', async () => {
    const entry = { kind: 'BreakGlass', name: 'edge' };
    await cluster.audit({ 'FLUX-BG-04': [pass(entry, 'FRESH', 'Fine.')] });
    await cluster.audit({
      'FLUX-BG-04': [
        fail(entry, 'EXPIRED', 'It ended.', {
          evidence: [{ pointer: '/breakGlass/0/expiresAt', observed: '2026-10-01', expected: 'later' }],
        }),
        fail(entry, 'ROTATION_DUE', 'Old.', { evidence: [{ pointer: '/breakGlass/0', observed: 1, expected: '2' }] }),
      ],
    });
    expect(await events()).toMatchObject([
      { subject: 'breakGlass edge', severity: 'critical', facts: { use: 'breakGlass', name: 'edge', threshold: 0 } },
    ]);
  });

  it('of the registry is told too, even where the cluster cannot be read any more', async () => {
    const ends = async (at: string | null) =>
      store.dataSource.query('UPDATE credential SET expires_at = $2 WHERE cluster_id = $1', [cluster.id, at]);
    await ends(inHours(3));
    await cluster.audit(ra02(sound));
    expect(await told()).toEqual([]);
    await store.audit(cluster.id, cluster.notJudged('unauthenticated'));
    for (let hour = 2; hour <= 4; hour += 1) await store.audit(cluster.id, cluster.notJudged('unauthenticated'));
    expect(await thresholds()).toEqual(['1 closed', '0 open']);
    await ends(inHours(24 * 365));
    await cluster.audit(ra02(sound));
    expect(await told()).toEqual(['superseded cluster', 'renewed cluster']);
  });
});
