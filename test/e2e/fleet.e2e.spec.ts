import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ReceivedRequest } from '../support/misbehaving-receiver.js';
import { eventually } from '../support/eventually.js';
import { QUEUE_HOMES } from '../support/redis.js';
import type { RestRun } from '../support/service-rest.js';
import { Service } from '../support/service.js';
import { FLEET, RealFleet } from './support/real-fleet.js';
import { slackLines, startReceivers, type Receivers } from './support/receivers.js';

const handle = inject('lab');
const SIGNING_SECRET = `whsec_${Buffer.from('the signing secret of a test run').toString('base64')}`;

interface Finding {
  readonly id: string;
  readonly controlId: string;
  readonly state: string;
  readonly reason: string;
  readonly cluster: { readonly name: string };
  readonly subject: { readonly kind: string; readonly namespace?: string; readonly name: string };
  readonly evidence?: {
    readonly items: readonly {
      readonly object?: {
        readonly apiVersion: string;
        readonly kind: string;
        readonly namespace?: string;
        readonly name: string;
        readonly uid?: string;
      };
      readonly pointer: string;
      readonly observed: unknown;
    }[];
  };
  readonly fixes?: readonly { readonly content: string }[];
}
interface Target {
  readonly cluster: { readonly name: string };
  readonly outcome: string | null;
  readonly coverage: number | null;
  readonly attempt: number;
}

describe.skipIf(!handle?.flux)('a fleet of real clusters [needs lab]', () => {
  let fleet: RealFleet;
  beforeAll(async () => {
    if (handle) fleet = await RealFleet.start(handle);
  });
  afterAll(() => fleet?.stop());

  describe.each(QUEUE_HOMES.map((home) => [home.title, home] as const))('with queues %s', (_, { home, absent }) => {
    let service: Service;
    let receivers: Receivers;
    let baseline: RestRun;

    const messagesOf = (runId: string, of: 'slack' | 'webhook'): readonly ReceivedRequest[] =>
      receivers[of].requests.filter(({ body }) => body.includes(runId));
    /** The one Slack message about a run, when both channels have had theirs. */
    const told = async (runId: string): Promise<ReceivedRequest> => {
      await eventually(
        'both channels were told',
        () => messagesOf(runId, 'slack').length > 0 && messagesOf(runId, 'webhook').length > 0,
      );
      const [message, ...more] = messagesOf(runId, 'slack');
      expect(more).toEqual([]);
      expect(messagesOf(runId, 'webhook')).toHaveLength(1);
      if (!message) throw new Error('there is no message');
      return message;
    };
    /** The lines of a message that name a finding, without the links in them. */
    const named = (message: ReceivedRequest) =>
      slackLines(message)
        .filter((line) => line.includes('*not met*'))
        .map((line) =>
          line.replace(/<[^|>]*\|([^>]*)>/g, '$1').replace(/^.*?(critical|high|medium|low|info): /, '$1: '),
        )
        .toSorted();
    const deliveryStates = async (runId: string) =>
      (await service.rest.list<{ state: string; attempts: number; lastCode: string }>(`/deliveries?run=${runId}`)).map(
        ({ state, attempts, lastCode }) => [state, attempts, lastCode],
      );
    const targets = (runId: string) => service.rest.list<Target>(`/runs/${runId}/targets`);

    beforeAll(async () => {
      if (absent) return;
      receivers = await startReceivers();
      service = await Service.start({ queues: home, environment: receivers.environment });
    });
    afterAll(async () => {
      await service?.stop();
      await receivers?.stop();
    });

    it.skipIf(absent)('is registered and verified over REST', async () => {
      await fleet.register(service.rest);
      for (const name of FLEET) {
        const verification = await service.rest.call('POST', `/clusters/${name}/verify`);
        expect(verification).toMatchObject({
          identity: { uid: fleet.clusters[name].uid },
          kubernetesVersion: 'v1.36.3',
          user: { name: 'system:serviceaccount:plimsoll:plimsoll-reader' },
          predictedCoverage: { ratio: 1 },
          overprivileged: [],
        });
      }
      await service.rest.call('POST', '/channels', {
        body: {
          name: 'slack',
          kind: 'slackWebhook',
          secret: { url: `${receivers.slackUrl}/services/T/B/secret` },
          minSeverity: 'info',
        },
      });
      await service.rest.call('POST', '/channels', {
        body: {
          name: 'hook',
          kind: 'webhook',
          secret: { url: `${receivers.webhookUrl}/hook`, signingSecrets: [SIGNING_SECRET] },
          minSeverity: 'info',
        },
      });
    });

    it.skipIf(absent)('is audited by the clock', async () => {
      const schedule = await service.rest.call<{ id: string; nextRunAt: string }>('POST', '/schedules', {
        body: { name: 'every-minute', cron: '* * * * *', target: { labelSelector: 'fleet=real' } },
      });
      expect(Date.parse(schedule.nextRunAt) - Date.now()).toBeLessThanOrEqual(60_000);
      const run = await eventually(
        'the schedule started a run',
        async () => (await service.rest.list<RestRun>('/runs?trigger=schedule'))[0],
        { withinMs: 90_000, everyMs: 500 },
      );
      await service.rest.call('PATCH', `/schedules/${schedule.id}`, {
        body: { enabled: false },
        headers: {
          'if-match': (await service.rest.request('GET', `/schedules/${schedule.id}`)).headers.get('etag') ?? '',
        },
      });
      baseline = await service.rest.completed(run.id);
      expect(baseline).toMatchObject({ baseline: true, requestedBy: 'schedule:every-minute', coverage: 1 });
      expect(
        (await targets(run.id)).map(({ cluster, outcome, coverage }) => [cluster.name, outcome, coverage]),
      ).toEqual(FLEET.map((name) => [name, 'evaluated', 1]));
    });

    it.skipIf(absent)('has results and findings with evidence that holds in the cluster', async () => {
      const results = await service.rest.list<{ cluster: { name: string }; controlId: string; outcome: string }>(
        `/results?run=${baseline.id}`,
      );
      const outcomeOf = (cluster: string, control: string) =>
        results.find((result) => result.cluster.name === cluster && result.controlId === control)?.outcome;
      expect(outcomeOf('management', 'FLUX-RA-03')).toBe('pass');
      expect(outcomeOf('tenant-a', 'FLUX-HC-01')).toBe('pass');
      expect(outcomeOf('tenant-a', 'FLUX-KC-03')).toBe('pass');
      expect(outcomeOf('tenant-b', 'FLUX-KC-03')).toBe('fail');

      const [summary] = await service.rest.list<Finding>('/findings?cluster=tenant-b&control=FLUX-KC-03');
      const finding = await service.rest.get<Finding>(`/findings/${summary?.id}`);
      expect(finding.subject).toMatchObject({
        kind: 'Deployment',
        namespace: 'flux-system',
        name: 'kustomize-controller',
      });
      expect(finding.fixes?.[0]?.content).toContain('--no-remote-bases=true');
      const [fact] = finding.evidence?.items ?? [];
      const { apiVersion = '', kind = '', namespace, name = '', uid } = fact?.object ?? {};
      const stored = await fleet.clusters['tenant-b'].admin.get({
        apiVersion,
        kind,
        metadata: { name, ...(namespace && { namespace }) },
      });
      expect(uid).toBe(stored.metadata.uid);
      // Of arguments only the flags are kept: a value may be a secret.
      const found = at(stored, fact?.pointer ?? '') as readonly string[];
      expect(fact?.observed).toEqual(found.map((argument) => argument.split('=')[0]));
    });

    it.skipIf(absent)(
      'is told first as a quiet baseline, to Slack and to a webhook whose signature holds',
      async () => {
        const message = await told(baseline.id);
        expect(message.path).toBe('/services/T/B/secret');
        const text = slackLines(message).join('\n');
        expect(text).toContain('Flux fleet audit: first look at 3 clusters');
        expect(text).toMatch(/They are the baseline; from now on only changes are sent/);
        expect(named(message)).toEqual([]);

        const [signed] = messagesOf(baseline.id, 'webhook');
        if (!signed) throw new Error('there is no webhook message');
        const headers = signed.headers as Record<string, string>;
        const receiver = new Webhook(SIGNING_SECRET);
        const payload = receiver.verify(signed.body, headers);
        expect(payload).toMatchObject({
          type: 'run.completed',
          data: {
            baseline: true,
            run: { id: baseline.id, trigger: 'schedule' },
            clusters: { total: 3, evaluated: 3, notEvaluated: 0 },
            changes: { opened: 0, resolved: 0 },
          },
        });
        expect(() => receiver.verify(signed.body.replace('"baseline":true', '"baseline":false'), headers)).toThrow(
          /signature/i,
        );
        expect(await deliveryStates(baseline.id)).toEqual([
          ['sent', 1, 'ok'],
          ['sent', 1, 'ok'],
        ]);
      },
    );

    it.skipIf(absent)('stays silent while nothing changes', async () => {
      const run = await service.rest.audit();
      await eventually(
        'both deliveries are settled',
        async () => (await deliveryStates(run.id)).filter(([state]) => state === 'skipped').length === 2,
      );
      expect(messagesOf(run.id, 'slack')).toEqual([]);
      expect(messagesOf(run.id, 'webhook')).toEqual([]);
    });

    it.skipIf(absent)('names exactly what broke', async () => {
      await fleet.allowExec();
      await fleet.revokeAccess();
      const run = await service.rest.audit();
      const message = await told(run.id);
      expect(named(message)).toEqual([
        'high: helm-controller runs without --insecure-kubeconfig-exec *not met* on `tenant-a` (tenant `tenant-a`)',
        'low: Remote-apply objects are healthy and fresh *not met* on `management` (tenant `tenant-b`)',
        'low: Remote-apply objects are healthy and fresh *not met* on `management` (tenant `tenant-b`)',
      ]);
      expect(slackLines(message)[0]).toMatch(
        /^Flux fleet audit: 3 new \(3 of 3 clusters audited, 100 % of checks evaluated\)$/,
      );
      expect(await service.rest.get(`/runs/${run.id}/diff`)).toMatchObject({
        openedCount: 3,
        opened: [{ title: 'helm-controller runs without --insecure-kubeconfig-exec', clusters: ['tenant-a'] }, {}, {}],
        blindSpots: [],
      });
      const opened = await service.rest.list<Finding>(`/findings?changedInRun=${run.id}`);
      expect(
        opened.map(({ controlId, cluster, subject, reason, state }) => [
          controlId,
          cluster.name,
          subject.kind,
          reason,
          state,
        ]),
      ).toEqual([['FLUX-HC-01', 'tenant-a', 'Deployment', 'FLAG_TRUE', 'open'], expect.anything(), expect.anything()]);
      const remote = opened.filter(({ controlId }) => controlId === 'FLUX-RA-03');
      expect(
        remote
          .map(({ subject, reason }) => `${subject.kind} ${subject.namespace}/${subject.name} ${reason}`)
          .toSorted(),
      ).toEqual(['HelmRelease tenant-b/web ACCESS_REVOKED', 'Kustomization tenant-b/apps ACCESS_REVOKED']);
    });

    it.skipIf(absent)('is whole again, which is told after two clean runs', async () => {
      await fleet.forbidExec();
      await fleet.restoreAccess();
      const first = await service.rest.audit();
      await eventually(
        'both deliveries are settled',
        async () => (await deliveryStates(first.id)).filter(([state]) => state === 'skipped').length === 2,
      );
      expect(
        (await service.rest.list<Finding>(`/findings?changedInRun=${first.id}`)).map(({ state }) => state),
      ).toEqual(['resolved', 'resolved', 'resolved']);
      const second = await service.rest.audit();
      const message = await told(second.id);
      expect(named(message)).toEqual([]);
      expect(slackLines(message)[0]).toMatch(/^Flux fleet audit: 3 resolved /);
      expect(messagesOf(first.id, 'slack')).toEqual([]);
    });

    it.skipIf(absent)('keeps its run when the worker dies in the middle of it', async () => {
      await fleet.allowExec();
      // tenant-b is held back, so that there is a middle: the others are done, this one is being read.
      fleet.proxies['tenant-b'].hold();
      const { id } = await service.rest.startRun();
      await eventually(
        'the run is in its middle',
        async () => {
          const {
            targets: { done },
          } = await service.rest.get<RestRun>(`/runs/${id}`);
          return done === 2 && fleet.proxies['tenant-b'].waiting > 0;
        },
        { everyMs: 200 },
      );
      const [victim] = service.workers;
      expect(await victim?.kill('SIGKILL')).toBe('SIGKILL');
      fleet.proxies['tenant-b'].release();
      expect(await service.rest.get<RestRun>(`/runs/${id}`)).toMatchObject({ state: 'running', targets: { done: 2 } });
      await service.startWorker();
      await service.rest.completed(id, 180_000);
      expect((await targets(id)).map(({ cluster, outcome, attempt }) => [cluster.name, outcome, attempt])).toEqual([
        ['management', 'evaluated', 1],
        ['tenant-a', 'evaluated', 1],
        ['tenant-b', 'evaluated', 2],
      ]);
      expect(named(await told(id))).toEqual([
        'high: helm-controller runs without --insecure-kubeconfig-exec *not met* on `tenant-a` (tenant `tenant-a`) (back again)',
      ]);
      expect(await deliveryStates(id)).toEqual([
        ['sent', 1, 'ok'],
        ['sent', 1, 'ok'],
      ]);
      // One more run with news: had a message been doubled, it would have come by then.
      await fleet.forbidExec();
      await service.rest.audit();
      const last = await service.rest.audit();
      await told(last.id);
      expect(messagesOf(id, 'slack')).toHaveLength(1);
      expect(messagesOf(id, 'webhook')).toHaveLength(1);
    });
  });
});

/** What stands at a JSON pointer (RFC 6901). */
function at(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((found, part) => (found as Record<string, unknown> | undefined)?.[part], value);
}
