import { describe, expect, it } from 'vitest';
import { type Container, collected } from '#libs/core';
import { containerArgv } from './arguments/container-argv.js';
import { type ContainerHome, environmentOf } from './arguments/environment.js';
import { parseArguments } from './arguments/parse-arguments.js';
import { readFlag } from './arguments/read-flag.js';
import { excerpt } from './excerpt.js';

const HOME: ContainerHome = { namespace: 'a', labels: {}, annotations: {}, spec: { containers: [] } };
/** About as much as the API server takes in one object. */
const MANY = 100_000;

function read(container: Partial<Container>, flag: string, exact = true) {
  const whole: Container = { name: 'manager', image: 'x', ...container };
  const env = environmentOf(whole, HOME, {});
  const argv = containerArgv(whole, 'kustomize-controller', env);
  return readFlag(parseArguments('kustomize-controller', argv, { exact }), flag, env);
}

const repeated = (...texts: string[]): string[] => Array.from({ length: MANY }, () => texts).flat();

/** Each of these would take minutes, or all memory, if its cost grew with the square of its size or faster. */
describe('command lines that nobody writes', () => {
  it.each<[string, Partial<Container>, boolean]>([
    ['one flag many times', { args: repeated('--default-service-account=x') }, true],
    ['a list of many', { args: repeated('--override-manager=x') }, true],
    ['many gates', { args: Array.from({ length: MANY }, (_, index) => `--feature-gates=G${index}=true`) }, false],
    ['many operands', { args: repeated('x') }, true],
    ['many operands after --', { args: ['--', ...repeated('x')] }, true],
    ['many flags that are not known', { args: repeated('--new', '--no-remote-bases') }, false],
    ['many variables that are not closed', { args: ['$('.repeat(500_000)] }, true],
    ['a number of many digits', { args: [`--concurrent=${'9'.repeat(1_000_000)}`] }, true],
    ['a duration of many digits', { args: [`--requeue-dependency=${'9'.repeat(1_000_000)}s`] }, true],
    [
      'many sources of variables',
      { envFrom: repeated('s').map((name) => ({ secretRef: { name } })), args: ['$(A)'] },
      true,
    ],
  ])('%s', (_title, container, exact) => {
    expect(['value', 'crash', 'undecidable']).toContain(read(container, 'no-remote-bases', exact).state);
  });

  it('does not expand variables without end', () => {
    const env = Array.from({ length: 12 }, (_, index) => ({
      name: `V${index}`,
      value: index === 0 ? 'x'.repeat(1000) : `$(V${index - 1})`.repeat(100),
    }));
    const reading = read({ env, args: ['--sops-age-secret=$(V11)'] }, 'sops-age-secret');
    expect(reading).toMatchObject({ state: 'undecidable', code: 'UNRESOLVED_ENV' });
  });

  it('are shown in part', () => {
    const reading = read({ args: [`--nope=${'x'.repeat(100_000)}`] }, 'no-remote-bases');
    expect(reading.state === 'crash' && reading.message.length).toBeLessThan(400);
    expect(excerpt('a\n\u0000b')).toBe('a b');
    expect(excerpt('x'.repeat(1000))).toBe(`${'x'.repeat(159)}…`);
  });

  it('does not mistake a collected list for an absent one', () => {
    const maps = { 'a/m': collected(null) };
    expect(environmentOf({ name: 'x', image: 'x', envFrom: [{ configMapRef: { name: 'm' } }] }, HOME, maps)('A')).toBe(
      undefined,
    );
  });
});
