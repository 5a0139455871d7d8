import { type Evidence, objectReference } from '#libs/core';
import { type ControllerInstance, componentOfKind, lanesOf, readFlag, servedBy } from '#libs/flux';
import type { Referring } from './foreign-references.js';

const FLAG = 'no-cross-namespace-refs';

/** Whether references of an object to other namespaces are followed by whoever reconciles it. */
export type Guard =
  /** Some controller that reconciles it follows them. */
  | { readonly state: 'open'; readonly evidence: Evidence }
  /** Every controller that reconciles it refuses them: by the flag, or because it sees its own namespace only. */
  | { readonly state: 'closed'; readonly evidence: Evidence; readonly byFlag: boolean }
  /** No controller was found that reconciles it, or what it is told cannot be read. */
  | { readonly state: 'unknown'; readonly why: string };

/** Reads the flag of the controllers that reconcile each object. `now` in milliseconds since the epoch. */
export function guardsOf(instances: readonly ControllerInstance[], now: number): (object: Referring) => Guard {
  const { lanes, problems } = lanesOf(instances, now);
  return (object) => {
    const serving = servedBy(object, lanes);
    const component = componentOfKind(object.kind) ?? '';
    const unclear = problems.find((problem) => problem.instance.component === component && problem.kind !== 'stopped');
    if (unclear)
      return { state: 'unknown', why: `it cannot be told what ${component} reconciles, because ${unclear.why}` };
    let closed: Guard | undefined;
    for (const { run, namespace } of serving) {
      const reading = readFlag(run.arguments, FLAG, run.env);
      const item = reading.state === 'value' ? reading.item : undefined;
      const evidence: Evidence = {
        object: objectReference(run.object),
        pointer: item ? `${run.pointer}${item.pointer}` : run.pointer === '' ? '' : `${run.pointer}/name`,
        observed: item ? item.text : run.container.name,
        expected: `--${FLAG}=true`,
        ...(item === undefined && { note: `This container has no --${FLAG}.` }),
      };
      if (reading.state !== 'value') return { state: 'unknown', why: `--${FLAG} of ${component} cannot be read` };
      if (reading.value !== true && namespace === null) return { state: 'open', evidence };
      closed = { state: 'closed', evidence, byFlag: reading.value === true };
    }
    return closed ?? { state: 'unknown', why: `no ${component} was found that reconciles it` };
  };
}
