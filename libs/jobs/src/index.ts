export type { JobLog } from './job-log.js';
export { JobQueues, type JobContext, type JobHandler, type JobQueuesOptions, type QueueDepth } from './job-queues.js';
export {
  auditJob,
  deliveryJob,
  discoveryJob,
  drillJob,
  QUEUE_NAMES,
  type JobPayload,
  type NewJob,
  type QueueName,
} from './jobs.js';
export { migratePostgresQueues } from './postgres-backend.js';
export type { BackendKind } from './queue-backend.js';
export { nextFire, scheduleProblem, type ScheduleRule } from './schedule-times.js';
export { untilAborted } from './until-aborted.js';
