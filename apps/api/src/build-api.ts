import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiModule } from './api.module.js';
import type { ApiOptions } from './api-options.js';
import { Admission } from './auth/admission.js';
import { serveDashboard } from './http/dashboard.js';
import { createAdapter, setUpFastify } from './http/fastify-adapter.js';
import { NestLogger } from './http/nest-logger.js';
import { ProblemFilter } from './http/problem.filter.js';
import { DEFAULT_RATE_LIMITS } from './http/rate-limiter.js';
import type { ApiSettings } from './settings.js';
import { Metrics } from './system/metrics.js';
import { VERSION } from './version.js';

/** The API, ready to listen or to be asked by a test. The schema of its database must be up to date. */
export async function buildApi(options: ApiOptions): Promise<NestFastifyApplication> {
  const { logger, publicUrl, runDeadlineSeconds, rateLimits = DEFAULT_RATE_LIMITS, now = Date.now } = options;
  const tls = publicUrl.startsWith('https:');
  const settings: ApiSettings = { publicUrl, tls, version: VERSION, rateLimits, runDeadlineSeconds, now };
  const problems = new ProblemFilter(publicUrl, logger);
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.of(options, settings, problems),
    createAdapter(problems),
    { logger: new NestLogger(logger), bodyParser: false, abortOnError: false },
  );
  const fastify = app.getHttpAdapter().getInstance();
  const metrics = app.get(Metrics);
  await setUpFastify(fastify, {
    admission: app.get(Admission),
    logger,
    tls,
    observe: (...request) => metrics.observe(...request),
  });
  if (options.webRoot !== undefined) await serveDashboard(fastify, options.webRoot, tls);
  await app.init();
  await fastify.ready();
  return app;
}
