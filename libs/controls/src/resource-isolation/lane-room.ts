import { type Observation, objectReference, warn } from '#libs/core';
import { type Lane, describeLane } from '#libs/flux';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';

/** What an instance of a critical group lacks to keep running when its node is busy. */
export function roomOf(lane: Lane): readonly Observation[] {
  const { run, instance } = lane;
  const { container, pointer, object } = run;
  const spec = object.kind === 'Pod' ? object.spec : object.spec.template.spec;
  const subject = subjectOfInstance(instance);
  const reference = objectReference(object);
  const { requests = {}, limits = {} } = container.resources ?? {};
  const missing = [
    ...(requests['cpu'] === undefined || requests['memory'] === undefined ? ['requests for cpu and memory'] : []),
    ...(limits['memory'] === undefined ? ['a limit for memory'] : []),
  ];
  return [
    ...(missing.length > 0
      ? [
          warn(
            subject,
            'NO_RESOURCES',
            `${describeLane(lane)} serves critical objects without ${missing.join(' and ')}. ` +
              'A lane of its own helps little where the node gives it no room. Set the resources of its container.',
            {
              severity: 'low',
              evidence: [
                {
                  object: reference,
                  pointer: `${pointer}/resources`,
                  observed: container.resources ? { requests: { ...requests }, limits: { ...limits } } : null,
                  expected: 'requests for cpu and memory, and a limit for memory',
                },
              ],
            },
          ),
        ]
      : []),
    ...(spec.priorityClassName === undefined || spec.priorityClassName === ''
      ? [
          warn(
            subject,
            'NO_PRIORITY_CLASS',
            `${describeLane(lane)} serves critical objects without a priority class. ` +
              'Its pod can be evicted for any other one. Set priorityClassName, such as system-cluster-critical.',
            {
              severity: 'low',
              evidence: [
                {
                  object: reference,
                  pointer: `${object.kind === 'Pod' ? '' : '/spec/template'}/spec/priorityClassName`,
                  observed: null,
                  expected: 'system-cluster-critical, or a class of your own',
                },
              ],
            },
          ),
        ]
      : []),
  ];
}
