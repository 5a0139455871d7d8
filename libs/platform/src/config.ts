import { homedir } from 'node:os';
import path from 'node:path';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { databaseUrlWith } from './database-url.js';
import type { LogLevel } from './logger.js';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Inclusive; a single port has `from === to`. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** The whole configuration of a process. Holds secrets (`databaseUrl`, `redisUrl`, `masterKey`): never return it. */
export interface Config {
  /** Absent: the service runs its own PostgreSQL in `dataDir`. */
  readonly databaseUrl?: string;
  /** Absent: the queues live in PostgreSQL. */
  readonly redisUrl?: string;
  readonly listen: ListenAddress;
  readonly dataDir: string;
  /** Where people reach the service, without a trailing slash. */
  readonly publicUrl: string;
  /** 32 bytes in base64. */
  readonly masterKey?: string;
  readonly masterKeyFile?: string;
  readonly masterKeyId: string;
  readonly egressAllowCidrs: readonly string[];
  /** Empty = any port. */
  readonly egressAllowPorts: readonly PortRange[];
  readonly logLevel: LogLevel;
  /** Clusters audited at once by one worker process. */
  readonly workerConcurrency: number;
  /** Of those, clusters that could not be reached last time, in a lane of their own. */
  readonly workerSlowConcurrency: number;
  readonly targetBudgetSeconds: number;
  readonly runDeadlineSeconds: number;
  /** A finding is announced as resolved after so many runs without it. */
  readonly resolveAfterRuns: number;
  readonly slackApiUrl: string;
  readonly slackWebhookHosts: readonly string[];
  readonly metricsListen?: ListenAddress;
}

/** One message for all that is wrong. Names the settings, never their values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(['The configuration is not usable:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
  }
}

const words = z.string().transform((text) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== ''),
);

const count = (fallback: number, min: number, max: number) =>
  z
    .string()
    .default(String(fallback))
    .refine((text) => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max, {
      message: `must be a whole number from ${min} to ${max}`,
    })
    .transform(Number);

function urlWith(...protocols: string[]) {
  return z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    message: `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });
}

const LISTEN = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/;
const listenAddress = z
  .string()
  .refine((text) => Number(LISTEN.exec(text)?.[3] ?? Number.NaN) <= 65_535, {
    message: 'must be host:port, such as 127.0.0.1:3000 or [::1]:3000',
  })
  .transform((text): ListenAddress => {
    const match = LISTEN.exec(text);
    return { host: match?.[1] ?? match?.[2] ?? '', port: Number(match?.[3]) };
  });

function isCidr(text: string): boolean {
  try {
    ipaddr.parseCIDR(text);
    return true;
  } catch {
    return false;
  }
}

const PORTS = /^(\d{1,5})(?:-(\d{1,5}))?$/;
function portRange(text: string): PortRange | null {
  const match = PORTS.exec(text);
  if (!match) return null;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from >= 1 && from <= to && to <= 65_535 ? { from, to } : null;
}

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const ENVIRONMENT = z
  .object({
    DATABASE_URL: urlWith('postgres:', 'postgresql:').optional(),
    PLIMSOLL_DATABASE_PASSWORD_FILE: z.string().optional(),
    REDIS_URL: urlWith('redis:', 'rediss:').optional(),
    PLIMSOLL_LISTEN: listenAddress.prefault('127.0.0.1:3000'),
    PLIMSOLL_DATA_DIR: z.string().default(path.join(homedir(), '.local/share/plimsoll')),
    PLIMSOLL_PUBLIC_URL: urlWith('http:', 'https:').optional(),
    PLIMSOLL_MASTER_KEY: z
      .string()
      .refine((text) => Buffer.from(text, 'base64').length === 32, {
        message: 'must be exactly 32 bytes in base64; make one with: openssl rand -base64 32',
      })
      .optional(),
    PLIMSOLL_MASTER_KEY_FILE: z.string().optional(),
    PLIMSOLL_MASTER_KEY_ID: z
      .string()
      .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
      .default('k1'),
    PLIMSOLL_EGRESS_ALLOW_CIDRS: words
      .refine((list) => list.every(isCidr), { message: 'must be networks in CIDR form, such as 10.0.0.0/8,fd00::/8' })
      .prefault(''),
    PLIMSOLL_EGRESS_ALLOW_PORTS: words
      .refine((list) => list.every((word) => portRange(word) !== null), {
        message: 'must be ports or ranges of ports, such as 443,6443,8000-8999',
      })
      .transform((list) => list.flatMap((word) => portRange(word) ?? []))
      .prefault(''),
    PLIMSOLL_LOG_LEVEL: z.enum(LEVELS, { error: `must be one of ${LEVELS.join(', ')}` }).default('info'),
    PLIMSOLL_WORKER_CONCURRENCY: count(10, 1, 500),
    PLIMSOLL_WORKER_SLOW_CONCURRENCY: count(4, 1, 500),
    PLIMSOLL_TARGET_BUDGET_SECONDS: count(120, 5, 3600),
    PLIMSOLL_RUN_DEADLINE_SECONDS: count(3600, 60, 86_400),
    PLIMSOLL_RESOLVE_AFTER_RUNS: count(2, 1, 100),
    PLIMSOLL_SLACK_API_URL: urlWith('https:', 'http:').default('https://slack.com/api'),
    PLIMSOLL_SLACK_WEBHOOK_HOSTS: words.prefault('hooks.slack.com'),
    PLIMSOLL_METRICS_LISTEN: listenAddress.optional(),
  })
  .refine((env) => env.PLIMSOLL_MASTER_KEY === undefined || env.PLIMSOLL_MASTER_KEY_FILE === undefined, {
    path: ['PLIMSOLL_MASTER_KEY_FILE'],
    message: 'must not be set together with PLIMSOLL_MASTER_KEY',
  })
  .refine((env) => env.PLIMSOLL_DATABASE_PASSWORD_FILE === undefined || env.DATABASE_URL !== undefined, {
    path: ['PLIMSOLL_DATABASE_PASSWORD_FILE'],
    message: 'needs DATABASE_URL, whose password it is',
  });

/** What the settings are called in the environment. */
export const SETTING_NAMES: readonly string[] = Object.keys(ENVIRONMENT.shape);

function databaseUrlOf(env: z.infer<typeof ENVIRONMENT>): string | undefined {
  const { DATABASE_URL: url, PLIMSOLL_DATABASE_PASSWORD_FILE: file } = env;
  if (url === undefined || file === undefined) return url;
  try {
    return databaseUrlWith(url, file);
  } catch (error) {
    throw new ConfigError([error instanceof Error ? error.message : String(error)]);
  }
}

const withoutTrailingSlash = (url: string) => url.replace(/\/+$/, '');

/** Authority of a listen address as it stands in a URL: IPv6 in brackets, "any" addresses as this machine. */
function authority({ host, port }: ListenAddress): string {
  if (host === '0.0.0.0' || host === '::') return `127.0.0.1:${port}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Reads the settings of a process from its environment. An empty value counts as not set, as in `FOO= npm start`.
 * @throws {ConfigError} that lists everything that is wrong at once
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const stated = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = ENVIRONMENT.safeParse(stated);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`));
  }
  const it = parsed.data;
  const databaseUrl = databaseUrlOf(it);
  return {
    ...(databaseUrl !== undefined && { databaseUrl }),
    ...(it.REDIS_URL !== undefined && { redisUrl: it.REDIS_URL }),
    listen: it.PLIMSOLL_LISTEN,
    dataDir: path.resolve(it.PLIMSOLL_DATA_DIR),
    publicUrl: withoutTrailingSlash(it.PLIMSOLL_PUBLIC_URL ?? `http://${authority(it.PLIMSOLL_LISTEN)}`),
    ...(it.PLIMSOLL_MASTER_KEY !== undefined && { masterKey: it.PLIMSOLL_MASTER_KEY }),
    ...(it.PLIMSOLL_MASTER_KEY_FILE !== undefined && { masterKeyFile: it.PLIMSOLL_MASTER_KEY_FILE }),
    masterKeyId: it.PLIMSOLL_MASTER_KEY_ID,
    egressAllowCidrs: it.PLIMSOLL_EGRESS_ALLOW_CIDRS,
    egressAllowPorts: it.PLIMSOLL_EGRESS_ALLOW_PORTS,
    logLevel: it.PLIMSOLL_LOG_LEVEL,
    workerConcurrency: it.PLIMSOLL_WORKER_CONCURRENCY,
    workerSlowConcurrency: it.PLIMSOLL_WORKER_SLOW_CONCURRENCY,
    targetBudgetSeconds: it.PLIMSOLL_TARGET_BUDGET_SECONDS,
    runDeadlineSeconds: it.PLIMSOLL_RUN_DEADLINE_SECONDS,
    resolveAfterRuns: it.PLIMSOLL_RESOLVE_AFTER_RUNS,
    slackApiUrl: withoutTrailingSlash(it.PLIMSOLL_SLACK_API_URL),
    slackWebhookHosts: it.PLIMSOLL_SLACK_WEBHOOK_HOSTS.map((host) => host.toLowerCase()),
    ...(it.PLIMSOLL_METRICS_LISTEN !== undefined && { metricsListen: it.PLIMSOLL_METRICS_LISTEN }),
  };
}
