import type { Evidence } from '#libs/core';
import { type ObjectFacts, evidenceAt } from './object-facts.js';
import { timeOf } from './remote-apply-object.js';

export interface LastRun {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly evidence: Evidence;
  /** The controller wrote down when it ran; otherwise the time is derived from what it changed. */
  readonly recorded: boolean;
}

/** When the controller last ran: the latest of all traces that a run leaves, even one that changes nothing. */
export function lastRun(facts: ObjectFacts): LastRun | undefined {
  const { object, ready } = facts;
  const expected = 'a run within the interval';
  const trace = (pointer: string, text: string | undefined, recorded = false): LastRun[] => {
    const at = timeOf(text);
    return at === undefined ? [] : [{ at, evidence: evidenceAt(facts, pointer, text ?? null, expected), recorded }];
  };
  const controller = object.kind === 'Kustomization' ? 'kustomize-controller' : 'helm-controller';
  const traces = [
    ...(ready ? trace(`${ready.pointer}/lastTransitionTime`, ready.condition.lastTransitionTime) : []),
    ...(object.metadata.managedFields ?? []).flatMap(({ manager, subresource, time }, index) =>
      subresource === 'status' && manager?.endsWith(controller)
        ? trace(`/metadata/managedFields/${index}/time`, time)
        : [],
    ),
    ...(object.kind === 'Kustomization'
      ? trace('/status/history/0/lastReconciled', object.status?.history?.[0]?.lastReconciled, true)
      : []),
  ];
  const [first, ...others] = traces;
  if (!first) return undefined;
  const last = others.reduce((a, b) => (b.at > a.at ? b : a), first);
  return { ...last, recorded: traces.some(({ recorded }) => recorded) };
}
