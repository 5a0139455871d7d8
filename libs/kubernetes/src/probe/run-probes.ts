import {
  type Collected,
  type JsonObject,
  type JsonValue,
  type Probe,
  type ProbeReport,
  type ProbeResult,
  collected,
  unavailable,
} from '#libs/core';
import { ClusterError } from '../cluster-error.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { READABLE, resourceKey } from '../auditor/auditor-reads.js';
import { classifyAnswer } from './classify-answer.js';
import { ProbeRefused } from './dry-run-guard.js';
import { proveGuard } from './prove-guard.js';
import { wireRequest } from './probe-wire.js';

export interface ProbeOptions {
  /** The run: the value of the marker that the guard policy looks for. */
  readonly marker: string;
  /** Who the credential is, as the API server names it. */
  readonly auditor: string;
  /** API groups that another server answers (`APIService` with `spec.service`). */
  readonly foreignGroups: ReadonlySet<string>;
  /** Where the service account of the self-test lives. */
  readonly guardNamespace: string;
}

const ENDS_ALL: ReadonlySet<string> = new Set(['probeChangedObject', 'cancelled']);

/** No cluster is probed more often than this in one audit. */
const MAX_PROBES = 400;

/**
 * Asks what would happen, in the name of others, and changes nothing: every probe is a server-side dry-run, sent only
 * after the guard policy of the cluster has proved to stop one that is not. After each probe that would have gone
 * through, the object is read again; one that has changed ends the audit of the cluster. What the budget has no room for
 * is left, and so is what may not be sent as it is, which is as if it had not been answered.
 */
export async function runProbes(
  client: ClusterClient,
  probes: readonly Probe[],
  options: ProbeOptions,
): Promise<Collected<ProbeReport>> {
  if (probes.length === 0) return collected({ results: [], left: 0 });
  const guard = await proveGuard(client, options);
  if (guard !== 'proved') return unavailable(guard.reason, guard.message, guard.missing);
  const results: ProbeResult[] = [];
  for (const probe of probes.slice(0, MAX_PROBES)) {
    try {
      const result = await ask(client, probe, options);
      if (result.verdict.kind === 'accepted' && probe.method !== 'POST') await assertUnchanged(client, probe);
      results.push(result);
    } catch (error) {
      if (error instanceof ProbeRefused) {
        results.push({ probe, verdict: { kind: 'unreadable' }, status: 0 });
        continue;
      }
      if (!(error instanceof ClusterError) || ENDS_ALL.has(error.code)) throw error;
      if (error.code === 'budgetExceeded') break;
      results.push({ probe, verdict: { kind: 'unreadable' }, status: error.status ?? 0 });
    }
  }
  return collected({ results, left: probes.length - results.length });
}

async function ask(client: ClusterClient, probe: Probe, options: ProbeOptions): Promise<ProbeResult> {
  const { auditor, marker, foreignGroups } = options;
  const answer = await client.probe(wireRequest(probe, marker), { marker, foreignGroups });
  const { status, body, auditId } = answer;
  const { reason, message } = body ?? {};
  const verdict = classifyAnswer(
    {
      status,
      ...(typeof reason === 'string' && { reason }),
      ...(typeof message === 'string' && { message }),
    },
    { impersonated: probe.as.user, auditor },
  );
  const shown = verdict.kind === 'accepted' && body ? shownOf(body, probe.show ?? []) : undefined;
  return {
    probe,
    verdict,
    status,
    ...(auditId !== undefined && { auditId }),
    ...(shown && { shown }),
  };
}

function shownOf(body: Readonly<Record<string, unknown>>, pointers: readonly string[]): JsonObject | undefined {
  const entries = pointers.flatMap((pointer): [string, JsonValue][] => {
    const value = pointer
      .split('/')
      .slice(1)
      .reduce<unknown>((inner, part) => (inner as Record<string, unknown> | undefined)?.[part], body);
    return isSmall(value) ? [[pointer, value]] : [];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function isSmall(value: unknown): value is JsonValue {
  return value !== undefined && JSON.stringify(value).length <= 1_024;
}

const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

/** Of the core group: never listed. */
const BY_NAME: ReadonlySet<string> = new Set(['secrets', 'configmaps']);

/**
 * Throws `probeChangedObject` where the object is gone, on its way out, or another one. What the auditor may not read
 * cannot be checked: the guard policy has already proved that nothing of ours is written. Auditors may list most kinds and
 * get none, so the object is looked up in a list of one.
 */
async function assertUnchanged(client: ClusterClient, { target, uid }: Probe): Promise<void> {
  const { group, version, resource, namespace, name } = target;
  if (name === undefined || uid === undefined || !READABLE.has(resourceKey(group, resource))) return;
  const type = { group, version, resource };
  const place = namespace === undefined ? {} : { namespace };
  let metadata: Readonly<Record<string, unknown>> | undefined;
  try {
    if (group === '' && BY_NAME.has(resource)) {
      const found = await client.getObject(type, { name, ...place }, { accept: METADATA_ONLY });
      metadata = metadataOf(found?.body);
    } else {
      const one = { ...place, fieldSelector: `metadata.name=${name}`, metadataOnly: true };
      const { items } = await client.list(type, { ...one, project: metadataOf });
      metadata = items[0];
    }
  } catch (error) {
    if (error instanceof ClusterError && !ENDS_ALL.has(error.code)) return;
    throw error;
  }
  if (metadata?.['uid'] !== uid || metadata['deletionTimestamp'] !== undefined) {
    throw new ClusterError('probeChangedObject');
  }
}

function metadataOf(object: unknown): Readonly<Record<string, unknown>> | undefined {
  return (object as { readonly metadata?: Readonly<Record<string, unknown>> } | undefined)?.metadata;
}
