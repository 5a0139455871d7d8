import path from 'node:path';
import { DataSource } from 'typeorm';
import { TokenRepository } from '#libs/persistence';
import { createLogger, EgressPolicy, loadConfig, loadKeyring } from '#libs/platform';
import { ensureFirstAdmin } from './auth/first-admin.js';
import { buildApi } from './build-api.js';
import { ROOT } from './version.js';

/** Shorter than what a supervisor allows (Kubernetes: 30 s). */
const STOP_LIMIT_MS = 25_000;
const IDLE_CHECK_MS = 100;
const WEB_ROOT = path.join(ROOT, 'apps/web/dist');

const startLog = createLogger('api');
try {
  const config = loadConfig(process.env);
  const logger = createLogger('api', { level: config.logLevel });
  const { databaseUrl, publicUrl, listen, slackApiUrl, slackWebhookHosts, runDeadlineSeconds } = config;
  if (databaseUrl === undefined) {
    throw new Error('The API needs DATABASE_URL. To run everything on one machine with its own database: npm start');
  }
  const app = await buildApi({
    databaseUrl,
    publicUrl,
    runDeadlineSeconds,
    logger,
    keyring: loadKeyring(config),
    egress: new EgressPolicy({ allowCidrs: config.egressAllowCidrs, allowPorts: config.egressAllowPorts }),
    notify: { slackApiUrl, slackWebhookHosts },
    webRoot: WEB_ROOT,
  });
  if (await app.get(DataSource).showMigrations()) {
    throw new Error('The database schema is older than this version. Run dist/apps/worker/src/migrate.js first.');
  }
  await ensureFirstAdmin(app.get(TokenRepository), {
    now: Date.now(),
    ...(process.env['PLIMSOLL_WRITE_ADMIN_TOKEN'] === '1' && { folder: config.dataDir }),
    announce: (token) => process.stdout.write(`The first admin token, shown only now: ${token}\n`),
  });
  await app.listen(listen.port, listen.host);
  logger.info({ url: publicUrl }, 'the API is ready');

  let stopping = false;
  const stop = (reason: string): void => {
    // Whoever asks twice does not want to wait.
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ reason }, 'stopping');
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    // A connection that was opened while we closed is idle only after its first answer; it must not keep us up.
    setInterval(() => app.getHttpServer().closeIdleConnections(), IDLE_CHECK_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'the API did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  // The process that started this one is gone.
  process.once('disconnect', () => stop('disconnect'));
} catch (error) {
  startLog.fatal({ err: error }, 'the API could not start');
  process.exit(1);
}
