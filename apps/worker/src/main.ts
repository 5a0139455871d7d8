import { createLogger, loadConfig } from '#libs/platform';
import { startWorker } from './start-worker.js';
import { workerSettings } from './worker-settings.js';

/** Longer than the worker's own grace period, shorter than what a supervisor allows. */
const STOP_LIMIT_MS = 29_000;

const startLog = createLogger('worker');
try {
  const settings = workerSettings(loadConfig(process.env));
  const log = createLogger('worker', { level: settings.logLevel });
  const app = await startWorker(settings, log);

  let stopping = false;
  const stop = (reason: string): void => {
    // Whoever asks twice does not want to wait.
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => {
      log.error('the worker did not stop in time; its jobs run again elsewhere');
      process.exit(1);
    }, STOP_LIMIT_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error, reason }, 'the worker did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  // The process that started this one is gone.
  process.once('disconnect', () => stop('disconnect'));
} catch (error) {
  startLog.fatal({ err: error }, 'the worker could not start');
  process.exit(1);
}
