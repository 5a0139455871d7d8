import { describe, expect, it } from 'vitest';
import type { Container } from '#libs/core';
import { containerArgv } from './container-argv.js';

const lookup = (name: string) =>
  name === 'SECRET' ? ({ state: 'unresolved', why: 'it comes from a Secret', missing: [] } as const) : undefined;

function argv(container: Partial<Container>): unknown {
  const result = containerArgv({ name: 'manager', image: 'x', ...container }, 'helm-controller', lookup);
  return 'code' in result
    ? `${result.code} ${result.pointer}`
    : result.map(({ text, pointer }) => `${pointer} ${text}`);
}

describe('the arguments of a container', () => {
  it.each<[string, Partial<Container>, unknown]>([
    ["the image's entrypoint", { args: ['--a', '--b'] }, ['/args/0 --a', '/args/1 --b']],
    ['nothing', {}, []],
    ['an empty command', { command: [], args: ['--a'] }, ['/args/0 --a']],
    ['the program itself', { command: ['helm-controller'], args: ['--a'] }, ['/args/0 --a']],
    ['with a path', { command: ['/usr/local/bin/helm-controller', '--a'] }, ['/command/1 --a']],
    [
      'an init',
      { command: ['/sbin/tini', '--', 'helm-controller', '--a'], args: ['--b'] },
      ['/command/3 --a', '/args/0 --b'],
    ],
    ['env', { command: ['env', 'A=b', 'helm-controller'], args: ['--a'] }, ['/args/0 --a']],
    [
      'the program as an argument of an init',
      { command: ['tini', '--'], args: ['helm-controller', '--a'] },
      ['/args/1 --a'],
    ],
    ['another program', { command: ['/manager'], args: ['--a'] }, 'UNKNOWN_COMMAND /command'],
    ['a shell with a variable', { command: ['sh', '-c', 'exec helm-controller $OPTS'] }, 'SHELL_WRAPPER /command/2'],
    ['a shell with a list', { command: ['sh', '-c', 'sleep 1; helm-controller'] }, 'SHELL_WRAPPER /command/2'],
    ['a shell with quotes', { command: ['sh', '-c', 'helm-controller --a="b"'] }, 'SHELL_WRAPPER /command/2'],
    ['a shell with two lines', { command: ['sh', '-c', 'echo\nhelm-controller --a'] }, 'SHELL_WRAPPER /command/2'],
    ['a shell with a Secret', { command: ['sh', '-c', 'helm-controller $(SECRET)'] }, 'SHELL_WRAPPER /command/2'],
    ['a shell with a script file', { command: ['sh', '/start.sh'], args: ['--a'] }, 'SHELL_WRAPPER /args/0'],
    [
      'a shell whose $0 is the program',
      { command: ['sh', '-c', 'x y', 'helm-controller', '--a'] },
      'SHELL_WRAPPER /command/2',
    ],
    [
      'a shell that runs it after something',
      { command: ['sh', '-c', 'time helm-controller --a'] },
      'SHELL_WRAPPER /command/2',
    ],
    [
      'a shell with one plain command',
      { command: ['/bin/sh', '-ec', ' exec helm-controller --a=b  c '] },
      ['/command/2 --a=b', '/command/2 c'],
    ],
    ['the same in args', { command: ['sh', '-c'], args: ['helm-controller --a'] }, ['/args/0 --a']],
  ])('%s', (_title, container, expected) => {
    expect(argv(container)).toEqual(expected);
  });
});
