import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { QUEUE_HOMES } from '../support/redis.js';
import type { RestRun } from '../support/service-rest.js';
import { FleetService, namedIn, SIGNING_SECRET, SLACK_PATH, valueAt, type Finding } from './support/fleet-service.js';
import { FLEET, RealFleet } from './support/real-fleet.js';
import { slackLines } from './support/receivers.js';

const handle = inject('lab');
const SENT = [
  ['sent', 1, 'ok'],
  ['sent', 1, 'ok'],
];
const EXEC_ON_A =
  'high: helm-controller runs without --insecure-kubeconfig-exec *not met* on `tenant-a` (tenant `tenant-a`)';
const REMOTE_APPLY_TO_B =
  'low: Remote-apply objects are healthy and fresh *not met* on `management` (tenant `tenant-b`)';

describe.skipIf(!handle?.flux)('a fleet of real clusters [needs lab]', () => {
  let fleet: RealFleet;
  beforeAll(async () => {
    if (handle) fleet = await RealFleet.start(handle);
  });
  afterAll(() => fleet?.stop());

  describe.each(QUEUE_HOMES.map((home) => [home.title, home] as const))('with queues %s', (_, { home, absent }) => {
    let on: FleetService;
    let baseline: RestRun;

    beforeAll(async () => {
      if (!absent) on = await FleetService.start(home);
    });
    afterAll(() => on?.stop());

    it.skipIf(absent)('is registered and verified over REST', async () => {
      await fleet.register(on.rest);
      for (const name of FLEET) {
        expect(await on.rest.call('POST', `/clusters/${name}/verify`)).toMatchObject({
          identity: { uid: fleet.clusters[name].uid },
          kubernetesVersion: 'v1.36.3',
          user: { name: 'system:serviceaccount:plimsoll:plimsoll-reader' },
          predictedCoverage: { ratio: 1 },
          overprivileged: [],
        });
      }
      await on.createChannels();
    });

    it.skipIf(absent)('is audited by the clock', async () => {
      const schedule = await on.rest.call<{ id: string; nextRunAt: string }>('POST', '/schedules', {
        body: {
          name: 'every-minute',
          cron: '* * * * *',
          target: { labelSelector: 'fleet=real' },
          profile: on.rest.profile,
        },
      });
      expect(Date.parse(schedule.nextRunAt) - Date.now()).toBeLessThanOrEqual(60_000);
      const run = await eventually(
        'the schedule started a run',
        async () => (await on.rest.list<RestRun>('/runs?trigger=schedule'))[0],
        { withinMs: 90_000, everyMs: 500 },
      );
      const etag = (await on.rest.request('GET', `/schedules/${schedule.id}`)).headers.get('etag') ?? '';
      await on.rest.call('PATCH', `/schedules/${schedule.id}`, {
        body: { enabled: false },
        headers: { 'if-match': etag },
      });
      baseline = await on.rest.completed(run.id);
      expect(baseline).toMatchObject({ baseline: true, requestedBy: 'schedule:every-minute', coverage: 1 });
      const targets = await on.targets(run.id);
      expect(targets.map(({ cluster, outcome, coverage }) => [cluster.name, outcome, coverage])).toEqual(
        FLEET.map((name) => [name, 'evaluated', 1]),
      );
    });

    it.skipIf(absent)('has results and findings with evidence that holds in the cluster', async () => {
      type Result = {
        readonly cluster: { readonly name: string };
        readonly controlId: string;
        readonly outcome: string;
      };
      const results = await on.rest.list<Result>(`/results?run=${baseline.id}`);
      const outcomes = results.map(({ cluster, controlId, outcome }) => `${cluster.name} ${controlId} ${outcome}`);
      expect(outcomes).toEqual(
        expect.arrayContaining([
          'management FLUX-RA-03 pass',
          'tenant-a FLUX-HC-01 pass',
          'tenant-a FLUX-KC-03 pass',
          'tenant-b FLUX-KC-03 fail',
        ]),
      );
      const [summary] = await on.rest.list<Finding>('/findings?cluster=tenant-b&control=FLUX-KC-03');
      const finding = await on.rest.get<Finding>(`/findings/${summary?.id}`);
      expect(finding.subject).toMatchObject({
        kind: 'Deployment',
        namespace: 'flux-system',
        name: 'kustomize-controller',
      });
      expect(finding.fixes?.[0]?.content).toContain('--no-remote-bases=true');
      const [fact] = finding.evidence?.items ?? [];
      if (!fact?.object) throw new Error('there is no evidence');
      const { apiVersion, kind, namespace, name, uid } = fact.object;
      const { admin } = fleet.clusters['tenant-b'];
      const stored = await admin.get({ apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } });
      expect(uid).toBe(stored.metadata.uid);
      // Of arguments only the flags are kept: a value may be a secret.
      const found = valueAt(stored, fact.pointer) as readonly string[];
      expect(fact.observed).toEqual(found.map((argument) => argument.split('=')[0]));
    });

    it.skipIf(absent)(
      'is told first as a quiet baseline, to Slack and to a webhook whose signature holds',
      async () => {
        const { slack, webhook } = await on.told(baseline.id);
        expect(slack.path).toBe(SLACK_PATH);
        const text = slackLines(slack).join('\n');
        expect(text).toContain('Flux fleet audit: first look at 3 clusters');
        expect(text).toMatch(/They are the baseline; from now on only changes are sent/);
        expect(namedIn(slack)).toEqual([]);

        const headers = webhook.headers as Record<string, string>;
        const receiver = new Webhook(SIGNING_SECRET);
        expect(receiver.verify(webhook.body, headers)).toMatchObject({
          type: 'run.completed',
          data: {
            baseline: true,
            run: { id: baseline.id, trigger: 'schedule' },
            clusters: { total: 3, evaluated: 3, notEvaluated: 0 },
            changes: { opened: 0, resolved: 0 },
          },
        });
        const forged = webhook.body.replace('"baseline":true', '"baseline":false');
        expect(() => receiver.verify(forged, headers)).toThrow(/signature/i);
        expect(await on.deliveries(baseline.id)).toEqual(SENT);
      },
    );

    it.skipIf(absent)('stays silent while nothing changes', async () => {
      const run = await on.rest.audit();
      await on.nothingToTell(run.id);
      expect(on.messages(run.id)).toEqual({ slack: [], webhook: [] });
    });

    it.skipIf(absent)('names exactly what broke', async () => {
      await fleet.allowExec();
      await fleet.revokeAccess();
      const run = await on.rest.audit();
      const { slack } = await on.told(run.id);
      expect(namedIn(slack)).toEqual([EXEC_ON_A, REMOTE_APPLY_TO_B, REMOTE_APPLY_TO_B]);
      expect(slackLines(slack)[0]).toBe('Flux fleet audit: 3 new (3 of 3 clusters audited, 100 % of checks evaluated)');
      expect(await on.rest.get(`/runs/${run.id}/diff`)).toMatchObject({
        openedCount: 3,
        opened: [{ title: 'helm-controller runs without --insecure-kubeconfig-exec', clusters: ['tenant-a'] }, {}, {}],
        blindSpots: [],
      });
      const opened = (await on.changed(run.id)).map(
        ({ cluster, subject, reason, state }) =>
          `${cluster.name}: ${subject.kind} ${subject.namespace}/${subject.name} ${reason} ${state}`,
      );
      expect(opened.toSorted()).toEqual([
        'management: HelmRelease tenant-b/web ACCESS_REVOKED open',
        'management: Kustomization tenant-b/apps ACCESS_REVOKED open',
        'tenant-a: Deployment flux-system/helm-controller FLAG_TRUE open',
      ]);
    });

    it.skipIf(absent)('is whole again, which is told after two clean runs', async () => {
      await fleet.forbidExec();
      await fleet.restoreAccess();
      const first = await on.rest.audit();
      await on.nothingToTell(first.id);
      expect((await on.changed(first.id)).map(({ state }) => state)).toEqual(['resolved', 'resolved', 'resolved']);
      const { slack } = await on.told((await on.rest.audit()).id);
      expect(namedIn(slack)).toEqual([]);
      expect(slackLines(slack)[0]).toMatch(/^Flux fleet audit: 3 resolved /);
      expect(on.messages(first.id)).toEqual({ slack: [], webhook: [] });
    });

    it.skipIf(absent)('keeps its run when the worker dies in the middle of it', async () => {
      await fleet.allowExec();
      // tenant-b is held back, so that there is a middle: the others are done, this one is being read.
      const held = fleet.proxies['tenant-b'];
      held.hold();
      const { id } = await on.rest.startRun();
      const read = () => on.rest.get<RestRun>(`/runs/${id}`);
      await eventually('the run is in its middle', async () => (await read()).targets.done === 2 && held.waiting > 0, {
        everyMs: 200,
      });
      const [victim] = on.service.workers;
      expect(await victim?.kill('SIGKILL')).toBe('SIGKILL');
      held.release();
      expect(await read()).toMatchObject({ state: 'running', targets: { done: 2 } });
      await on.service.startWorker();
      await on.rest.completed(id, 180_000);
      const targets = await on.targets(id);
      expect(targets.map(({ cluster, outcome, attempt }) => [cluster.name, outcome, attempt])).toEqual([
        ['management', 'evaluated', 1],
        ['tenant-a', 'evaluated', 1],
        ['tenant-b', 'evaluated', 2],
      ]);
      expect(namedIn((await on.told(id)).slack)).toEqual([`${EXEC_ON_A} (back again)`]);
      expect(await on.deliveries(id)).toEqual(SENT);
      // Two more runs, the second with news: had a message been doubled, it would have come by then.
      await fleet.forbidExec();
      await on.rest.audit();
      await on.told((await on.rest.audit()).id);
      await on.told(id);
    });
  });
});
