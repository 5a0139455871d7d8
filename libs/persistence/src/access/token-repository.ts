import { newId } from '#libs/platform';
import type { DataSource } from 'typeorm';
import { ApiTokenEntity } from '../entities/access.js';
import { listPage, type ListDefinition, type ListPage, type ListRequest } from '../sql/list.js';
import { oneOf, Parameters } from '../sql/parameters.js';
import { changed, columns, row, rows, transaction } from '../sql/rows.js';
import { insertRow } from '../sql/versioned.js';

/** An API token without its hash. */
export type TokenRecord = Readonly<Omit<ApiTokenEntity, 'hash'>>;

/** `publicId` and `hash` as `newApiToken` of libs/platform makes them. */
export type NewToken = Pick<
  Readonly<ApiTokenEntity>,
  'name' | 'role' | 'publicId' | 'hash' | 'expiresAt' | 'createdBy'
> & {
  readonly id?: string;
};

export type TokenSortField = 'createdAt' | 'expiresAt' | 'name';
export interface TokenFilter {
  readonly role?: readonly string[];
  /** True: neither revoked nor expired. */
  readonly active?: boolean;
}

/** Any constant will do, as long as no other lock has it. */
const FIRST_ADMIN_LOCK = 7_290_275;

const ACTIVE = 'k.revoked_at IS NULL AND k.expires_at > now()';

export class TokenRepository {
  constructor(private readonly dataSource: DataSource) {}

  async create(input: NewToken): Promise<TokenRecord> {
    const id = input.id ?? newId('tok');
    await insertRow(this.dataSource, ApiTokenEntity, { ...input, id });
    const token = await this.get(id);
    if (!token) throw new Error(`Token ${id} was not written.`);
    return token;
  }

  get(id: string): Promise<TokenRecord | null> {
    return row(this.dataSource, `SELECT ${this.#columns()} FROM api_token k WHERE k.id = $1`, [id]);
  }

  /**
   * The active token of that public id with its hash, to be compared by `sameHash`. Null where there is none, or it is
   * revoked or expired.
   */
  async findActive(publicId: string): Promise<{ readonly token: TokenRecord; readonly hash: string } | null> {
    const found = await row<TokenRecord & { hash: string }>(
      this.dataSource,
      `SELECT ${this.#columns()}, k.hash FROM api_token k WHERE k.public_id = $1 AND ${ACTIVE}`,
      [publicId],
    );
    if (!found) return null;
    const { hash, ...token } = found;
    return { token, hash };
  }

  /** Remembers that it was used; written once a minute at most. */
  async touch(id: string): Promise<void> {
    await changed(
      this.dataSource,
      `UPDATE api_token SET last_used_at = now()
       WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
      [id],
    );
  }

  list(request: ListRequest<TokenSortField, TokenFilter>): Promise<ListPage<TokenRecord>> {
    const definition: ListDefinition<TokenSortField> = {
      from: 'api_token k',
      columns: this.#columns(),
      id: { sql: 'k.id', type: 'text' },
      sortable: {
        createdAt: { sql: 'k.created_at', type: 'timestamptz' },
        expiresAt: { sql: 'k.expires_at', type: 'timestamptz' },
        name: { sql: 'k.name', type: 'text' },
      },
      defaultSort: [{ field: 'createdAt', direction: 'desc' }],
    };
    const filter = request.filter ?? {};
    const parameters = new Parameters();
    const conditions = [
      ...oneOf(parameters, 'k.role', filter.role),
      ...(filter.active === undefined ? [] : [`(${ACTIVE}) = ${parameters.add(filter.active)}::boolean`]),
    ];
    return listPage(this.dataSource, definition, request, conditions, parameters);
  }

  /** From now on it opens nothing; its sessions end with it. Harmless to repeat. */
  async revoke(id: string): Promise<TokenRecord | 'notFound'> {
    return transaction(this.dataSource, async (manager) => {
      await changed(manager, 'UPDATE api_token SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1', [id]);
      await changed(manager, 'DELETE FROM session WHERE token_id = $1', [id]);
      const token = await row<TokenRecord>(manager, `SELECT ${this.#columns()} FROM api_token k WHERE k.id = $1`, [id]);
      return token ?? 'notFound';
    });
  }

  /** How many active administrators' tokens there are. */
  async activeAdmins(): Promise<number> {
    const found = await row<{ count: number }>(
      this.dataSource,
      `SELECT count(*)::int AS count FROM api_token k WHERE k.role = 'admin' AND ${ACTIVE}`,
    );
    return found?.count ?? 0;
  }

  /**
   * Makes the first administrator's token, unless an active one exists. Of several processes that start at once, one
   * does. Where `keep` fails, no token was made.
   * @param keep stores the secret where somebody will find it
   * @returns null where there is an administrator already
   */
  createFirstAdmin(input: Omit<NewToken, 'role'>, keep: () => Promise<void>): Promise<{ readonly id: string } | null> {
    return transaction(this.dataSource, async (manager) => {
      await changed(manager, 'SELECT pg_advisory_xact_lock($1)', [FIRST_ADMIN_LOCK]);
      const found = await row(manager, `SELECT 1 FROM api_token k WHERE k.role = 'admin' AND ${ACTIVE} LIMIT 1`);
      if (found) return null;
      const id = input.id ?? newId('tok');
      await insertRow(manager, ApiTokenEntity, { ...input, role: 'admin', id });
      await keep();
      return { id };
    });
  }

  /** @param link `hash` of a secret from `newSecret` of libs/platform */
  async createLoginLink(link: {
    readonly hash: string;
    readonly tokenId: string;
    readonly expiresAt: Date;
  }): Promise<void> {
    await rows(this.dataSource, 'INSERT INTO login_link (hash, token_id, expires_at) VALUES ($1, $2, $3)', [
      link.hash,
      link.tokenId,
      link.expiresAt,
    ]);
  }

  /** Uses up a login link: its token, once; null where it is unknown, used or expired, or the token is not active. */
  async redeemLoginLink(hash: string): Promise<TokenRecord | null> {
    return row(
      this.dataSource,
      `WITH used AS (UPDATE login_link SET used_at = now()
         WHERE hash = $1 AND used_at IS NULL AND expires_at > now() RETURNING token_id)
       SELECT ${this.#columns()} FROM used JOIN api_token k ON k.id = used.token_id WHERE ${ACTIVE}`,
      [hash],
    );
  }

  /** Opens a session. @param session `hash` of the cookie's secret */
  async createSession(session: {
    readonly tokenId: string;
    readonly hash: string;
    readonly expiresAt: Date;
  }): Promise<string> {
    const id = newId('ses');
    await rows(this.dataSource, 'INSERT INTO session (id, token_id, hash, expires_at) VALUES ($1, $2, $3, $4)', [
      id,
      session.tokenId,
      session.hash,
      session.expiresAt,
    ]);
    return id;
  }

  /** The token that a session acts for; null where the session or the token is over. */
  sessionToken(hash: string): Promise<TokenRecord | null> {
    return row(
      this.dataSource,
      `SELECT ${this.#columns()} FROM session s JOIN api_token k ON k.id = s.token_id
       WHERE s.hash = $1 AND s.expires_at > now() AND ${ACTIVE}`,
      [hash],
    );
  }

  async endSession(hash: string): Promise<void> {
    await changed(this.dataSource, 'DELETE FROM session WHERE hash = $1', [hash]);
  }

  /** Removes sessions and login links that are over. */
  async prune(): Promise<void> {
    await changed(this.dataSource, 'DELETE FROM session WHERE expires_at <= now()');
    await changed(this.dataSource, 'DELETE FROM login_link WHERE expires_at <= now()');
  }

  #columns(): string {
    return columns(this.dataSource, ApiTokenEntity, 'k');
  }
}
