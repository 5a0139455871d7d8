import { createHash } from 'node:crypto';

/** A Kubernetes object as plain JSON. */
export interface SimulatedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly creationTimestamp?: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** An object whose state follows the clock (milliseconds since the epoch), such as one that is reconciled again and again. */
export type LiveObject = (now: number) => SimulatedObject;

/** The same text always gives the same UUID (version 4 in form). */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** `namespace/name`, or the name of a cluster-scoped object: also the order in which lists are answered. */
export function objectKey({ metadata }: SimulatedObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export function kubernetesTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
