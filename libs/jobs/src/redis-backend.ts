import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { JobLog } from './job-log.js';
import type { QueueBackend } from './queue-backend.js';

/** The braces keep all keys in one slot of a Redis Cluster, as BullMQ's scripts need. */
const PREFIX = '{plimsoll}';

/** Queues in Redis or Valkey, through ioredis. */
export function redisBackend(redisUrl: string, log: JobLog): QueueBackend {
  // A producer gives up soon, because whoever adds jobs (the relay, the sweeper) tries again by itself.
  const producer = new Redis(redisUrl, { maxRetriesPerRequest: 3, connectionName: 'plimsoll-queues' });
  // A worker waits for the server to come back; BullMQ requires this setting.
  const consumer = new Redis(redisUrl, { maxRetriesPerRequest: null, connectionName: 'plimsoll-workers' });
  for (const connection of [producer, consumer]) {
    connection.on('error', (error) => log.warn({ err: error }, 'the connection to Redis is lost; it is tried again'));
  }
  return {
    kind: 'redis',
    queue: (name) => new Queue(name, { connection: producer, prefix: PREFIX }),
    worker: (name, processor, options) =>
      new Worker(name, processor, { ...options, connection: consumer, prefix: PREFIX }),
    ping: async () => void (await producer.ping()),
    close: async () => {
      producer.disconnect();
      consumer.disconnect();
    },
  };
}
