import { describe, expect, it } from 'vitest';
import type { OperatorPod, ProgramContainer } from '#libs/core';
import { namespacesServed, programSetting, sealedSecretsControllers } from './sealed-secrets-controller.js';

const container = (args: readonly string[], more: Partial<ProgramContainer> = {}): ProgramContainer => ({
  name: 'controller',
  image: 'docker.io/bitnami/sealed-secrets-controller:0.36.6',
  command: ['controller'],
  args,
  ...more,
});
const pod = (args: readonly string[] = [], more: Partial<OperatorPod> = {}): OperatorPod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'sealed-secrets-1', namespace: 'kube-system' },
  program: 'sealed-secrets-controller',
  container: container(args),
  ...more,
});

describe('a setting', () => {
  const env = { SEALED_SECRETS_KEY_RENEW_PERIOD: '1h' };
  it.each<[string, ProgramContainer, object]>([
    ['is not given', container([]), { state: 'default' }],
    ['after =', container(['--key-renew-period=0']), { text: '0', pointer: '/container/args/0' }],
    ['is the next argument', container(['--key-renew-period', '24h']), { text: '24h' }],
    ['without a value', container(['--key-renew-period']), { state: 'default' }],
    ['twice: the last', container(['--key-renew-period=0', '--key-renew-period=1h']), { text: '1h' }],
    ['after --', container(['--', '--key-renew-period=0']), { state: 'default' }],
    ['one dash is another flag', container(['-key-renew-period=0']), { state: 'default' }],
    [
      'in the command',
      container([], { command: ['controller', '--key-renew-period=0'] }),
      { pointer: '/container/command/1' },
    ],
    [
      'in the environment',
      container([], { env }),
      { text: '1h', pointer: '/container/env/SEALED_SECRETS_KEY_RENEW_PERIOD' },
    ],
    ['arguments before the environment', container(['--key-renew-period=0'], { env }), { text: '0' }],
    ['from elsewhere', container([], { env: { SEALED_SECRETS_KEY_RENEW_PERIOD: null } }), { state: 'unknown' }],
    ['by a variable', container(['--key-renew-period=$(P)'], { env: { P: '2h' } }), { text: '2h' }],
    ['by a variable that is not known', container(['--key-renew-period=$(P)']), { state: 'unknown' }],
    [
      'its name as a value',
      container(['--key-prefix', '--key-renew-period=0', '--key-renew-period=1h']),
      { text: '1h' },
    ],
  ])('%s', (_title, program, expected) => {
    expect(programSetting(program, 'key-renew-period')).toMatchObject(expected);
  });
});

it.each<[string, readonly string[], 'all' | 'unknown' | readonly string[]]>([
  ['by default', [], 'all'],
  ['said so', ['--all-namespaces'], 'all'],
  ['only its own', ['--all-namespaces=false'], ['kube-system']],
  ['a few', ['--all-namespaces=false', '--additional-namespaces=a, b'], ['kube-system', 'a', 'b']],
  ['more than all', ['--additional-namespaces=a'], 'all'],
  ['not known', ['--all-namespaces=$(X)'], 'unknown'],
  ['the word after a switch is not its value', ['--all-namespaces', 'false'], 'all'],
])('serves namespaces: %s', (_title, args, expected) => {
  const [controller] = sealedSecretsControllers([pod(args)]);
  const served = controller && namespacesServed(controller);
  expect(served instanceof Set ? [...served] : served).toEqual(expected);
});

it('knows its pods by the name of the image, and puts those of one owner together', () => {
  const owner = { kind: 'Deployment', name: 'sealed-secrets' };
  const found = sealedSecretsControllers([
    pod([], { owner }),
    pod([], { owner, program: 'bitnami-sealed-secrets-controller' }),
    pod([], { owner, metadata: { name: 'x', namespace: 'team-a' } }),
    pod([], { program: 'kubeseal-webgui' }),
    pod([], { program: 'notsealed-secrets-controllers' }),
  ]);
  expect(found.map(({ namespace, pods }) => [namespace, pods.length])).toEqual([
    ['kube-system', 2],
    ['team-a', 1],
  ]);
});
