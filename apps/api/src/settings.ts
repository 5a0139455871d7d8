import type { RateLimits } from './http/rate-limiter.js';

/** What the API needs to know besides its collaborators. An abstract class so that it is its own injection token. */
export abstract class ApiSettings {
  /** Where people reach the service, without a trailing slash. */
  abstract readonly publicUrl: string;
  /** Whether they reach it by https: cookies are then `Secure`, and browsers are told to stay with https. */
  abstract readonly tls: boolean;
  abstract readonly version: string;
  abstract readonly rateLimits: RateLimits;
  /** How long a run may take before what is left counts as not evaluated. */
  abstract readonly runDeadlineSeconds: number;
  /** Milliseconds since the epoch. */
  abstract readonly now: () => number;
}
