import { randomUUID } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { catalog, planAccessReviews, planProbes } from '#libs/controls';
import {
  ARTIFACT_NAMES,
  SEVERITIES,
  type Assessment,
  type Control,
  type FleetCluster,
  type Profile,
  type Registration,
  type RemoteApplyReading,
  type Severity,
  type Snapshot,
} from '#libs/core';
import { evaluate, notEvaluatedAssessment } from '#libs/engine';
import {
  ClusterClient,
  ClusterError,
  collectSnapshot,
  readSnapshot,
  writeSnapshot,
  type ClusterAccess,
} from '#libs/kubernetes';
import { cliErrorOf, hintOf } from '../cli-error-of.js';
import { CliError, ExitCode } from '../exit-codes.js';
import { accessOf } from '../local-access.js';
import { LOCAL_EGRESS } from '../local-egress.js';
import { readText } from '../read-text.js';
import { wantsColour } from '../terminal.js';
import { VERSION } from '../version.js';
import { assertPinned } from './assert-pinned.js';
import { scanDocument, type ScanDocument } from './document.js';
import { parseRegistryFile, type RegistryEntry } from './registry-file.js';
import { registryFleet } from './registry-fleet.js';
import { remoteAppliesOf } from './remote-applies.js';
import { renderTable } from './render-table.js';
import { profileOfScan } from './scan-profile.js';

export interface ScanOptions {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly registry?: string;
  readonly cluster?: string;
  readonly snapshot?: string;
  readonly saveSnapshot?: string;
  readonly output: 'table' | 'wide' | 'json';
  readonly profile?: string;
  readonly controls?: readonly string[];
  readonly failOn?: Severity;
  readonly minCoverage?: number;
  readonly timeoutSeconds: number;
  readonly quiet: boolean;
  /** Sends server-side dry-runs in the name of tenants. */
  readonly active?: boolean;
}

export interface ScanStreams {
  readonly out: (text: string) => void;
  readonly note: (text: string) => void;
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: { isTTY?: boolean };
}

/** The registry file, as far as it is about one cluster, and all of it seen from there. */
interface OpenRegistry {
  readonly entry: RegistryEntry;
  readonly fleet: (access: ClusterAccess) => readonly FleetCluster[];
}

async function openRegistry(path: string, wanted: string): Promise<OpenRegistry> {
  const text = await readText(path, 'registry file');
  return { entry: parseRegistryFile(text, wanted), fleet: (access) => registryFleet(text, wanted, access) };
}

/** A file alone never lets a scan try anything: whoever scans has to say so too. */
function verification(
  { active = false }: ScanOptions,
  registration?: Registration,
): Pick<Registration, 'activeVerification'> {
  const declared = registration?.activeVerification;
  return active || declared ? { activeVerification: { ...declared, enabled: active } } : {};
}

async function collect(
  options: ScanOptions,
  registry: OpenRegistry | undefined,
  controls: readonly Control[],
): Promise<Snapshot> {
  const entry = registry?.entry;
  const access = await accessOf(options.kubeconfig, options.context);
  if (entry) assertPinned(access.access, entry);
  const client = await ClusterClient.open(access.access, {
    egress: LOCAL_EGRESS,
    budget: { wallMs: options.timeoutSeconds * 1000 },
    userAgent: `plimsoll/${VERSION} scan`,
  });
  // An entry that has no id, for the current context: it is called what the context is called.
  const name = entry?.registration.name || access.context;
  const declared = new Set(controls.flatMap((control) => [...control.requires, ...control.optional]));
  try {
    return await collectSnapshot(client, {
      name,
      ...(entry?.expectedUid !== undefined && { expectedUid: entry.expectedUid }),
      registration: { ...entry?.registration, name, ...verification(options, entry?.registration) },
      sightings: { firstSeen: {} },
      needs: ARTIFACT_NAMES.filter((name) => declared.has(name)),
      planReviews: planAccessReviews,
      probes: { plan: planProbes, marker: `scan-${randomUUID()}` },
      ...(registry && { fleet: () => Promise.resolve(registry.fleet(access.access)) }),
    });
  } finally {
    await client.close();
  }
}

async function snapshotFor(
  options: ScanOptions,
  controls: readonly Control[],
  registry: OpenRegistry | undefined,
): Promise<Snapshot> {
  if (options.snapshot === undefined) return collect(options, registry, controls);
  const entry = registry?.entry;
  const snapshot = readSnapshot(await readText(options.snapshot, 'snapshot'));
  if (!entry) return snapshot;
  if (entry.expectedUid !== undefined && entry.expectedUid !== snapshot.cluster.uid) {
    throw new CliError(
      ExitCode.couldNotRun,
      `The snapshot is of cluster ${snapshot.cluster.uid}, the registry says ${entry.expectedUid}.`,
      'Use the snapshot of the registered cluster, or correct clusterUid.',
    );
  }
  const name = entry.registration.name || snapshot.cluster.name;
  const registration = { state: 'collected', value: { ...entry.registration, name } } as const;
  return { ...snapshot, artifacts: { ...snapshot.artifacts, registration } };
}

function exitOf(
  document: Omit<ScanDocument, 'exit'>,
  options: ScanOptions,
  env: NodeJS.ProcessEnv,
): ScanDocument['exit'] {
  const threshold = options.failOn === undefined ? -1 : SEVERITIES.indexOf(options.failOn);
  const findings = document.results.some((result) =>
    result.observations.some(
      (found) =>
        (found.outcome === 'fail' || found.outcome === 'warn') && SEVERITIES.indexOf(found.severity) <= threshold,
    ),
  );
  const minimum = options.minCoverage ?? (env.CI ? 100 : 0);
  const incomplete = document.coverage.ratio * 100 < minimum;
  const nothingJudged = document.coverage.evaluated === 0 && document.coverage.applicable > 0;
  if (nothingJudged) return { code: ExitCode.couldNotRun, findings, incomplete: true };
  if (incomplete) return { code: ExitCode.incomplete, findings, incomplete };
  return { code: findings ? ExitCode.findings : ExitCode.ok, findings, incomplete };
}

/** A cluster that could not be read is an answer too: every control not evaluated, with the cause. */
function blindAssessment(error: ClusterError, name: string, profile: Profile): Assessment {
  const cluster = { name, uid: '', serverVersion: '' };
  const message = `${error.message} ${hintOf(error)}`;
  const why = { state: 'unavailable', reason: error.reason, message, missing: error.missing } as const;
  return notEvaluatedAssessment(catalog, profile, cluster, new Date().toISOString(), why);
}

/** Opens the file before anything is read, so that a wrong path does not cost an audit. What is in it stays until then. */
async function openForSnapshot(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'a', 0o600);
    await file.chmod(0o600);
    return file;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(ExitCode.usage, `The snapshot cannot be written to ${path}${code ? ` (${code})` : ''}.`);
  }
}

function assertConsistent(options: ScanOptions): void {
  if (options.snapshot === undefined) return;
  const live = ['context', 'kubeconfig', 'saveSnapshot', 'active'].filter((name) => {
    const value = options[name as keyof ScanOptions];
    return value !== undefined && value !== false;
  });
  if (live.length === 0) return;
  const flags = live.map((name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  throw new CliError(
    ExitCode.usage,
    `--snapshot judges a recording; ${flags.join(' and ')} ${flags.length === 1 ? 'reads' : 'read'} a cluster.`,
    'Use one or the other.',
  );
}

const ACTIVE_NOTE =
  'Active verification: only server-side dry-runs are sent, in the name of tenants. Nothing is created, changed or deleted.';

/** Audits one context of a kubeconfig, or a recorded snapshot, without a database. Returns the exit code. */
export async function scan(options: ScanOptions, streams: ScanStreams): Promise<ExitCode> {
  assertConsistent(options);
  const profile = await profileOfScan(options);
  const controls = catalog.filter((control) => profile.controls.includes(control.id));
  const wanted = options.cluster ?? options.context ?? '';
  const registry = options.registry === undefined ? undefined : await openRegistry(options.registry, wanted);
  const started = performance.now();
  if (!options.quiet && options.snapshot === undefined) {
    streams.note(
      `Reading ${options.context ?? 'the current context'} (${options.active ? 'with dry-runs' : 'read-only'}, at most ${options.timeoutSeconds} s) …`,
    );
    if (options.active) streams.note(ACTIVE_NOTE);
  }
  const recording = options.saveSnapshot === undefined ? undefined : await openForSnapshot(options.saveSnapshot);
  let assessment: Assessment;
  let remoteApplies: RemoteApplyReading | undefined;
  try {
    const snapshot = await snapshotFor(options, controls, registry);
    if (recording) {
      await recording.truncate();
      await recording.writeFile(writeSnapshot(snapshot));
      if (!options.quiet) streams.note(`Snapshot written to ${options.saveSnapshot}.`);
    }
    assessment = evaluate(catalog, profile, snapshot);
    remoteApplies = remoteAppliesOf(snapshot);
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code === 'kubeconfigUnreadable') throw cliErrorOf(error);
    assessment = blindAssessment(
      error,
      registry?.entry.registration.name || options.context || 'the current context',
      profile,
    );
  } finally {
    await recording?.close();
  }
  const draft = scanDocument(assessment, VERSION, { code: 0, findings: false, incomplete: false }, remoteApplies);
  const exit = exitOf(draft, options, streams.env);
  if (options.output === 'json') {
    streams.out(`${JSON.stringify({ ...draft, exit }, null, 2)}\n`);
  } else {
    const titles = new Map(controls.map((control) => [control.id, control]));
    const colour = wantsColour(streams.stdout, streams.env);
    streams.out(`${renderTable(assessment, titles, { colour, wide: options.output === 'wide' })}\n`);
  }
  if (!options.quiet) streams.note(`Done in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
  return exit.code as ExitCode;
}
