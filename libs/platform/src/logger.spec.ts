import { describe, expect, it } from 'vitest';
import { createLogger, errorFields } from './logger.js';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger('test', { level: 'trace', destination: { write: (line: string) => void lines.push(line) } }));
  return lines.join('');
}

describe('createLogger', () => {
  it('writes one JSON object a line', () => {
    const line = logged((logger) => logger.info({ runId: 'run_1' }, 'Run started.'));
    expect(line.endsWith('\n')).toBe(true);
    expect(JSON.parse(line)).toMatchObject({
      level: 'info',
      name: 'test',
      runId: 'run_1',
      msg: 'Run started.',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });

  it.each([
    'token',
    'accessToken',
    'kubeconfig',
    'authorization',
    'Authorization',
    'cookie',
    'set-cookie',
    'secret',
    'password',
    'credential',
    'certData',
    'keyData',
    'client-key-data',
    'sealed',
    'masterKey',
    'webhookUrl',
    'databaseUrl',
    'redisUrl',
  ])('never writes what stands under %s, to a depth of four', (key) => {
    const line = logged((logger) => {
      logger.info({ [key]: 'canary' });
      logger.info({ a: { [key]: 'canary' } });
      logger.info({ a: { b: { [key]: { deep: 'canary' } } } });
      logger.info({ a: { b: { c: { [key]: ['canary'] } } } });
      logger.child({ [key]: 'canary' }).info('x');
    });
    expect(line).not.toContain('canary');
    expect(line.match(/\[redacted\]/g)).toHaveLength(5);
  });

  it('keeps of an error what explains it, and no field that holds data', () => {
    const cause = Object.assign(new TypeError('inner'), { parameters: ['canary'] });
    const error = Object.assign(new Error('outer', { cause }), { code: 'ECONNREFUSED', config: { headers: 'canary' } });
    const line = logged((logger) => logger.error({ err: error }, 'It failed.'));
    expect(line).not.toContain('canary');
    expect(JSON.parse(line).err).toMatchObject({
      type: 'Error',
      message: 'outer',
      code: 'ECONNREFUSED',
      cause: { type: 'TypeError', message: 'inner' },
    });
  });
});

describe('errorFields', () => {
  it('takes anything that can be thrown', () => {
    expect(errorFields('text')).toEqual({ type: 'string', message: 'text' });
    expect(errorFields(undefined)).toEqual({ type: 'undefined', message: 'undefined' });
  });

  it('ends on a chain of causes that does not', () => {
    const error: Error & { cause?: unknown } = new Error('loop');
    error.cause = error;
    expect(JSON.stringify(errorFields(error)).match(/"message":"loop"/g)).toHaveLength(4);
  });
});
