import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/eventually.js';
import { startMisbehavingReceiver, type MisbehavingReceiver } from '../../../test/support/misbehaving-receiver.js';
import { QUEUE_HOMES } from '../../../test/support/redis.js';
import { WorkerStage } from '../../../test/support/worker-stage.js';

describe.each(QUEUE_HOMES.map((home) => [home.title, home] as const))(
  'a worker with queues %s',
  (_, { home, absent }) => {
    let stage: WorkerStage;
    let slack: MisbehavingReceiver;

    beforeEach(async () => {
      if (absent) return;
      slack = await startMisbehavingReceiver();
      stage = await WorkerStage.open(home, { PLIMSOLL_SLACK_WEBHOOK_HOSTS: slack.host });
    });
    afterEach(async () => {
      if (absent) return;
      await stage.close();
      await slack.stop();
    });

    it.skipIf(absent)('audits a fleet, counts what it found, and tells it once', async () => {
      const fleet = await stage.fleet(['good-1', 'good-2', 'bad-1', 'refuses', 'forbids']);
      fleet.member('refuses').cluster.revokeToken();
      fleet.member('forbids').cluster.deny({ verb: 'list', group: '', resource: 'pods' });
      await stage.channel('slackWebhook', { url: `${slack.origin}/services/T/B/x` });
      await stage.startWorker();
      const { id } = await stage.startRun();
      const run = await stage.completed(id);
      expect(run).toMatchObject({
        total: 5,
        done: 5,
        counts: { targets: { evaluated: 4, notEvaluated: 1, cancelled: 0 } },
      });
      const { items } = await stage.store.runs.targets(id, { limit: 10 });
      expect(items.map(({ clusterName, outcome, cause, attempt }) => [clusterName, outcome, cause, attempt])).toEqual([
        ['bad-1', 'evaluated', null, 1],
        ['forbids', 'evaluated', null, 1],
        ['good-1', 'evaluated', null, 1],
        ['good-2', 'evaluated', null, 1],
        ['refuses', 'notEvaluated', 'unauthenticated', 1],
      ]);
      const findings = await stage.store.findings.list({ limit: 10, filter: { controlId: ['FLUX-KC-01'] } });
      expect(findings.items.map(({ clusterId, state }) => [clusterId, state])).toEqual([
        [fleet.member('bad-1').id, 'open'],
      ]);
      await eventually('the message was sent', async () => {
        const { items: deliveries } = await stage.store.deliveries.list({ limit: 10 });
        return deliveries.length === 1 && deliveries[0]?.state === 'sent';
      });
      expect(slack.requests).toHaveLength(1);
      expect((await stage.store.outbox.waiting()).count).toBe(0);
    });
  },
);
