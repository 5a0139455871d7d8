import { randomInt } from 'node:crypto';
import { planDrill, restoredBindings } from '#libs/controls';
import type { BreakGlassEntry, DrillMode, DrillReport } from '#libs/core';
import { ClusterClient, runDrill, type OpenForDrill } from '#libs/kubernetes';
import { cliErrorOf } from '../cli-error-of.js';
import { CliError, ExitCode } from '../exit-codes.js';
import { accessOf } from '../local-access.js';
import { LOCAL_EGRESS } from '../local-egress.js';
import { readText } from '../read-text.js';
import { assertPinned } from '../scan/assert-pinned.js';
import { parseRegistryFile, type RegistryEntry } from '../scan/registry-file.js';
import { wantsColour } from '../terminal.js';
import { VERSION } from '../version.js';
import { startLine, stepLines, summaryLines } from './render-drill.js';
import { announce, giveUp, serviceOf, takeUp, upload } from './service-drill.js';

export interface DrillCommandOptions {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly registry?: string;
  readonly cluster?: string;
  /** Name of the break-glass entry; absent = the only one. */
  readonly entry?: string;
  readonly mode: DrillMode;
  readonly report: boolean;
  /** Address of the service. */
  readonly server?: string;
  /** A drill of the service that waits to be run. */
  readonly drill?: string;
  /** Name of the cluster, for a live drill. */
  readonly confirm?: string;
  readonly by?: string;
  readonly alertId?: string;
  readonly output: 'text' | 'json';
  readonly timeoutSeconds: number;
}

export interface DrillStreams {
  readonly out: (text: string) => void;
  readonly note: (text: string) => void;
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: { isTTY?: boolean };
}

/**
 * `plimsoll drill`: rehearses break-glass from the machine of whoever holds the credential. It stays there; what is
 * reported are steps. Returns the exit code.
 */
export async function drill(options: DrillCommandOptions, streams: DrillStreams): Promise<ExitCode> {
  const registry = await registryOf(options);
  const { registration } = registry;
  const entry = entryOf(registration.breakGlass ?? [], options.entry, registration.name);
  const { name: cluster } = registration;
  const wanted = {
    cluster,
    entry: entry.name,
    mode: options.mode,
    ...(registry.expectedUid !== undefined && { clusterUid: registry.expectedUid }),
  };
  assertLive(options, registry);
  const rest =
    options.report || options.drill !== undefined
      ? serviceOf(options.server === undefined ? streams : { ...streams, server: options.server })
      : undefined;
  const { access } = await accessOf(options.kubeconfig, options.context).catch(asCliError);
  // The way in may have an address of its own; who vouches for the cluster is the same.
  const { apiServer: _, ...pins } = registry;
  assertPinned(access, pins);
  const drillId =
    rest && (options.drill === undefined ? await announce(rest, wanted) : await takeUp(rest, options.drill, wanted));

  const plan = planDrill(entry, registration, {
    mode: options.mode,
    ...(registry.apiServer !== undefined && { apiServer: registry.apiServer }),
    ...(registry.expectedUid !== undefined && { clusterUid: registry.expectedUid }),
    suffix: suffix(),
  });
  const style = { colour: wantsColour(streams.stdout, streams.env) };
  const say = options.output === 'json' ? streams.note : (text: string) => streams.out(`${text}\n`);
  const open: OpenForDrill = (onRequest) =>
    ClusterClient.open(access, {
      egress: LOCAL_EGRESS,
      userAgent: `plimsoll/${VERSION} drill`,
      budget: { wallMs: options.timeoutSeconds * 1_000 },
      onRequest,
    });
  say(startLine(cluster, entry, options.mode));
  const report = await runDrill(plan, {
    open,
    server: access.server,
    bindingsOf: restoredBindings(registration),
    onStep: (step) => say(stepLines(step, style)),
  }).catch(async (error: unknown) => {
    if (rest && drillId !== undefined) await giveUp(rest, drillId);
    throw cliErrorOf(error);
  });
  say(summaryLines(report, style));
  if (options.output === 'json') {
    streams.out(`${JSON.stringify({ cluster, entry: entry.name, ...(drillId && { drillId }), ...report }, null, 2)}\n`);
  }
  if (rest && drillId) {
    await upload(rest, drillId, report, {
      ...(options.by !== undefined && { operators: options.by }),
      ...(options.alertId !== undefined && { alertId: options.alertId }),
    });
    streams.note(`Reported as ${drillId}.`);
  }
  return exitOf(report);
}

function exitOf({ outcome }: DrillReport): ExitCode {
  if (outcome === 'passed') return ExitCode.ok;
  return outcome === 'failed' ? ExitCode.drillFailed : ExitCode.incomplete;
}

async function registryOf({ registry, cluster, context }: DrillCommandOptions): Promise<RegistryEntry> {
  if (registry === undefined) {
    throw new CliError(
      ExitCode.usage,
      'A drill compares the credential with what the registry says about it.',
      'Name the registry file with --registry, and the cluster with --cluster.',
    );
  }
  return parseRegistryFile(await readText(registry, 'registry file'), cluster ?? context ?? '');
}

function entryOf(entries: readonly BreakGlassEntry[], wanted: string | undefined, cluster: string): BreakGlassEntry {
  const [first, ...others] = entries;
  if (first === undefined) {
    throw new CliError(
      ExitCode.usage,
      `The registry has no break-glass entry for ${cluster}.`,
      'Enter one under breakGlass; see docs/registry.md.',
    );
  }
  const found =
    wanted === undefined ? (others.length === 0 ? first : undefined) : entries.find(({ name }) => name === wanted);
  if (found) return found;
  throw new CliError(
    ExitCode.usage,
    wanted === undefined
      ? `${cluster} has several break-glass entries.`
      : `${cluster} has no break-glass entry "${wanted}".`,
    `Choose one with --entry: ${entries.map(({ name }) => name).join(', ')}.`,
  );
}

/**
 * A live drill writes, so that it needs a drill of the service that two other tokens approved, the name of the cluster,
 * and its UID: a name alone does not prove where the credential leads.
 */
function assertLive({ mode, drill: id, confirm }: DrillCommandOptions, registry: RegistryEntry): void {
  if (mode !== 'live') return;
  const { name: cluster } = registry.registration;
  if (id === undefined) {
    throw new CliError(
      ExitCode.usage,
      'A live drill creates a binding, so two other tokens have to approve it first.',
      'Ask for it with POST /api/v1/drills, let them approve it, and name it with --drill. Or use --mode dryRun, which writes nothing.',
    );
  }
  if (confirm !== cluster) {
    throw new CliError(
      ExitCode.usage,
      `A live drill has to be confirmed.`,
      `Add --confirm ${cluster}, if that is the one.`,
    );
  }
  if (registry.expectedUid === undefined) {
    throw new CliError(
      ExitCode.usage,
      `The registry does not say which UID ${cluster} has, so that nothing proves where a live drill would write.`,
      'Enter it as clusterUid: kubectl get namespace kube-system -o jsonpath={.metadata.uid}',
    );
  }
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

function suffix(): string {
  return Array.from({ length: 10 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

function asCliError(error: unknown): never {
  throw cliErrorOf(error);
}
