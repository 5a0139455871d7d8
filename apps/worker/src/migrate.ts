import { migratePostgresQueues } from '#libs/jobs';
import { migrate } from '#libs/persistence';
import { createLogger, loadConfig } from '#libs/platform';
import { workerSettings } from './worker-settings.js';

// Brings the database to the schema of this version, then ends. Run it before API and workers of a new version.
const log = createLogger('migrate');
try {
  const { databaseUrl, redisUrl } = workerSettings(loadConfig(process.env));
  const migrations = await migrate(databaseUrl);
  if (redisUrl === undefined) await migratePostgresQueues(databaseUrl);
  log.info({ migrations }, 'the database schema is up to date');
} catch (error) {
  log.fatal({ err: error }, 'the database schema could not be brought up to date');
  process.exitCode = 1;
}
