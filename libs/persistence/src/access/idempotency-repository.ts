import type { DataSource } from 'typeorm';
import { toJsonb } from '../sql/jsonb.js';
import { changed, row, rows } from '../sql/rows.js';

/** Which request it is: the `Idempotency-Key` of one token on one route. */
export interface IdempotencyScope {
  readonly tokenId: string;
  readonly route: string;
  readonly key: string;
}

export interface StoredResponse {
  readonly status: number;
  readonly response: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

export type IdempotencyStart =
  /** The first time: do it, then call `finish` or `abandon`. */
  | { readonly state: 'started' }
  /** Being done right now. */
  | { readonly state: 'inFlight' }
  /** The key was used for another body. */
  | { readonly state: 'bodyMismatch' }
  | ({ readonly state: 'done' } & StoredResponse);

/** A request that did not end within this time is taken for lost; it may be tried again. */
const IN_FLIGHT_LIMIT = `interval '5 minutes'`;

export class IdempotencyRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** @param bodyHash hash of the request body */
  async begin(scope: IdempotencyScope, bodyHash: string): Promise<IdempotencyStart> {
    const started = await rows(
      this.dataSource,
      `INSERT INTO idempotency_key AS i (token_id, route, key, body_hash, state) VALUES ($1, $2, $3, $4, 'inFlight')
       ON CONFLICT (token_id, route, key) DO UPDATE SET body_hash = excluded.body_hash, created_at = now()
         WHERE i.state = 'inFlight' AND i.created_at < now() - ${IN_FLIGHT_LIMIT}
       RETURNING key`,
      [scope.tokenId, scope.route, scope.key, bodyHash],
    );
    if (started.length > 0) return { state: 'started' };
    const found = await row<StoredResponse & { state: 'inFlight' | 'done'; bodyHash: string }>(
      this.dataSource,
      `SELECT state, body_hash AS "bodyHash", status, response, headers FROM idempotency_key
       WHERE token_id = $1 AND route = $2 AND key = $3`,
      [scope.tokenId, scope.route, scope.key],
    );
    // Abandoned between the two statements: the caller may try again.
    if (!found) return { state: 'inFlight' };
    if (found.bodyHash !== bodyHash) return { state: 'bodyMismatch' };
    if (found.state === 'inFlight') return { state: 'inFlight' };
    return { state: 'done', status: found.status, response: found.response, headers: found.headers };
  }

  /** Keeps the response for repeats of the request. It must not hold a secret. */
  async finish(scope: IdempotencyScope, stored: StoredResponse): Promise<void> {
    await changed(
      this.dataSource,
      `UPDATE idempotency_key SET state = 'done', status = $4, response = $5, headers = $6
       WHERE token_id = $1 AND route = $2 AND key = $3`,
      [
        scope.tokenId,
        scope.route,
        scope.key,
        stored.status,
        stored.response === undefined ? null : toJsonb(stored.response),
        toJsonb(stored.headers),
      ],
    );
  }

  /** Forgets a request that failed in a way that a repeat may not. */
  async abandon(scope: IdempotencyScope): Promise<void> {
    await changed(
      this.dataSource,
      `DELETE FROM idempotency_key WHERE token_id = $1 AND route = $2 AND key = $3 AND state = 'inFlight'`,
      [scope.tokenId, scope.route, scope.key],
    );
  }

  /** Removes keys from before that time. */
  prune(before: Date): Promise<number> {
    return changed(this.dataSource, 'DELETE FROM idempotency_key WHERE created_at < $1', [before]);
  }
}
