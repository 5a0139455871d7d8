import { expect, it } from 'vitest';
import { judge } from '../../../../test/support/expect-control.js';
import { controller, SHARED } from '../../../../test/support/flux-installation.js';
import { kustomizeNoRemoteBases } from '../kustomize-controller/kc-03-no-remote-bases.js';

it.each([
  ['a flag that does not exist', '--no-such-flag=hunter2'],
  ['a value that is refused', '--requeue-dependency=hunter2'],
  ['a flag and its value in one', '--no-such-flag hunter2'],
])('shows no value of the flag that stops a controller: %s', (_, argument) => {
  const input = controller('kustomize-controller', [argument], { state: 'crashLoop' });
  const result = judge(kustomizeNoRemoteBases, input, { registration: SHARED });
  expect(result.reason).toBe('ARGUMENT_CRASH');
  const [observation] = result.observations;
  expect(observation?.evidence[0]?.observed).toBe(argument.split(/[= ]/)[0]);
  expect(JSON.stringify(result)).not.toContain('hunter2');
});
