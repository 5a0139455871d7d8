import { randomUUID } from 'node:crypto';
import type { DrillMode, DrillReport } from '#libs/core';
import { CliError, ExitCode } from '../exit-codes.js';
import { RestClient } from '../up/rest-client.js';

/** Who reports, and to which service. */
export interface ServiceOptions {
  /** Address of the service; absent = `PLIMSOLL_SERVER`. */
  readonly server?: string;
  readonly env: NodeJS.ProcessEnv;
}

interface Drill {
  readonly id: string;
  readonly cluster: { readonly name: string };
  readonly entry: string;
  readonly mode: DrillMode;
  readonly state: string;
  readonly approvals: readonly unknown[];
  /** RFC 3339. */
  readonly deadlineAt: string;
  /** Where one drill is read: the pinned UID of its cluster; null before the first sight. */
  readonly clusterUid?: string | null;
}

/** What a drill of the service is about. */
interface Wanted {
  readonly cluster: string;
  readonly entry: string;
  readonly mode: DrillMode;
  /** What the registry file says about the cluster's UID. */
  readonly clusterUid?: string;
}

/**
 * The service, by its address and the token in `PLIMSOLL_TOKEN`.
 * @throws {CliError} usage, where one of them is missing, or the token would travel in the clear
 */
export function serviceOf({ server, env }: ServiceOptions): RestClient {
  const address = server ?? env.PLIMSOLL_SERVER;
  const token = env.PLIMSOLL_TOKEN;
  if (!address || !token) {
    throw new CliError(
      ExitCode.usage,
      'To report to the service, its address and a token are needed.',
      'Name it with --server or PLIMSOLL_SERVER, and put the token into PLIMSOLL_TOKEN.',
    );
  }
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isLocal = url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (!url || (url.protocol !== 'https:' && !isLocal)) {
    throw new CliError(
      ExitCode.usage,
      'The address of the service must be an https URL.',
      'On this machine, http will do.',
    );
  }
  return new RestClient(`${url.origin}${url.pathname.replace(/\/+$/, '')}`, token);
}

/** Tells the service that a drill begins, so that the use of the credential is expected. Answers the drill's id. */
export async function announce(rest: RestClient, { cluster, entry, mode }: Wanted): Promise<string> {
  const { status, body } = await rest.call<Drill & { readonly existingId?: string }>('POST', '/drills', {
    body: { cluster, entry, mode, runner: 'cli' },
    headers: { 'idempotency-key': randomUUID() },
    accept: [409],
  });
  if (status !== 409) return body.id;
  throw new CliError(
    ExitCode.usage,
    `Another drill of ${entry} of ${cluster} is not over: ${body.existingId ?? 'see GET /api/v1/drills'}.`,
    'Take it up with --drill, if it waits to be run; or abort it: POST /api/v1/drills/{id}/abort',
  );
}

/**
 * Takes up a drill that waits to be run. A live one is begun at the service, which allows that once.
 * @throws {CliError} where it is about something else, not approved, too late, or taken up already
 */
export async function takeUp(rest: RestClient, id: string, wanted: Wanted): Promise<string> {
  const { body } = await rest.get<Drill>(`/drills/${encodeURIComponent(id)}`);
  if (body.state === 'awaitingApproval') {
    throw new CliError(
      ExitCode.usage,
      `The drill has ${body.approvals.length} of the 2 approvals that it needs.`,
      `Let others approve it: POST /api/v1/drills/${body.id}/approve`,
    );
  }
  const problem = misfit(body, wanted);
  if (problem === undefined) return wanted.mode === 'live' ? begin(rest, body.id) : body.id;
  throw new CliError(
    ExitCode.usage,
    `The drill ${body.id} ${problem}.`,
    'Ask for one that fits, or correct the options.',
  );
}

async function begin(rest: RestClient, id: string): Promise<string> {
  const path = `/drills/${encodeURIComponent(id)}/start`;
  const { status } = await rest.call('POST', path, { accept: [409] });
  if (status !== 409) return id;
  throw new CliError(
    ExitCode.usage,
    `The drill ${id} was taken up by somebody else, or is over.`,
    'An approval is good for one drill: ask for another one.',
  );
}

/** Why a drill is not the one that is wanted here. */
function misfit(drill: Drill, { cluster, entry, mode, clusterUid }: Wanted): string | undefined {
  if (drill.state !== 'awaitingResults') return `is ${drill.state}`;
  if (!(Date.parse(drill.deadlineAt) > Date.now())) return `was to be run until ${drill.deadlineAt}`;
  if (drill.mode !== mode) return `is of mode ${drill.mode}`;
  if (drill.cluster.name !== cluster || drill.entry !== entry) {
    return `is about ${drill.entry} of ${drill.cluster.name}`;
  }
  const { clusterUid: pinned } = drill;
  // Who approved it knew the cluster of the service; the name is the same, the cluster need not be.
  if (typeof pinned === 'string' && clusterUid !== undefined && pinned !== clusterUid) {
    return `is about the cluster with the UID ${pinned}, and the registry file says ${clusterUid}`;
  }
  if (mode === 'live' && typeof pinned !== 'string') {
    return `is about a cluster whose UID the service does not know yet`;
  }
  return undefined;
}

/** Sends what came of a drill. No credential is part of it. */
export async function upload(
  rest: RestClient,
  id: string,
  { startedAt, finishedAt, steps }: DrillReport,
  more: { readonly operators?: string; readonly alertId?: string },
): Promise<void> {
  await rest.call('POST', `/drills/${id}/results`, {
    body: { startedAt, finishedAt, steps, ...more },
    headers: { 'idempotency-key': randomUUID() },
  });
}

/** Ends a drill that was begun here and came to nothing. What stands in the way of that is no news any more. */
export async function giveUp(rest: RestClient, id: string): Promise<void> {
  await rest
    .call('POST', `/drills/${id}/abort`, { headers: { 'idempotency-key': randomUUID() } })
    .catch(() => undefined);
}
