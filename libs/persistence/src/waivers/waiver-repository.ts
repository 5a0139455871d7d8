import { matchesWaiver, type Subject, type Waiver } from '#libs/core';
import { newId } from '#libs/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { WaiverEntity } from '../entities/results.js';
import { listPage, type ListDefinition, type ListPage, type ListRequest } from '../sql/list.js';
import { oneOf, Parameters } from '../sql/parameters.js';
import { changed, columns, row, rows, transaction, type Executor } from '../sql/rows.js';
import { insertRow } from '../sql/versioned.js';

export type WaiverRecord = Readonly<WaiverEntity> & {
  /** Findings that are open and covered by it now. */
  readonly matches: number;
};

export type NewWaiver = Pick<Readonly<WaiverEntity>, 'controlId' | 'scope' | 'reason' | 'requestedBy' | 'expiresAt'> & {
  readonly id?: string;
  readonly ticketUrl?: string | null;
  /** Approved at once, by somebody who may. */
  readonly approver?: string;
};

export type WaiverSortField = 'createdAt' | 'expiresAt';
export interface WaiverFilter {
  readonly state?: readonly string[];
  readonly controlId?: readonly string[];
  /** True: approved, but over. */
  readonly expired?: boolean;
  readonly expiresBefore?: string;
}

const MATCHES = `(SELECT count(*)::int FROM finding f JOIN cluster c ON c.id = f.cluster_id AND c.deleted_at IS NULL
  WHERE f.waiver_id = w.id AND f.state <> 'resolved') AS matches`;

/** Approved waivers of these controls that have not expired. */
export function waiversInForce(executor: Executor, controlIds: readonly string[]): Promise<readonly Waiver[]> {
  return rows(
    executor,
    `SELECT id, control_id AS "controlId", scope, reason, approver, expires_at AS "expiresAt" FROM waiver
     WHERE state = 'approved' AND expires_at > now() AND control_id = ANY($1::text[]) ORDER BY id`,
    [controlIds],
  );
}

export class WaiverRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Requests a waiver, or creates an approved one where `approver` is given. */
  create(input: NewWaiver): Promise<WaiverRecord> {
    const { approver, ...given } = input;
    const id = input.id ?? newId('wvr');
    const state = approver === undefined ? 'requested' : 'approved';
    return transaction(this.dataSource, async (manager) => {
      await insertRow(manager, WaiverEntity, { ...given, id, state, approver: approver ?? null });
      if (state === 'approved') await coverFindings(manager, id);
      return this.#required(manager, id);
    });
  }

  get(id: string): Promise<WaiverRecord | null> {
    return this.#find(this.dataSource, id);
  }

  list(request: ListRequest<WaiverSortField, WaiverFilter>): Promise<ListPage<WaiverRecord>> {
    const definition: ListDefinition<WaiverSortField> = {
      from: 'waiver w',
      columns: this.#columns(),
      id: { sql: 'w.id', type: 'text' },
      sortable: {
        createdAt: { sql: 'w.created_at', type: 'timestamptz' },
        expiresAt: { sql: 'w.expires_at', type: 'timestamptz' },
      },
      defaultSort: [{ field: 'createdAt', direction: 'desc' }],
    };
    const filter = request.filter ?? {};
    const parameters = new Parameters();
    const conditions = [
      ...oneOf(parameters, 'w.state', filter.state),
      ...oneOf(parameters, 'w.control_id', filter.controlId),
      ...(filter.expired === undefined
        ? []
        : [`(w.state = 'approved' AND w.expires_at <= now()) = ${parameters.add(filter.expired)}::boolean`]),
      ...(filter.expiresBefore === undefined
        ? []
        : [`w.expires_at < ${parameters.add(filter.expiresBefore)}::timestamptz`]),
    ];
    return listPage(this.dataSource, definition, request, conditions, parameters);
  }

  /** Puts a requested waiver into force, also on findings that are known already. Who may is the caller's rule. */
  approve(id: string, approver: string): Promise<WaiverRecord | 'notFound' | 'notRequested'> {
    return transaction(this.dataSource, async (manager) => {
      const approved = await changed(
        manager,
        `UPDATE waiver SET state = 'approved', approver = $2 WHERE id = $1 AND state = 'requested'`,
        [id, approver],
      );
      if (approved === 0) return (await this.#find(manager, id)) ? 'notRequested' : 'notFound';
      await coverFindings(manager, id);
      return this.#required(manager, id);
    });
  }

  /** Ends a waiver, or refuses a request. Its findings count as failures again at once. */
  revoke(id: string): Promise<WaiverRecord | 'notFound'> {
    return transaction(this.dataSource, async (manager) => {
      await changed(manager, `UPDATE waiver SET state = 'revoked' WHERE id = $1`, [id]);
      await changed(manager, 'UPDATE finding SET waiver_id = NULL, version = version + 1 WHERE waiver_id = $1', [id]);
      return (await this.#find(manager, id)) ?? 'notFound';
    });
  }

  #columns(executor: Executor = this.dataSource): string {
    return `${columns(executor, WaiverEntity, 'w')}, ${MATCHES}`;
  }

  #find(executor: Executor, id: string): Promise<WaiverRecord | null> {
    return row(executor, `SELECT ${this.#columns(executor)} FROM waiver w WHERE w.id = $1`, [id]);
  }

  async #required(executor: Executor, id: string): Promise<WaiverRecord> {
    const waiver = await this.#find(executor, id);
    if (!waiver) throw new Error(`Waiver ${id} was not written.`);
    return waiver;
  }
}

interface Coverable {
  readonly id: string;
  readonly controlId: string;
  readonly fingerprint: string;
  readonly subject: Subject;
  readonly cluster: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Marks open findings that a waiver covers and that no other waiver covers; audits keep it so from then on. */
async function coverFindings(manager: EntityManager, waiverId: string): Promise<void> {
  const waiver = await row<Waiver>(
    manager,
    `SELECT id, control_id AS "controlId", scope, reason, approver, expires_at AS "expiresAt" FROM waiver WHERE id = $1`,
    [waiverId],
  );
  if (!waiver) return;
  const findings = await rows<Coverable>(
    manager,
    `SELECT f.id, f.control_id AS "controlId", f.fingerprint, f.subject, c.name AS cluster, c.labels
     FROM finding f JOIN cluster c ON c.id = f.cluster_id AND c.deleted_at IS NULL
     LEFT JOIN waiver w ON w.id = f.waiver_id AND w.state = 'approved' AND w.expires_at > now()
     WHERE f.control_id = $1 AND f.state <> 'resolved' AND w.id IS NULL`,
    [waiver.controlId],
  );
  const covered = findings.filter((finding) => matchesWaiver(waiver, finding, Date.now())).map(({ id }) => id);
  await changed(manager, 'UPDATE finding SET waiver_id = $1, version = version + 1 WHERE id = ANY($2::text[])', [
    waiverId,
    covered,
  ]);
}
