import { accessRuleKey, type AccessRule, type Control, type Coverage } from '#libs/core';
import type { ClusterClient } from '../client/cluster-client.js';
import { readIdentity, readVersion } from '../client/identity.js';
import { mayI, whoAmI, type ClusterUser } from '../client/reviews.js';
import type { TlsFacts } from '../client/tls-facts.js';
import { BASE_READS, readsOf, requiredReads } from './auditor-reads.js';

/** One permission that controls use, and whether the credential has it. */
export interface Capability {
  readonly rule: AccessRule;
  /** `null`: the API server did not say. */
  readonly allowed: boolean | null;
  /** Ids of the controls that use it; all of them for what every reading needs. */
  readonly usedBy: readonly string[];
}

/** What is known of a cluster before it is audited. */
export interface Preflight {
  /** UID of `kube-system`. */
  readonly uid: string;
  /** Such as `v1.36.3`. */
  readonly serverVersion: string;
  /** How long the first answer took, connection included. Milliseconds. */
  readonly latencyMs: number;
  readonly tls?: TlsFacts;
  readonly user?: ClusterUser;
  readonly capabilities: readonly Capability[];
  /** The share of the controls that these permissions are enough for. */
  readonly predictedCoverage: Coverage;
  /** Permissions that the credential has and an auditor should not have. */
  readonly overprivileged: readonly AccessRule[];
}

/** What an auditor must not be able to do; asked, never tried. */
const TOO_MUCH: readonly AccessRule[] = [
  { verb: 'create', group: '', resource: 'pods' },
  { verb: 'get', group: '', resource: 'secrets' },
  { verb: 'impersonate', group: '', resource: 'users' },
  { verb: '*', group: '*', resource: '*' },
];

export interface PreflightOptions {
  /** UID that the cluster must have; another one throws `identityMismatch`. */
  readonly expectedUid?: string;
  readonly controls: readonly Pick<Control, 'id' | 'reads' | 'requires'>[];
}

/**
 * Meets a cluster: is it a Kubernetes API server, which one, who are we there, and what may we read? Nothing is changed.
 * Throws `ClusterError`.
 */
export async function preflight(client: ClusterClient, options: PreflightOptions): Promise<Preflight> {
  const { gitVersion, latencyMs } = await readVersion(client);
  const uid = await readIdentity(client, options.expectedUid);
  const user = await whoAmI(client);
  const capabilities = await Promise.all(readsOf(options.controls).map((rule) => capability(client, rule, options)));
  const asked = await Promise.all(TOO_MUCH.map(async (rule) => ({ rule, allowed: await mayI(client, rule) })));
  return {
    uid,
    serverVersion: gitVersion,
    latencyMs,
    ...(client.tls && { tls: client.tls }),
    ...(user && { user }),
    capabilities,
    predictedCoverage: predictedCoverage(options.controls, capabilities),
    overprivileged: asked.filter(({ allowed }) => allowed === true).map(({ rule }) => rule),
  };
}

async function capability(
  client: ClusterClient,
  rule: AccessRule,
  { controls }: PreflightOptions,
): Promise<Capability> {
  const key = accessRuleKey(rule);
  const isBase = BASE_READS.some((base) => accessRuleKey(base) === key);
  const users = controls.filter(({ reads }) => isBase || reads.some((read) => accessRuleKey(read) === key));
  return { rule, allowed: (await mayI(client, rule)) ?? null, usedBy: users.map(({ id }) => id) };
}

function predictedCoverage(controls: PreflightOptions['controls'], capabilities: readonly Capability[]): Coverage {
  const denied = new Set(capabilities.filter(({ allowed }) => allowed !== true).map(({ rule }) => accessRuleKey(rule)));
  const evaluated = controls.filter((control) =>
    requiredReads(control).every((rule) => !denied.has(accessRuleKey(rule))),
  );
  const ratio = controls.length === 0 ? 1 : evaluated.length / controls.length;
  return { evaluated: evaluated.length, applicable: controls.length, ratio };
}
