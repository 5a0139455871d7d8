import { type Evidence, type KubernetesObject, objectReference } from '#libs/core';
import { excerpt } from '#libs/flux';

const PREFIX = 'kustomize.toolkit.fluxcd.io/';
const APPLIED_BY = `${PREFIX}name`;
const APPLIED_FROM = `${PREFIX}namespace`;

/**
 * What a mark on a live object does. `off`: kustomize-controller leaves the object as it is, and its Kustomization stays
 * ready. `partial`: fields of others are left. `unpruned`: it stays when it is removed from Git. `none`: only counts
 * where it stands in Git.
 * https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources
 */
export type MarkEffect = 'off' | 'partial' | 'unpruned' | 'none';

/** An annotation or label by which kustomize-controller is told not to correct an object. */
export interface CorrectionMark {
  readonly key: string;
  readonly value: string;
  readonly effect: MarkEffect;
  readonly evidence: Evidence;
}

const EFFECTS: Readonly<Record<string, MarkEffect>> = {
  'reconcile: disabled': 'off',
  'ssa: ignore': 'off',
  'ssa: merge': 'partial',
  'ssa: ifnotpresent': 'none',
  'prune: disabled': 'unpruned',
};

/** The marks on an object, as annotation or label; kustomize-controller compares keys and values in any case. */
export function correctionMarks(object: KubernetesObject): readonly CorrectionMark[] {
  return (['annotations', 'labels'] as const).flatMap((place) =>
    Object.entries(object.metadata[place] ?? {}).flatMap(([key, value]): readonly CorrectionMark[] => {
      const name = key.toLowerCase();
      if (!name.startsWith(PREFIX)) return [];
      const effect = EFFECTS[`${name.slice(PREFIX.length)}: ${value.toLowerCase()}`];
      if (effect === undefined) return [];
      return [
        {
          key: excerpt(key, 80),
          value: excerpt(value, 40),
          effect,
          evidence: {
            object: objectReference(object),
            pointer: `/metadata/${place}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
            observed: excerpt(value, 40),
            expected: 'absent: the object is corrected when it drifts',
          },
        },
      ];
    }),
  );
}

/** `namespace/name` of the Kustomization that applied an object, by the labels that kustomize-controller sets. */
export function applierOf({ metadata }: KubernetesObject): string | undefined {
  const name = metadata.labels?.[APPLIED_BY];
  return name === undefined ? undefined : `${metadata.labels?.[APPLIED_FROM] ?? ''}/${name}`;
}

/**
 * The id of an object in `status.inventory` of a Kustomization: `namespace_name_group_kind`, where colons in names of
 * RBAC objects are written as two underscores. Source: `object.ObjMetadata` of sigs.k8s.io/cli-utils.
 */
export function inventoryId({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return [metadata.namespace ?? '', metadata.name.replaceAll(':', '__'), group, kind].join('_');
}

/** Commands that remove marks from a live object. */
export function removalOf(object: KubernetesObject, marks: readonly CorrectionMark[]): string {
  const { namespace, name } = object.metadata;
  const where = namespace === undefined ? '' : ` --namespace ${namespace}`;
  const plain = /^[\w.:@-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
  return marks
    .map(({ key, evidence }) => {
      const verb = evidence.pointer.startsWith('/metadata/labels/') ? 'label' : 'annotate';
      return `kubectl ${verb} ${object.kind.toLowerCase()} ${plain}${where} ${key}-`;
    })
    .join('\n');
}
