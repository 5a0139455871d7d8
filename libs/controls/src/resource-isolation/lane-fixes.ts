import { type Fix, type LabelRequirement, count, nameList } from '#libs/core';
import {
  type FixTarget,
  type Lane,
  SELECTOR_FLAG,
  isSatisfiable,
  parseWatchSelector,
  selectorsOverlap,
  servedBy,
  setArgumentFixes,
} from '#libs/flux';
import { stringify } from 'yaml';
import { type ServedObject, nameOf } from './served-objects.js';

/** A selector for the lane that leaves what the others select to them; undefined where none can be found. */
export function narrowed(wide: Lane, others: readonly Lane[]): string | undefined {
  const exclusions =
    wide.selector.text === '' ? keyExclusions(others) : others.flatMap((lane) => valueExclusions(lane));
  if (exclusions.length === 0) return undefined;
  const text = [...(wide.selector.text === '' ? [] : [wide.selector.text]), ...new Set(exclusions)].join(',');
  const { requirements, refused } = parseWatchSelector(text);
  if (requirements === undefined || refused !== undefined || !isSatisfiable(requirements)) return undefined;
  return others.some(({ selector }) => selectorsOverlap(requirements, selector.requirements)) ? undefined : text;
}

/** As upstream's guide has it for the default lane: without the keys that shards select by. */
function keyExclusions(others: readonly Lane[]): readonly string[] {
  const keys = others.flatMap(({ selector }) => {
    const key = selector.requirements.find(({ operator }) => operator === 'in' || operator === 'exists')?.key;
    return key === undefined ? [] : [key];
  });
  return [...new Set(keys)].toSorted().map((key) => `!${key}`);
}

function valueExclusions({ selector }: Lane): readonly string[] {
  const [first] = selector.requirements;
  return first === undefined ? [] : [opposite(first)];
}

function opposite({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'in':
      return `${key} notin (${values.join(',')})`;
    case 'notIn':
      return `${key} in (${values.join(',')})`;
    case 'exists':
      return `!${key}`;
    default:
      return key;
  }
}

/** How to give the lane its new selector, in the form that fits the installation. */
export function selectorFixes(target: FixTarget, text: string, others: readonly Lane[]): readonly Fix[] {
  const { install } = target;
  const sharding = shardingOf(others);
  if (install.method !== 'fluxOperator' || !install.instance || !sharding) {
    return setArgumentFixes(target, `--${SELECTOR_FLAG}=${text}`);
  }
  const { name, namespace } = install.instance;
  return [
    {
      form: 'fluxOperatorPatch',
      title: 'Let the Flux Operator make the shards: it gives the default instances the selector that leaves them out',
      content: stringify(
        {
          apiVersion: 'fluxcd.controlplane.io/v1',
          kind: 'FluxInstance',
          metadata: { name, namespace },
          spec: { sharding },
        },
        { lineWidth: 0 },
      ),
    },
  ];
}

/** Shards of one key with one value each, which is what a FluxInstance can say. */
function shardingOf(others: readonly Lane[]): { readonly key: string; readonly shards: readonly string[] } | undefined {
  const pairs = others.map(({ selector: { requirements } }) =>
    requirements.length === 1 && requirements[0]?.operator === 'in' ? requirements[0] : undefined,
  );
  const [first] = pairs;
  if (!first || pairs.some((pair) => pair?.key !== first.key)) return undefined;
  return { key: first.key, shards: [...new Set(pairs.flatMap((pair) => pair?.values ?? []))].toSorted() };
}

/** Which live objects leave the lane with the new selector, and which of them nobody would serve then, as sentences. */
export function previewOf(wide: Lane, text: string, lanes: readonly Lane[], objects: readonly ServedObject[]): string {
  const { requirements = [] } = parseWatchSelector(text);
  const after: Lane = { ...wide, selector: { text, requirements } };
  const others = lanes.filter((lane) => lane !== wide);
  const leaving = objects.filter(
    (object) => servedBy(object, [wide]).length > 0 && servedBy(object, [after]).length === 0,
  );
  const lost = leaving.filter((object) => servedBy(object, others).length === 0);
  const moved = leaving.length - lost.length;
  const kept = new Set(lost);
  const sentences = [
    ...(moved > 0
      ? [
          `With --${SELECTOR_FLAG}=${text}, ${count(moved, 'object')} will be left to the other instances: ${nameList(leaving.filter((object) => !kept.has(object)).map(nameOf))}.`,
        ]
      : []),
    ...(lost.length > 0
      ? [
          `With --${SELECTOR_FLAG}=${text}, ${count(lost.length, 'object')} will lose their only instance, so give them the label of one first: ${nameList(lost.map(nameOf))}.`,
        ]
      : []),
  ];
  return sentences.length > 0
    ? sentences.join(' ')
    : `With --${SELECTOR_FLAG}=${text}, no object that exists changes hands.`;
}
