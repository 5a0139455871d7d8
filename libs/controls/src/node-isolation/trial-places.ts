import type { JsonObject, JsonValue, Node, ProbeResult, RuntimeClass, Toleration } from '#libs/core';
import { type ProbeAnswers, refusal, wentThrough } from '../probes/probe-answers.js';
import { lastingTaints, placementOf, tolerates } from './scheduling.js';
import type { Sandboxes } from './shared-nodes.js';
import { isSandbox, isVirtual } from './tenant-pods.js';
import { CONTROL_POD, type PodVariant, boundPod, classedPod, podProbeKey, toleratingPod } from './trial-pods.js';

/** What the answers about pods are asked for, beside whether they are let in. */
export const SHOWN_OF_PODS = ['/spec/runtimeClassName', '/spec/nodeSelector', '/spec/affinity', '/spec/tolerations'];

const MAX_NODES = 3;

/** Nodes with taints, one for each set of taints: what keeps pods off one of them keeps them off the others. */
export function nodesToTry(nodes: readonly Node[]): readonly Node[] {
  const guarded = nodes.filter((node) => !isVirtual(node) && lastingTaints(node).length > 0);
  return [...new Map(guarded.toReversed().map((node) => [taintsOf(node), node])).values()]
    .toReversed()
    .slice(0, MAX_NODES);
}

export function taintsOf(node: Node): string {
  return JSON.stringify(lastingTaints(node).map(({ key, value = '', effect }) => [key, value, effect]));
}

/** The two ways onto a node: by its name, and by tolerating its taints. */
export function waysOnto(node: Node): readonly PodVariant[] {
  return [boundPod(node.metadata.name), toleratingPod(node.metadata.name, lastingTaints(node))];
}

/** `open`: the dry-run shows that it can be done. `closed`: it cannot. Undefined where nothing is proven. */
export type TrialState = 'open' | 'closed' | undefined;

interface Trialled {
  readonly state: TrialState;
  readonly result?: ProbeResult;
}

/**
 * Whether somebody in a namespace can put a pod on one of the nodes, which have the same taints. A pod that is let in
 * with a nodeSelector or an affinity that none of them meets does not run there: the plugin PodNodeSelector works so.
 * https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#podnodeselector
 */
export function ontoNodes(answers: ProbeAnswers, namespace: string, tried: Node, nodes: readonly Node[]): Trialled {
  const results = waysOnto(tried).map((way) => answers.get(podProbeKey(way, namespace)));
  const open = results.find((result) => wentThrough(result) && landsOn(result, nodes));
  if (open) return { state: 'open', result: open };
  const control = answers.get(podProbeKey(CONTROL_POD, namespace));
  // Where not even a harmless pod is let in, refusals prove nothing.
  if (control?.verdict.kind !== 'accepted') return { state: undefined };
  const closed = results.every((result) => refusal(result) !== undefined || result?.verdict.kind === 'accepted');
  const [first] = results;
  return { state: closed ? 'closed' : undefined, ...(first && { result: first }) };
}

function landsOn(result: ProbeResult | undefined, nodes: readonly Node[]): boolean {
  if (result?.verdict.kind !== 'accepted') return true;
  const shown = (field: string): JsonValue | undefined => result.shown?.[`/spec/${field}`];
  const nodeSelector = asLabels(shown('nodeSelector'));
  const affinity = asObject(shown('affinity'));
  const placement = placementOf({
    containers: [],
    ...(nodeSelector && { nodeSelector }),
    ...(affinity && { affinity }),
  });
  const byName = JSON.stringify(result.probe.body).includes('"nodeName"');
  const tolerations = shown('tolerations') as readonly Toleration[] | undefined;
  return nodes.some(
    (node) =>
      placement.allows(node) &&
      (byName || tolerations === undefined || lastingTaints(node).every((taint) => tolerates(tolerations, taint))),
  );
}

function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

function asLabels(value: JsonValue | undefined): Readonly<Record<string, string>> | undefined {
  const labels = asObject(value);
  return (
    labels &&
    Object.fromEntries(Object.entries(labels).map(([key, each]) => [key, typeof each === 'string' ? each : '']))
  );
}

/** The first runtime class whose handler is a sandbox. */
export function sandboxToTry(classes: readonly RuntimeClass[], handlers: readonly string[]): PodVariant | undefined {
  const found = classes.find(({ handler }) => isSandbox(handler, handlers));
  return found && classedPod(found.metadata.name);
}

/** Whether somebody in a namespace can create a pod without a sandbox, by naming no runtime class. */
export function withoutSandbox(
  answers: ProbeAnswers,
  namespace: string,
  { runtimeClasses, handlers }: Sandboxes,
): Trialled {
  const classes = [...(runtimeClasses ?? new Map<string, RuntimeClass>()).values()];
  const plain = answers.get(podProbeKey(CONTROL_POD, namespace));
  if (!plain) return { state: undefined };
  if (plain.verdict.kind === 'accepted') {
    // The API server answers with what admission has set.
    const name = plain.shown?.['/spec/runtimeClassName'];
    const set = classes.find(({ metadata }) => metadata.name === name);
    return { state: set && isSandbox(set.handler, handlers) ? 'closed' : 'open', result: plain };
  }
  const sandboxed = sandboxToTry(classes, handlers);
  const control = sandboxed && answers.get(podProbeKey(sandboxed, namespace));
  const closed = refusal(plain) !== undefined && control?.verdict.kind === 'accepted';
  return { state: closed ? 'closed' : undefined, result: plain };
}
