import { pino, stdTimeFunctions, type DestinationStream, type Logger as PinoLogger } from 'pino';

export type Logger = PinoLogger;
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** Keys whose values never reach a log line, wherever they stand. */
const SECRET_KEYS = [
  'token',
  'accessToken',
  'kubeconfig',
  'authorization',
  'Authorization',
  'cookie',
  'Cookie',
  'set-cookie',
  'secret',
  'password',
  'credential',
  'certData',
  'keyData',
  'client-certificate-data',
  'client-key-data',
  'sealed',
  'masterKey',
  'webhookUrl',
  'databaseUrl',
  'redisUrl',
];

/** A redaction path matches one depth only, so each key is listed for each depth. */
function redactedPaths(): string[] {
  return SECRET_KEYS.flatMap((key) => {
    const top = /^\w+$/.test(key) ? key : `["${key}"]`;
    const below = /^\w+$/.test(key) ? `.${key}` : `["${key}"]`;
    return [top, ...['*', '*.*', '*.*.*'].map((parents) => parents + below)];
  });
}

interface ErrorFields {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: ErrorFields;
}

/**
 * What a log line keeps of an error. Own fields are dropped: database errors carry the statement's parameters, HTTP
 * errors carry request headers.
 */
export function errorFields(error: unknown, depth = 0): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { code } = error as { readonly code?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(error.cause !== undefined && depth < 3 && { cause: errorFields(error.cause, depth + 1) }),
  };
}

/**
 * A logger that writes one JSON object a line to standard output (or `destination`). Errors go under `err`.
 * @param name which program writes, such as `api`
 */
export function createLogger(
  name: string,
  options: { readonly level?: LogLevel; readonly destination?: DestinationStream } = {},
): Logger {
  const settings = {
    name,
    level: options.level ?? 'info',
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: errorFields, error: errorFields },
    redact: { paths: redactedPaths(), censor: '[redacted]' },
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}
