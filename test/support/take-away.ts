import { Client } from 'pg';
import { inject } from 'vitest';
import type { TestRedis } from './redis.js';

/** Makes the server of the queues refuse everybody until the returned function is called. */
export async function takeAway(databaseUrl: string, redis: TestRedis | undefined): Promise<() => Promise<void>> {
  if (redis !== undefined) {
    await redis.kill();
    return redis.start;
  }
  const name = new URL(databaseUrl).pathname.slice(1);
  const administer = async (...statements: string[]) => {
    const admin = new Client(inject('postgresUrl'));
    await admin.connect();
    for (const statement of statements) await admin.query(statement);
    await admin.end();
  };
  await administer(
    `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
  );
  return () => administer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
}
