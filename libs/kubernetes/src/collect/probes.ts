import {
  collected,
  unavailable,
  type ApiService,
  type Collected,
  type Probe,
  type ProbeReport,
  type ProbeResult,
  type RequestRecord,
  type Snapshot,
} from '#libs/core';
import type { ClusterClient } from '../client/cluster-client.js';
import { resourcePath } from '../client/resource-path.js';
import { whoAmI } from '../client/reviews.js';
import { ClusterError } from '../cluster-error.js';
import { GUARD_NAMESPACE } from '../probe/guard-manifest.js';
import { wireRequest } from '../probe/probe-wire.js';
import { runProbes } from '../probe/run-probes.js';
import { unreadable } from './unavailable.js';

export interface ProbePlan {
  /** What to try, for what was read; asked once, after everything else. `planProbes` of libs/controls. */
  readonly plan: (artifacts: Snapshot['artifacts']) => readonly Probe[];
  /** The run that the probes belong to: the API server's audit log names it. Plain letters, digits, `-` and `_`. */
  readonly marker: string;
  /** Where the manifest of active verification put its service account. Default `plimsoll`. */
  readonly guardNamespace?: string;
}

const SWITCHED_OFF =
  'Active verification is off for this cluster, so nothing was tried in the name of tenants. ' +
  'Apply the manifest of active verification (plimsoll manifest --active, or install-manifest?mode=active over REST), then switch it on: ' +
  'activeVerification.enabled of the cluster, and --active where you scan. It sends server-side dry-runs only.';
const NOT_PLANNED = 'Nothing plans dry-runs in this run, so none were sent.';
const UNNAMED =
  'The API server does not say who the auditor is (SelfSubjectReview, since Kubernetes 1.28), so that refusals of the auditor could not be told from those of tenants. Nothing was tried.';

/**
 * What the planned dry-runs came to. None is sent unless the registration switches active verification on, every API
 * group that another server answers is known, and the cluster's guard policy has proved to stop a probe that is no
 * dry-run. Throws `probeChangedObject` where an object is not what it was, and `cancelled`; whatever else the cluster does
 * is a reason why there is no report.
 */
export async function collectProbes(
  client: ClusterClient,
  plan: ProbePlan | undefined,
  artifacts: Snapshot['artifacts'],
): Promise<Collected<ProbeReport>> {
  const { registration, apiServices } = artifacts;
  if (registration.state === 'unavailable') return registration;
  if (registration.value.activeVerification?.enabled !== true) return unavailable('notCollected', SWITCHED_OFF);
  if (plan === undefined) return unavailable('notCollected', NOT_PLANNED);
  if (apiServices.state === 'unavailable') {
    const why = `Nothing was tried, because it is not known which API groups other servers answer. ${apiServices.message}`;
    return { ...apiServices, message: why };
  }
  const probes = plan.plan(artifacts);
  if (probes.length === 0) return collected({ results: [], left: 0 });
  try {
    const auditor = await whoAmI(client);
    if (auditor === undefined) return unavailable('notCollected', UNNAMED);
    const report = await runProbes(client, probes, {
      marker: plan.marker,
      auditor: auditor.name,
      foreignGroups: foreignGroups(apiServices.value),
      guardNamespace: plan.guardNamespace ?? GUARD_NAMESPACE,
    });
    if (report.state === 'unavailable') return report;
    return collected(
      report.value,
      report.value.results.map((result) => recordOf(result, plan.marker)),
    );
  } catch (error) {
    if (!(error instanceof ClusterError) || ENDS_ALL.has(error.code)) throw error;
    return unreadable(error, 'The answers to dry-runs', []);
  }
}

/** After these nothing that was read of the cluster counts. */
const ENDS_ALL: ReadonlySet<string> = new Set(['probeChangedObject', 'cancelled']);

/** Of a group that another server answers for one version, no version is tried. */
function foreignGroups(apiServices: readonly ApiService[]): ReadonlySet<string> {
  return new Set(apiServices.flatMap(({ spec }) => (spec.service ? [spec.group] : [])));
}

function recordOf({ probe, status, auditId }: ProbeResult, marker: string): RequestRecord {
  return {
    method: probe.method,
    path: pathOf(probe, marker),
    status,
    dryRun: true,
    as: probe.as.user,
    ...(auditId !== undefined && { auditId }),
  };
}

/** Of a probe whose names are none, and which was not sent, the collection that it was meant for. */
function pathOf(probe: Probe, marker: string): string {
  try {
    return wireRequest(probe, marker).path;
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const { group, version, resource } = probe.target;
    return resourcePath({ group, version, resource }, {});
  }
}
