import {
  type Artifacts,
  type Evidence,
  type KubernetesObject,
  type Kustomization,
  type Observation,
  derived,
  fail,
  nameList,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt, parseFluxDuration } from '#libs/flux';
import { applierOf, correctionMarks, inventoryId, removalOf } from '../flux-objects/correction-marks.js';
import type { AccessAnalysis } from './access-analysis.js';

/** An object is to be corrected within this time. Minutes. */
export const HEALING_MINUTES = 10;

const BOOTSTRAPPED = 'kubernetes.io/bootstrapping';
const FLUX_OPERATOR = 'fluxcd.controlplane.io/name';

/** Kubernetes itself restores these at every start, and the system's own namespaces cannot be deleted. */
export function isRestoredByKubernetes({ kind, metadata }: KubernetesObject): boolean {
  return (
    metadata.labels?.[BOOTSTRAPPED] === 'rbac-defaults' ||
    (kind === 'Namespace' && ['kube-system', 'default', 'kube-public'].includes(metadata.name))
  );
}

interface Appliers {
  readonly byName: ReadonlyMap<string, Kustomization>;
  /** Ids of the inventory, by the same names. */
  readonly inventories: ReadonlyMap<string, ReadonlySet<string>>;
}

export const appliersOf = derived((kustomizations: Artifacts['kustomizations']): Appliers => {
  const named = kustomizations.map((each) => [`${each.metadata.namespace ?? ''}/${each.metadata.name}`, each] as const);
  return {
    byName: new Map(named),
    inventories: new Map(
      named.map(([name, { status }]) => [name, new Set(status?.inventory?.entries?.map(({ id }) => id))]),
    ),
  };
});

/** Kustomizations that some tenant may change or delete, and by whom. */
export function writableKustomizations(
  { reach }: AccessAnalysis,
  kustomizations: Artifacts['kustomizations'],
): ReadonlyMap<KubernetesObject, readonly string[]> {
  const writable = new Map<KubernetesObject, string[]>();
  for (const { tenant, groups } of reach) {
    if (groups.some(({ admin, adminElsewhere }) => admin !== undefined || adminElsewhere !== undefined)) {
      for (const each of kustomizations) writable.set(each, [...(writable.get(each) ?? []), tenant.name]);
      continue;
    }
    for (const { object } of groups.flatMap(({ revocations }) => revocations)) {
      if (object.kind !== 'Kustomization' || object.object === undefined) continue;
      writable.set(object.object, [...(writable.get(object.object) ?? []), tenant.name]);
    }
  }
  return writable;
}

interface Problem {
  readonly reason: string;
  readonly text: string;
  /** Whether a change would stay; by default, it would. */
  readonly consequence?: string;
  readonly advice: string;
  readonly evidence: Evidence;
}

export interface HealingContext {
  readonly analysis: AccessAnalysis;
  readonly appliers: Appliers;
  readonly writable: ReadonlyMap<KubernetesObject, readonly string[]>;
}

/** Whether a change of one access object would be seen and undone. */
export function judgeHealing(object: KubernetesObject, context: HealingContext): Observation {
  const { namespace, name } = object.metadata;
  const title = `${object.kind} ${excerpt(namespace === undefined ? name : `${namespace}/${name}`, 120)}`;
  const marks = correctionMarks(object).filter(({ effect }) => effect === 'off');
  const [first, ...others] = marks;
  if (first) {
    return fail(
      subjectOf(object),
      'HEALING_OFF',
      `${title}, on which the platform’s access rests, carries ${marks.map(({ key, value }) => `${key}: ${value}`).join(', ')}. Flux passes it over, stays ready and sends no event, so a change of it would stay and stay unseen. Find out who set the mark, and remove it.`,
      {
        evidence: [first.evidence, ...others.map(({ evidence }) => evidence)],
        fixes: [{ form: 'steps', title: 'Remove the mark', content: removalOf(object, marks) }],
      },
    );
  }
  const problem = problemOf(object, context);
  if (problem) {
    return warn(
      subjectOf(object),
      problem.reason,
      `${title}, on which the platform’s access rests, ${problem.text}. ${problem.consequence ?? 'A change of it would stay until somebody notices.'} ${problem.advice}`,
      { confidence: 'derived', evidence: [problem.evidence] },
    );
  }
  return pass(
    subjectOf(object),
    'SELF_HEALING',
    `${title} is in the inventory of a Kustomization of the platform that corrects it within ${HEALING_MINUTES} minutes.`,
    { confidence: 'derived' },
  );
}

const IN_GIT = 'Put it into a Kustomization of the platform with prune: true and an interval of 10 minutes or less.';

function problemOf(object: KubernetesObject, context: HealingContext): Problem | undefined {
  const applier = applierOf(object);
  if (applier === undefined) {
    const operated = object.metadata.labels?.[FLUX_OPERATOR];
    if (operated !== undefined) {
      return {
        reason: 'HEALED_BY_OPERATOR_UNPROVEN',
        text: `carries the label of the Flux Operator (${FLUX_OPERATOR}: ${excerpt(operated, 80)}) and is in no inventory of a Kustomization`,
        consequence:
          'Anybody who may change the object can set such a label, and it does not tell whether the operator runs, or how soon it would undo a change.',
        advice: `${IN_GIT} Or see to it that the operator corrects the object within ${HEALING_MINUTES} minutes.`,
        evidence: {
          object: objectReference(object),
          pointer: '/metadata/labels/fluxcd.controlplane.io~1name',
          observed: excerpt(operated, 120),
          expected: 'the label kustomize.toolkit.fluxcd.io/name',
        },
      };
    }
    return {
      reason: 'NOT_APPLIED_BY_FLUX',
      text: 'is not applied by Flux',
      advice: IN_GIT,
      evidence: {
        object: objectReference(object),
        pointer: '/metadata/name',
        observed: excerpt(object.metadata.name, 120),
        expected: 'the label kustomize.toolkit.fluxcd.io/name',
      },
    };
  }
  const kustomization = context.appliers.byName.get(applier);
  if (kustomization === undefined) {
    return {
      reason: 'HEALED_FROM_ELSEWHERE',
      text: `was applied by Kustomization ${excerpt(applier, 120)}, which is not on this cluster`,
      advice:
        'Applied from another cluster, it is only corrected while the platform has access; have a break-glass way in for the time after (FLUX-BG-01), or let a Flux on this cluster apply it.',
      evidence: {
        object: objectReference(object),
        pointer: '/metadata/labels/kustomize.toolkit.fluxcd.io~1name',
        observed: excerpt(object.metadata.labels?.['kustomize.toolkit.fluxcd.io/name'] ?? '', 120),
        expected: 'a Kustomization of this cluster',
      },
    };
  }
  return problemWith(kustomization, applier, object, context);
}

function problemWith(
  kustomization: Kustomization,
  applier: string,
  object: KubernetesObject,
  { analysis, appliers, writable }: HealingContext,
): Problem | undefined {
  const { spec, metadata } = kustomization;
  const title = `Kustomization ${excerpt(applier, 120)}`;
  const at = (pointer: string, observed: Evidence['observed'], expected: string): Evidence => ({
    object: objectReference(kustomization),
    pointer,
    observed,
    expected,
  });
  const named = at('/metadata/name', excerpt(metadata.name, 120), 'a Kustomization of the platform');
  const owner = analysis.model.tenantOf(metadata.namespace);
  if (owner) {
    return {
      reason: 'APPLIED_BY_TENANT',
      text: `is applied by ${title}, which is in a namespace of tenant ${owner.name}`,
      advice: IN_GIT,
      evidence: named,
    };
  }
  const writers = writable.get(kustomization);
  if (writers) {
    return {
      reason: 'TENANT_WRITABLE',
      text: `is applied by ${title}, which tenant ${nameList(writers)} may change`,
      advice: 'Take that right away from the tenant (FLUX-DED-01).',
      evidence: named,
    };
  }
  if (appliers.inventories.get(applier)?.has(inventoryId(object)) !== true) {
    return {
      reason: 'NOT_IN_INVENTORY',
      text: `says that ${title} applied it, and is not in the inventory of that`,
      advice: IN_GIT,
      evidence: named,
    };
  }
  if (spec.suspend === true) {
    return {
      reason: 'SUSPENDED',
      text: `is applied by ${title}, which is suspended`,
      advice: `Resume it: flux resume kustomization ${metadata.name}.`,
      evidence: at('/spec/suspend', true, 'false'),
    };
  }
  if (spec.prune !== true) {
    return {
      reason: 'NO_PRUNE',
      text: `is applied by ${title}, which does not prune`,
      advice: 'Set spec.prune: true, so that what is added beside it and removed from Git goes.',
      evidence: at('/spec/prune', spec.prune ?? null, 'true'),
    };
  }
  const interval = parseFluxDuration(spec.interval);
  if (interval === undefined || interval > HEALING_MINUTES * 60_000) {
    return {
      reason: 'SLOW_HEALING',
      text: `is applied by ${title}, which looks at it every ${excerpt(spec.interval ?? 'unknown time', 40)} only`,
      advice: `Set spec.interval: ${HEALING_MINUTES}m or less.`,
      evidence: at('/spec/interval', spec.interval ?? null, `${HEALING_MINUTES}m or less`),
    };
  }
  return undefined;
}
