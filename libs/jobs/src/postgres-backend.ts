import { createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import { Pool } from 'pg';
import type { JobLog } from './job-log.js';
import type { QueueBackend } from './queue-backend.js';

/** BullMQ's own tables; it creates the schema. */
const SCHEMA = 'bullmq';
/** Connections for short statements, besides those that workers hold. */
const SHARED_CONNECTIONS = 6;

function createPool(databaseUrl: string, max: number): Pool {
  return new Pool({
    connectionString: databaseUrl,
    max,
    options: `-c search_path=${SCHEMA}`,
    keepAlive: true,
    application_name: 'plimsoll-queues',
  });
}

/** Creates or updates the queues' tables. Safe to call from several processes at once (advisory lock). */
export async function migratePostgresQueues(databaseUrl: string): Promise<void> {
  const pool = createPool(databaseUrl, 1);
  try {
    const client = await pool.connect();
    try {
      await runMigrations(client, SCHEMA);
    } finally {
      client.release();
    }
  } finally {
    await pool.end();
  }
}

/**
 * Queues in the service's own PostgreSQL.
 *
 * @param workers how many workers will be started. Each takes one connection for good (LISTEN), so that a smaller
 *   pool would stop all queues.
 */
export function postgresBackend(databaseUrl: string, workers: number, log: JobLog): QueueBackend {
  const pool = createPool(databaseUrl, workers + SHARED_CONNECTIONS);
  // Every queue and worker listens on the shared pool; the default limit of 10 would only print a warning.
  pool.setMaxListeners(0);
  pool.on('error', (error) => log.warn({ err: error }, 'an idle PostgreSQL connection of the queues was lost'));
  const { Queue, Worker } = withBackend(createPostgresBackend);
  return {
    kind: 'postgres',
    queue: (name) => new Queue(name, { connection: pool }),
    worker: (name, processor, options) => new Worker(name, processor, { ...options, connection: pool }),
    ping: async () => void (await pool.query('SELECT 1')),
    close: () => pool.end(),
  };
}
