import {
  type AnyBinding,
  drillOutcome,
  type DrillPlan,
  type DrillReport,
  drillWrites,
  type RestoredBindings,
} from '#libs/core';
import type { ClusterClient, OpenOptions } from '../client/cluster-client.js';
import { type DrillFinding, failed, unknown } from './drill-finding.js';
import { restoreForReal } from './live-restore.js';
import { identify, reach, reachRegistered } from './reach-and-identity.js';
import { bindingsToRestore, tryCreations, tryDeletions } from './restore.js';
import { ownRights, rightsOfPrincipals } from './rights.js';
import { StepLog, type StepHooks } from './step-log.js';

/** Opens the client that a drill uses; it hands `onRequest` on to `ClusterClient.open`. */
export type OpenForDrill = (onRequest: NonNullable<OpenOptions['onRequest']>) => Promise<ClusterClient>;

export interface DrillOptions extends StepHooks {
  readonly open: OpenForDrill;
  /** Where the access leads (`ClusterAccess.server`). */
  readonly server: string;
  /** Which bindings the platform's access rests on. */
  readonly bindingsOf: RestoredBindings;
}

/**
 * Rehearses break-glass with the break-glass credential itself. Changes nothing, unless the plan says `live`: then one
 * ClusterRoleBinding is created and deleted again. Who may plan that is the caller's rule.
 *
 * @throws {ClusterError} `cancelled` where it was told to stop
 */
export async function runDrill(plan: DrillPlan, options: DrillOptions): Promise<DrillReport> {
  const log = new StepLog('cli', options);
  const { server, bindingsOf } = options;
  return reported(plan, log, options.open, async (client) => {
    let user = '';
    await log.run('reach', async () => reach(await client(), plan, server));
    const identity = await log.run('identity', async () => {
      const self = await identify(await client(), plan);
      user = self.user;
      return self.finding;
    });
    await log.run('rights', async () => ownRights(await client(), plan));
    if (plan.mode === 'verify') return;
    let bindings: readonly AnyBinding[] = [];
    const ask = async (step: (open: ClusterClient) => Promise<DrillFinding>): Promise<DrillFinding> =>
      identity === 'passed'
        ? step(await client())
        : {
            ...unknown('NOT_IDENTIFIED', 'Not tried: it is not certain who the credential is, and where.'),
            ends: true,
          };
    await log.run('restoreCreate', () =>
      ask(async (open) => {
        bindings = await bindingsToRestore(open, bindingsOf);
        const tried = await tryCreations(open, plan.restore, bindings, user);
        return plan.mode === 'live' && tried.state === 'passed' ? live(open, plan, user) : tried;
      }),
    );
    await log.run('restoreDelete', () => ask((open) => tryDeletions(open, bindings, user)));
  });
}

/**
 * What can be found out every day without the break-glass credential, with the right to read and to ask
 * (SubjectAccessReview): whether the registered API server answers, and whether the principals hold every right.
 *
 * @throws {ClusterError} `cancelled` where it was told to stop
 */
export async function checkReadiness(
  plan: DrillPlan,
  options: StepHooks & Pick<DrillOptions, 'open'>,
): Promise<DrillReport> {
  const log = new StepLog('service', options);
  return reported(plan, log, options.open, async (client) => {
    await log.run('reach', async () => reachRegistered(await client(), plan));
    log.skip(
      'identity',
      'CREDENTIAL_NOT_HELD',
      'Not part of it: the service does not hold the break-glass credential. Drill it with plimsoll drill.',
    );
    await log.run('rights', async () => rightsOfPrincipals(await client(), plan));
  });
}

async function live(client: ClusterClient, plan: DrillPlan, user: string): Promise<DrillFinding> {
  const { name } = (plan.restore['metadata'] ?? {}) as { readonly name?: unknown };
  if (typeof name !== 'string') return failed('NO_NAME', 'The plan does not name the binding of a live drill.');
  return restoreForReal(client, { name, user });
}

/** Runs steps with one client, opened by the first that needs it, and puts the report together. */
async function reported(
  plan: DrillPlan,
  log: StepLog,
  open: OpenForDrill,
  steps: (client: () => Promise<ClusterClient>) => Promise<void>,
): Promise<DrillReport> {
  const startedAt = new Date().toISOString();
  let opening: Promise<ClusterClient> | undefined;
  try {
    await steps(() => (opening ??= open(log.record)));
  } finally {
    await opening?.then((client) => client.close()).catch(() => undefined);
  }
  const finishedAt = new Date().toISOString();
  const all = log.steps();
  return {
    mode: plan.mode,
    outcome: drillOutcome({ mode: plan.mode, runner: log.runner }, all),
    startedAt,
    finishedAt,
    writes: drillWrites(all).length,
    steps: all,
  };
}
