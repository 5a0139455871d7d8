import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalog, DEFAULT_PROFILE, profileById } from '#libs/controls';
import type { ArtifactName, Assessment, Outcome, Snapshot } from '#libs/core';
import { evaluate } from '#libs/engine';
import { ClusterClient, collectSnapshot, parseKubeconfig } from '#libs/kubernetes';
import { EgressPolicy } from '#libs/platform';
import { DemoFleet, type DemoCluster } from './index.js';

const egress = new EgressPolicy({ allowCidrs: ['127.0.0.0/8'], allowPorts: [] });
const profile = profileById(DEFAULT_PROFILE);
const needs = [...new Set(catalog.flatMap(({ requires, optional }) => [...requires, ...optional]))] as ArtifactName[];

async function snapshotOf({ name, kubeconfig, registration }: DemoCluster): Promise<Snapshot> {
  const client = await ClusterClient.open(parseKubeconfig(kubeconfig), {
    egress,
    userAgent: 'plimsoll/test',
    budget: { qps: 1000, burst: 1000 },
  });
  try {
    return await collectSnapshot(client, { name, registration, sightings: { firstSeen: {} }, needs });
  } finally {
    await client.close();
  }
}

async function audit(cluster: DemoCluster): Promise<Assessment> {
  if (profile === undefined) throw new Error(`There is no profile ${DEFAULT_PROFILE}.`);
  return evaluate(catalog, profile, await snapshotOf(cluster));
}

const CONTROLS = ['HC-01', 'HC-02', 'KC-01', 'KC-02', 'KC-03', 'MT-01', 'MT-02', 'MT-06', 'RA-03'].map(
  (id) => `FLUX-${id}`,
);
const LETTERS: Readonly<Record<string, Outcome>> = {
  p: 'pass',
  w: 'warn',
  f: 'fail',
  n: 'notApplicable',
  '?': 'notEvaluated',
};

const lettersOf = (row: string) => row.replaceAll(' ', '').split('');

/** One letter per control, in the order of `CONTROLS`. */
const EXPECTED: Readonly<Record<string, string>> = {
  management: 'pp ppp nnn f',
  checkout: 'pp ppp ppp n',
  catalog: 'pp ppf fff n',
  payments: 'fp ppp ppp n',
  legacy: 'ff fff ffw n',
  orders: 'pp nnn nnn n',
  search: 'pp ppp wpw n',
  analytics: 'pp pfp pwp n',
  media: '?p ppp ppp p',
  fraud: '?? ??? ??? ?',
  labs: '?? ??? ??? n',
  edge: 'nn ppf www n',
};

describe('the demo fleet', () => {
  let fleet: DemoFleet;
  const assessments = new Map<string, Assessment>();

  beforeAll(async () => {
    fleet = await DemoFleet.start();
    const reachable = fleet.clusters.filter((cluster) => cluster.reachable);
    await Promise.all(reachable.map(async (cluster) => assessments.set(cluster.name, await audit(cluster))));
  }, 60_000);
  afterAll(() => fleet.stop());

  it('is one management cluster and twelve tenant clusters, each with an identity of its own', () => {
    expect(fleet.clusters.map(({ name }) => name)).toEqual([
      ...Object.keys(EXPECTED).slice(0, 9),
      'billing',
      'fraud',
      'labs',
      'edge',
    ]);
    expect(new Set(fleet.clusters.map(({ cluster }) => cluster.uid)).size).toBe(13);
    expect(fleet.clusters.filter(({ registration }) => registration.role === 'management')).toHaveLength(1);
  });

  it.each(Object.entries(EXPECTED))('%s is judged as its story says', (name, letters) => {
    const outcomes = CONTROLS.map(
      (id) => assessments.get(name)?.results.find(({ controlId }) => controlId === id)?.outcome,
    );
    expect(outcomes).toEqual(lettersOf(letters).map((letter) => LETTERS[letter]));
  });

  it('shows each control at its best, at its worst, where it does not apply and where nobody can tell', () => {
    for (const [index, control] of CONTROLS.entries()) {
      const letters = new Set(Object.values(EXPECTED).map((row) => lettersOf(row)[index]));
      expect([control, ...['p', 'f', 'n', '?'].filter((letter) => !letters.has(letter))]).toEqual([control]);
    }
  });

  it('shows remote applies in every kind of trouble', () => {
    const result = assessments.get('management')?.results.find(({ controlId }) => controlId === 'FLUX-RA-03');
    const seen = new Set(
      result?.observations.map(({ subject, outcome }) => `${subject.kind} ${subject.namespace} ${outcome}`),
    );
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'Kustomization checkout pass',
        'Kustomization payments warn',
        'Kustomization orders fail',
        'Kustomization search warn',
        'Kustomization labs fail',
        'HelmRelease checkout pass',
        'HelmRelease catalog fail',
        'HelmRelease payments fail',
      ]),
    );
  });

  it('has a cluster that cannot be reached', async () => {
    await expect(audit(fleet.cluster('billing'))).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('stays as it is as time passes, and only reads came', async () => {
    let now = Date.now();
    const later = await DemoFleet.start({ now: () => now });
    const revision = () => {
      const found = later.cluster('management').cluster.find({
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
        kind: 'Kustomization',
        metadata: { namespace: 'checkout', name: 'apps' },
      });
      const status = found?.status as { history: { lastReconciled: string }[] } | undefined;
      return status?.history[0]?.lastReconciled ?? '';
    };
    const before = Date.parse(revision());
    now += 24 * 60 * 60 * 1000;
    expect(Date.parse(revision()) - before).toBe(24 * 60 * 60 * 1000);
    await later.stop();
    expect(fleet.wasOnlyRead).toBe(true);
  });

  it('has the same identities for the same seed', async () => {
    const [one, same, other] = await Promise.all(
      [{ seed: 'a' }, { seed: 'a' }, { seed: 'b' }].map((options) => DemoFleet.start(options)),
    );
    const uids = (some: DemoFleet | undefined) => some?.clusters.map(({ cluster }) => cluster.uid);
    expect(uids(one)).toEqual(uids(same));
    expect(uids(one)).not.toEqual(uids(other));
    await Promise.all([one?.stop(), same?.stop(), other?.stop()]);
  });

  it('can be broken and fixed', async () => {
    const outcomes = async (...asked: readonly (readonly [string, string])[]) =>
      Promise.all(
        asked.map(async ([name, control]) => {
          const { results } = await audit(fleet.cluster(name));
          return results.find(({ controlId }) => controlId === control)?.outcome;
        }),
      );
    expect(fleet.breakSomething()).toMatch(/FLUX-HC-01/);
    expect(await outcomes(['checkout', 'FLUX-HC-01'])).toEqual(['fail']);
    const remote = (await audit(fleet.cluster('management'))).results.find(
      ({ controlId }) => controlId === 'FLUX-RA-03',
    );
    const checkout = remote?.observations.filter(({ subject }) => subject.namespace === 'checkout');
    expect(checkout?.map(({ subject, outcome }) => `${subject.kind} ${outcome}`)).toEqual(
      expect.arrayContaining(['HelmRelease fail', 'Kustomization warn']),
    );
    fleet.fix();
    expect(await outcomes(['checkout', 'FLUX-HC-01'])).toEqual(['pass']);
  });
});
