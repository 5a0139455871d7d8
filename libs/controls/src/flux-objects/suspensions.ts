import { type Evidence, type KubernetesObject, objectReference } from '#libs/core';
import { excerpt } from '#libs/flux';
import { latest, timeOf } from '../remote-apply/remote-apply-object.js';

/** A reason that somebody wrote down, so that others know why an object is paused. */
export const REASON = 'plimsoll/suspend-reason';

/** Annotations by which an object is left alone, besides `spec.suspend`; keys and values are compared in any case. */
const DISABLED: readonly string[] = ['kustomize.toolkit.fluxcd.io/reconcile', 'fluxcd.controlplane.io/reconcile'];

/** One way in which a Flux object is kept from working. */
export interface Suspension {
  /** `suspended` by its spec, `disabled` by an annotation. */
  readonly kind: 'suspended' | 'disabled';
  /** Continues "Kustomization a/b ". */
  readonly what: string;
  readonly evidence: Evidence;
}

export function suspensionOf(object: KubernetesObject): Suspension | undefined {
  const { spec } = object as { readonly spec?: { readonly suspend?: boolean } };
  if (spec?.suspend === true) {
    return {
      kind: 'suspended',
      what: 'is suspended',
      evidence: {
        object: objectReference(object),
        pointer: '/spec/suspend',
        observed: true,
        expected: 'false or absent',
      },
    };
  }
  const annotations = Object.entries(object.metadata.annotations ?? {});
  const found = annotations.find(
    ([key, value]) => DISABLED.includes(key.toLowerCase()) && value.toLowerCase() === 'disabled',
  );
  if (!found) return undefined;
  const [key, value] = found;
  const byOperator = key.toLowerCase().startsWith('fluxcd.controlplane.io/');
  return {
    kind: 'disabled',
    what: `has the annotation ${excerpt(key, 80)}: ${excerpt(value, 20)}, so ${byOperator ? 'the Flux Operator leaves it alone' : 'changes of it in Git are not applied'}`,
    evidence: {
      object: objectReference(object),
      pointer: `/metadata/annotations/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      observed: excerpt(value, 20),
      expected: 'absent',
    },
  };
}

/** The reason on the object, as messages show it; undefined where there is none. */
export function reasonOf({ metadata }: KubernetesObject): string | undefined {
  const text = metadata.annotations?.[REASON]?.trim();
  return text === undefined || text === '' ? undefined : excerpt(text, 160);
}

/**
 * A time since when a suspension has held at least, by what the object tells: nothing but its status was changed after
 * it, or never since it was created. In milliseconds since the epoch; undefined where the object tells nothing.
 */
export function unchangedSince({ metadata }: KubernetesObject, { kind }: Suspension): number | undefined {
  const changes = (metadata.managedFields ?? []).filter(({ subresource = '' }) => subresource === '');
  const times = changes.map(({ time }) => timeOf(time));
  // A change of which the time is not known may be the last.
  if (times.length > 0 && times.every((time) => time !== undefined)) return latest(times);
  // Annotations can change without a new generation.
  return metadata.generation === 1 && kind === 'suspended' ? timeOf(metadata.creationTimestamp) : undefined;
}
