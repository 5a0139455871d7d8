import type { Deployment, Node, Taint, Toleration } from '#libs/core';

/**
 * Taints that come and go with the state of a node; they keep nobody away for good.
 * https://kubernetes.io/docs/reference/labels-annotations-taints/
 */
const PASSING =
  /^(node\.kubernetes\.io\/|node\.cloudprovider\.kubernetes\.io\/|node\.cluster\.x-k8s\.io\/uninitialized)/;

/** Taints that keep pods away which do not tolerate them. */
export function lastingTaints({ spec }: Node): readonly Taint[] {
  return (spec.taints ?? []).filter(
    ({ key, effect }) => (effect === 'NoSchedule' || effect === 'NoExecute') && !PASSING.test(key),
  );
}

/** https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export function tolerates(tolerations: readonly Toleration[] = [], taint: Taint): boolean {
  return tolerations.some(({ key = '', operator = 'Equal', value = '', effect = '' }) => {
    if (effect !== '' && effect !== taint.effect) return false;
    if (key === '') return operator === 'Exists';
    return key === taint.key && (operator === 'Exists' || (operator === 'Equal' && value === (taint.value ?? '')));
  });
}

/** A toleration of everything, whatever its effect. */
export function toleratesAll({ key = '', operator, effect = '' }: Toleration): boolean {
  return key === '' && operator === 'Exists' && effect === '';
}

type PodSpec = Deployment['spec']['template']['spec'];

export interface Placement {
  /** `nodeSelector` and required node affinity narrow down where the pods may run, beyond the operating system. */
  readonly narrow: boolean;
  /** JSON pointer of what narrows, below the pod's spec; of the place where it would stand otherwise. */
  readonly pointer: string;
  allows(node: Node): boolean;
}

/** Labels that every node has, or every node of one kind of machine. */
const COMMON = new Set(['kubernetes.io/os', 'kubernetes.io/arch', 'beta.kubernetes.io/os', 'beta.kubernetes.io/arch']);

/** Where the scheduler may put a pod, taints aside. https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ */
export function placementOf({ nodeSelector = {}, affinity }: PodSpec): Placement {
  const terms = requiredTerms(affinity);
  const selecting = Object.keys(nodeSelector).some((key) => !COMMON.has(key));
  const affine =
    terms !== undefined && terms.length > 0 && terms.every((term) => term.some(({ key }) => !COMMON.has(key)));
  return {
    narrow: selecting || affine,
    pointer: affine
      ? '/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution'
      : Object.keys(nodeSelector).length > 0
        ? '/nodeSelector'
        : '',
    allows: (node) => {
      const labels = node.metadata.labels ?? {};
      if (!Object.entries(nodeSelector).every(([key, value]) => labels[key] === value)) return false;
      return terms === undefined || terms.some((term) => term.length > 0 && term.every((each) => holds(each, node)));
    },
  };
}

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
  /** Of `matchFields`: the only field is `metadata.name`. */
  readonly field: boolean;
}

/** Undefined where nothing is required; one of the terms must hold, an empty one holds for no node. */
function requiredTerms(affinity: unknown): readonly (readonly Requirement[])[] | undefined {
  const required = at(affinity, 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms');
  if (!Array.isArray(required)) return undefined;
  return required.map((term: unknown) => [
    ...requirements(at(term, 'matchExpressions'), false),
    ...requirements(at(term, 'matchFields'), true),
  ]);
}

function requirements(value: unknown, field: boolean): readonly Requirement[] {
  if (!Array.isArray(value)) return [];
  return value.map((each: unknown) => {
    const values = at(each, 'values');
    return {
      key: text(at(each, 'key')),
      operator: text(at(each, 'operator')),
      values: Array.isArray(values) ? values.map(text) : [],
      field,
    };
  });
}

function holds({ key, operator, values, field }: Requirement, { metadata }: Node): boolean {
  const value = field ? metadata.name : metadata.labels?.[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return Number(value) > Number(values[0]);
    case 'Lt':
      return Number(value) < Number(values[0]);
    default:
      return false;
  }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (each, key) =>
      typeof each === 'object' && each !== null ? (each as Readonly<Record<string, unknown>>)[key] : undefined,
    value,
  );
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
