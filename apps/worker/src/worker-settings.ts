import type { Config } from '#libs/platform';

/** What a worker process needs to know, with the database named. */
export type WorkerSettings = Config & { readonly databaseUrl: string };

/** How many clusters a process audits at once. */
export interface Lanes {
  /** All lanes together. */
  readonly total: number;
  /** Most of them that may be clusters that could not be reached last time. */
  readonly slow: number;
}

/** The slow lane leaves at least one place to the others, where there are two. */
export function lanesOf(config: Pick<Config, 'workerConcurrency' | 'workerSlowConcurrency'>): Lanes {
  const total = config.workerConcurrency;
  return { total, slow: Math.max(1, Math.min(config.workerSlowConcurrency, total - 1)) };
}

/** @throws {Error} where the database is not named */
export function workerSettings(config: Config): WorkerSettings {
  const { databaseUrl } = config;
  if (databaseUrl === undefined) {
    throw new Error('A worker needs DATABASE_URL. To run everything on one machine with its own database: npm start');
  }
  return { ...config, databaseUrl };
}
