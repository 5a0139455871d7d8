import { Redis } from 'ioredis';
import { Client } from 'pg';

/** Every row of every table of a database as text, those of the job queues included, and the statements being run. */
export async function dumpPostgres(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1`,
    );
    const parts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
      parts.push(...rows.map(({ text }) => `${name} ${text}`));
    }
    const { rows } = await client.query<{ query: string }>(
      'SELECT query FROM pg_stat_activity WHERE query IS NOT NULL',
    );
    return [...parts, ...rows.map(({ query }) => `statement ${query}`)].join('\n');
  } finally {
    await client.end();
  }
}

const READERS: Readonly<Record<string, (redis: Redis, key: string) => Promise<unknown>>> = {
  string: (redis, key) => redis.get(key),
  hash: (redis, key) => redis.hgetall(key),
  list: (redis, key) => redis.lrange(key, 0, -1),
  set: (redis, key) => redis.smembers(key),
  zset: (redis, key) => redis.zrange(key, '0', '-1'),
  stream: (redis, key) => redis.xrange(key, '-', '+'),
};

/** Every key of a Redis with its value, as text. */
export async function dumpRedis(redis: Redis): Promise<string> {
  const parts: string[] = [];
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'COUNT', '1000');
    for (const key of keys) {
      const type = await redis.type(key);
      const read = READERS[type];
      if (type === 'none') continue;
      if (!read) throw new Error(`no reader for a Redis ${type}`);
      parts.push(`${key} ${JSON.stringify(await read(redis, key))}`);
    }
    cursor = next;
  } while (cursor !== '0');
  return parts.join('\n');
}

/** Writes down every command that a Redis gets, until `stop()`. */
export async function watchRedis(url: string): Promise<{ readonly commands: readonly string[]; stop(): void }> {
  const client = new Redis(url, { maxRetriesPerRequest: null });
  const monitor = await client.monitor();
  const commands: string[] = [];
  monitor.on('monitor', (_time: string, args: readonly string[]) => commands.push(args.join(' ')));
  return {
    commands,
    stop: () => {
      monitor.disconnect();
      client.disconnect();
    },
  };
}
