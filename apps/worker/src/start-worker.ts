import 'reflect-metadata';
import type { Logger } from '#libs/platform';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WorkerModule } from './worker.module.js';
import type { WorkerSettings } from './worker-settings.js';

/** A running worker. Its `close()` finishes or gives back what it is doing, within 25 s. */
export function startWorker(settings: WorkerSettings, log: Logger): Promise<INestApplicationContext> {
  return NestFactory.createApplicationContext(WorkerModule.of(settings, log), { logger: false, abortOnError: false });
}
