import { describe, expect, it } from 'vitest';
import type { Component } from '../components.js';
import type { ArgvItem } from './container-argv.js';
import { type Build, parseArguments } from './parse-arguments.js';
import { ignoredArguments, readFlag } from './read-flag.js';

const argv = (line: readonly string[]): ArgvItem[] =>
  line.map((text, index) => ({ text, certain: text.length, unresolved: [], pointer: `/args/${index}` }));

const parse = (line: readonly string[], component: Component = 'kustomize-controller', build?: Build) =>
  parseArguments(component, argv(line), build);

const GATE = '--feature-gates=ObjectLevelWorkloadIdentity=true';

describe('what a controller makes of its arguments', () => {
  it.each<[string, string[], Component, Build | undefined, string]>([
    ['none', [], 'kustomize-controller', undefined, 'parsed'],
    ['an unknown flag', ['--nope=1'], 'kustomize-controller', undefined, 'unknownFlag'],
    [
      'an unknown flag, in a build that is not known exactly',
      ['--nope=1'],
      'kustomize-controller',
      { exact: false },
      'parsed',
    ],
    [
      '--no-cross-namespace-refs on source-controller',
      ['--no-cross-namespace-refs'],
      'source-controller',
      undefined,
      'unknownFlag',
    ],
    [
      'a selector on notification-controller',
      ['--watch-label-selector=a=b'],
      'notification-controller',
      undefined,
      'unknownFlag',
    ],
    [
      'a flag that came later',
      ['--no-remote-bases'],
      'kustomize-controller',
      { exact: true, version: '0.24.4' },
      'unknownFlag',
    ],
    ['an unknown gate', ['--feature-gates=Nope=true'], 'kustomize-controller', undefined, 'unknownGate'],
    ['an unknown gate that is off', ['--feature-gates=Nope=false'], 'kustomize-controller', undefined, 'unknownGate'],
    [
      'an unknown gate of another build',
      ['--feature-gates=Nope=true'],
      'kustomize-controller',
      { exact: false },
      'parsed',
    ],
    [
      'a gate of another controller',
      ['--feature-gates=OOMWatch=true'],
      'kustomize-controller',
      undefined,
      'unknownGate',
    ],
    ['any gate on source-watcher', ['--feature-gates=Nope=true'], 'source-watcher', undefined, 'parsed'],
    [
      'workload identity without its gate',
      ['--default-kubeconfig-service-account=x'],
      'helm-controller',
      undefined,
      'gateOff',
    ],
    ['with its gate', ['--default-kubeconfig-service-account=x', GATE], 'helm-controller', undefined, 'parsed'],
    [
      'with its gate off',
      ['--default-kubeconfig-service-account=x', GATE, '--feature-gates=ObjectLevelWorkloadIdentity=0'],
      'helm-controller',
      undefined,
      'gateOff',
    ],
    [
      'an empty account needs no gate',
      ['--default-kubeconfig-service-account='],
      'helm-controller',
      undefined,
      'parsed',
    ],
    ['impersonation needs no gate', ['--default-service-account=x'], 'helm-controller', undefined, 'parsed'],
    ['the same flag elsewhere does', ['--default-service-account=x'], 'source-controller', undefined, 'gateOff'],
    [
      'a selector',
      ['--watch-label-selector=sharding.fluxcd.io/shard in (a, b)'],
      'kustomize-controller',
      undefined,
      'parsed',
    ],
    [
      'no selector',
      ['--watch-label-selector', '--no-remote-bases=true'],
      'kustomize-controller',
      undefined,
      'badSelector',
    ],
    [
      'no selector for settings',
      ['--watch-configs-label-selector==x'],
      'kustomize-controller',
      undefined,
      'badSelector',
    ],
    ['too much jitter', ['--interval-jitter-percentage=100'], 'kustomize-controller', undefined, 'invalidValue'],
    ['help', ['--help'], 'kustomize-controller', undefined, 'help'],
  ])('%s', (_title, line, component, build, expected) => {
    const reading = parse(line, component, build);
    expect(reading.state === 'crash' ? reading.code : reading.state).toBe(expected);
  });

  it('says what to write where a flag and its value are one argument', () => {
    const reading = parse(['--default-service-account default']);
    expect(reading.state === 'crash' && reading.message).toContain('write the flag and its value with "="');
  });
});

describe('what is said of an argument', () => {
  it.each([
    ['--no-such-flag=hunter2', '"--no-such-flag" is not a flag'],
    ['--requeue-dependency=hunter2', '"--requeue-dependency" has a value'],
    ['--proxy hunter2', '"--proxy …" is one argument'],
    ['---x=hunter2', '"---x" is not a flag'],
    ['-x=hunter2', '"-x" starts with a single dash'],
  ])('%s: names the flag, never its value', (argument, words) => {
    const reading = parse([argument]);
    const message = reading.state === 'crash' ? reading.message : reading.state;
    expect(message).toContain(words);
    expect(message).not.toContain('hunter2');
  });
});

describe('one flag', () => {
  it.each<[string, string[], Component, string, unknown]>([
    ['given', ['--no-remote-bases'], 'kustomize-controller', 'no-remote-bases', true],
    ['the default', [], 'kustomize-controller', 'watch-all-namespaces', true],
    ['the default of a text', [], 'kustomize-controller', 'default-service-account', ''],
    ['a default from the environment', [], 'source-controller', 'events-addr', 'http://events/'],
    ['an argument wins over it', ['--events-addr=x'], 'source-controller', 'events-addr', 'x'],
    ['other controllers do not look there', [], 'kustomize-controller', 'events-addr', ''],
  ])('%s', (_title, line, component, flag, expected) => {
    const env = (name: string) =>
      name === 'EVENTS_ADDR' ? ({ state: 'known', value: 'http://events/' } as const) : undefined;
    const reading = readFlag(parse(line, component), flag, env);
    expect(reading.state === 'value' && reading.value).toBe(expected);
  });

  it('knows operands that were meant as flags', () => {
    const line = ['no-remote-bases=true', 'no-remote-basestation', '--', 'no-remote-bases'];
    expect(ignoredArguments(parse(line), 'no-remote-bases').map(({ pointer }) => pointer)).toEqual(['/args/0']);
  });

  it('is unclear after a flag that is not known', () => {
    const reading = readFlag(parse(['--new', '--no-remote-bases'], undefined, { exact: false }), 'no-remote-bases');
    expect(reading).toMatchObject({ state: 'undecidable', code: 'AMBIGUOUS_UNKNOWN_FLAG', pointer: '/args/0' });
  });
});
