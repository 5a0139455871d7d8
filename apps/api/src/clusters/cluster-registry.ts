import { Injectable } from '@nestjs/common';
import type { ClusterAccess } from '#libs/kubernetes';
import {
  ClusterRepository,
  TenantRepository,
  type ClusterChanges,
  type ClusterRecord,
  type ObservedCondition,
} from '#libs/persistence';
import { Keyring, newId } from '#libs/platform';
import type { CredentialInput } from '../credentials/credentials.dto.js';
import { changedMeanwhile } from '../http/entity-tag.js';
import { invalid, notFound, Problem } from '../http/problem.js';
import { ApiSettings } from '../settings.js';
import { ClusterVerifier, conditionsOf, verified, type Verification } from './cluster-verifier.js';
import type { ClusterRegistration, ClusterSettings } from './clusters.dto.js';
import { connectionOf, readAccess, sealCredential } from './read-access.js';

export interface RegisterOptions {
  /** Contact the cluster first; its identity is pinned then. */
  readonly verify: boolean;
  /** Do not store what cannot be verified. */
  readonly requireVerified: boolean;
  readonly dryRun: boolean;
}

interface Contact {
  readonly clusterUid?: string;
  readonly kubernetesVersion?: string;
  /** Empty: it was not contacted. */
  readonly conditions: readonly ObservedCondition[];
}

/** Registers clusters, and changes how they are reached. */
@Injectable()
export class ClusterRegistry {
  constructor(
    private readonly clusters: ClusterRepository,
    private readonly tenants: TenantRepository,
    private readonly verifier: ClusterVerifier,
    private readonly keyring: Keyring,
    private readonly settings: ApiSettings,
  ) {}

  /** @throws {Problem} for everything that keeps the cluster from being registered */
  async register(input: ClusterRegistration, options: RegisterOptions): Promise<ClusterRecord> {
    const { credential, connection, ...settings } = input;
    return this.registerAccess(settings, readAccess(connection, credential), serverPointer(credential), options);
  }

  /**
   * As `register`, with an access that was read already.
   * @param pointer to where the address comes from, in the request
   */
  async registerAccess(
    { name, tenants: references, ...settings }: Omit<ClusterRegistration, 'connection' | 'credential'>,
    access: ClusterAccess,
    pointer: string,
    options: RegisterOptions,
  ): Promise<ClusterRecord> {
    await this.verifier.checkAddress(access.server, pointer);
    const tenants = await this.tenantsOf(references);
    // Before a contact, which may take a while; the store checks again.
    const taken = options.verify || options.requireVerified || options.dryRun ? await this.clusters.get(name) : null;
    if (taken) throw nameTaken(name, taken.id);
    const contact = await this.#contact(access, null, options);
    const id = newId('cls');
    const values = { id, name, ...settings, connection: connectionOf(access) };
    if (options.dryRun) return this.#unsaved(values, tenants, contact);
    const created = await this.clusters.create({
      ...values,
      tenantIds: tenants.map((tenant) => tenant.id),
      credential: sealCredential(this.keyring, id, access),
      ...(contact.clusterUid !== undefined && { clusterUid: contact.clusterUid }),
    });
    return this.#recorded(written(created, name), contact);
  }

  /**
   * Changes a registration. Where the address changes, the request must bring the credential: a stored one is never
   * sent to an address that was not stored with it.
   */
  async change(
    cluster: ClusterRecord,
    settings: Partial<ClusterSettings>,
    access: ClusterAccess | undefined,
    options: RegisterOptions,
    pointer = '/connection/server',
  ): Promise<ClusterRecord> {
    const { tenants: references, ...columns } = settings;
    if (access) await this.verifier.checkAddress(access.server, pointer);
    const tenants = references && (await this.tenantsOf(references));
    const contact = access && (await this.#contact(access, cluster.clusterUid, options));
    const changes: ClusterChanges = {
      ...columns,
      ...(tenants && { tenantIds: tenants.map(({ id }) => id) }),
      ...(access && { connection: connectionOf(access), credential: sealCredential(this.keyring, cluster.id, access) }),
    };
    if (options.dryRun) {
      const { tenantIds: _, credential: _credential, ...shown } = changes;
      return { ...cluster, ...shown, tenants: tenants ?? cluster.tenants };
    }
    await this.pin(cluster, contact?.clusterUid);
    const updated = await this.clusters.update(cluster.id, cluster.version, changes);
    if (updated === 'notFound') throw notFound('cluster', cluster.name);
    if (updated === 'stale') throw changedMeanwhile((await this.clusters.get(cluster.id))?.version ?? cluster.version);
    const record = written(updated, cluster.name);
    return contact ? this.#recorded(record, contact) : record;
  }

  /**
   * Binds a registration to the identity that the cluster proved.
   * @throws {Problem} `cluster-duplicate` or `identity-mismatch`
   */
  async pin(cluster: ClusterRecord, clusterUid: string | undefined): Promise<void> {
    if (clusterUid === undefined) return;
    const pinned = await this.clusters.pinIdentity(cluster.id, clusterUid);
    if (pinned.result === 'notFound') throw notFound('cluster', cluster.name);
    if (pinned.result === 'duplicate') throw duplicate(pinned.id);
    if (pinned.result === 'mismatch') {
      throw new Problem('identity-mismatch', 'The cluster has another identity than the one it was registered with.');
    }
  }

  /** @throws {Problem} `validation-failed` with a pointer to each unknown tenant */
  async tenantsOf(references: readonly string[]): Promise<readonly { readonly id: string; readonly name: string }[]> {
    const found = await Promise.all(references.map((reference) => this.tenants.get(reference)));
    const errors = found.flatMap((tenant, index) =>
      tenant ? [] : [{ pointer: `/tenants/${index}`, code: 'unknown-tenant', detail: 'There is no such tenant.' }],
    );
    if (errors.length > 0) throw invalid(errors);
    return found.flatMap((tenant) => (tenant ? [{ id: tenant.id, name: tenant.name }] : []));
  }

  /** Contacts the cluster where that is wanted. A cluster with another identity is always refused. */
  async #contact(access: ClusterAccess, expectedUid: string | null, options: RegisterOptions): Promise<Contact> {
    if (!options.verify && !options.requireVerified) return { conditions: [] };
    const verification: Verification = await this.verifier.verify(access, expectedUid);
    const mustHold =
      options.requireVerified || ('error' in verification && verification.error.code === 'identityMismatch');
    if (mustHold) verified(verification);
    const conditions = conditionsOf(verification);
    if ('error' in verification) return { conditions };
    const { uid, serverVersion } = verification.preflight;
    return { clusterUid: uid, kubernetesVersion: serverVersion, conditions };
  }

  async #recorded(cluster: ClusterRecord, { conditions, kubernetesVersion }: Contact): Promise<ClusterRecord> {
    if (conditions.length === 0) return cluster;
    const versions = kubernetesVersion === undefined ? {} : { kubernetesVersion };
    const recorded = await this.clusters.recordConditions(cluster.id, conditions, versions);
    return recorded === 'notFound' ? cluster : recorded;
  }

  #unsaved(
    values: Pick<ClusterRecord, 'id' | 'name' | 'role' | 'tenancy' | 'delivery' | 'labels' | 'connection' | 'platform'>,
    tenants: ClusterRecord['tenants'],
    { clusterUid, kubernetesVersion, conditions }: Contact,
  ): ClusterRecord {
    const at = new Date(this.settings.now()).toISOString();
    return {
      ...values,
      tenants,
      clusterUid: clusterUid ?? null,
      kubernetesVersion: kubernetesVersion ?? null,
      conditions: conditions.map((condition) => ({ ...condition, lastTransitionTime: at })),
      fluxVersion: null,
      lastRunId: null,
      lastTargetId: null,
      lastProfile: null,
      lastAuditedAt: null,
      lastAttemptAt: null,
      unreachableSince: null,
      summary: null,
      version: 1,
      createdAt: at,
      updatedAt: at,
    };
  }
}

function serverPointer({ kind }: CredentialInput): string {
  return kind === 'kubeconfig' ? '/credential/kubeconfig' : '/connection/server';
}

function nameTaken(name: string, existingId: string): Problem {
  return new Problem('name-taken', `There is a cluster "${name}" already.`, { existingId });
}

function duplicate(existingId: string): Problem {
  return new Problem('cluster-duplicate', 'The same cluster is registered already.', { existingId });
}

/** @throws {Problem} for a conflict that the store found */
function written(result: Awaited<ReturnType<ClusterRepository['create']>>, name: string): ClusterRecord {
  if (!('conflict' in result)) return result;
  if (result.conflict === 'nameTaken') throw nameTaken(name, result.id);
  if (result.conflict === 'clusterDuplicate') throw duplicate(result.id);
  throw invalid([{ pointer: '/tenants', code: 'unknown-tenant', detail: 'A tenant was deleted meanwhile.' }]);
}
