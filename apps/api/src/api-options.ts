import type { EgressPolicy, Keyring, Logger } from '#libs/platform';
import type { RateLimits } from './http/rate-limiter.js';

/** Everything that the API is made of. `main.ts` takes it from the environment, tests state it. */
export interface ApiOptions {
  readonly databaseUrl: string;
  /** Connections to the database at most; 10 unless stated. */
  readonly poolSize?: number;
  readonly keyring: Keyring;
  /** Where people reach the service, without a trailing slash. */
  readonly publicUrl: string;
  readonly egress: EgressPolicy;
  readonly notify: { readonly slackApiUrl: string; readonly slackWebhookHosts: readonly string[] };
  readonly runDeadlineSeconds: number;
  readonly logger: Logger;
  /** Folder of the built dashboard; absent: only the API is served. */
  readonly webRoot?: string;
  readonly rateLimits?: RateLimits;
  /** Milliseconds since the epoch; the system's clock unless stated. */
  readonly now?: () => number;
}
