import {
  type Evidence,
  type Fix,
  type HelmRelease,
  type KubernetesObject,
  type Observation,
  count,
  fail,
  nameList,
  objectReference,
  subjectOf,
  warn,
} from '#libs/core';
import { type Lane, type LaneKeys, describeLane, excerpt } from '#libs/flux';
import { stringify } from 'yaml';
import type { Relation } from './related-objects.js';
import { nameOf } from './served-objects.js';

type Labels = Readonly<Record<string, string>>;
/** The lanes that an object is in. */
type FindLanes = (object: LaneKeys) => readonly Lane[];

/** What helm-controller calls the chart that it makes: only its labels and namespace matter here. */
function chartOf(release: HelmRelease): LaneKeys {
  const { name, namespace = 'default' } = release.metadata;
  const { metadata, spec } = release.spec.chart ?? {};
  return {
    kind: 'HelmChart',
    metadata: {
      namespace: spec?.sourceRef.namespace ?? namespace,
      labels: {
        ...metadata?.labels,
        'helm.toolkit.fluxcd.io/name': name,
        'helm.toolkit.fluxcd.io/namespace': namespace,
      },
    },
  };
}

const namesOf = (lanes: readonly Lane[]): string => nameList(lanes.map(describeLane), 5) || 'no instance';
const sameLanes = (left: readonly Lane[], right: readonly Lane[]): boolean =>
  left.length === right.length && left.every((lane) => right.includes(lane));

function labelEvidence(object: KubernetesObject, keys: ReadonlySet<string>, expected: string): Evidence {
  const labels = Object.entries(object.metadata.labels ?? {}).filter(([key]) => keys.has(key));
  return {
    object: objectReference(object),
    pointer: '/metadata/labels',
    observed: object.metadata.labels === undefined ? null : Object.fromEntries(labels),
    expected,
  };
}

/** Pairs of which the reader must find the other one in the cache of its own instance. */
export function judgePairs(
  relations: readonly Relation<KubernetesObject>[],
  find: FindLanes,
  keys: ReadonlySet<string>,
  reason: string,
): readonly Observation[] {
  return relations.flatMap((relation) => {
    const [reader, needed] = [find(relation.object), find(relation.needs)];
    return reader.length > 0 && isApart(reader, needed) ? [apart(relation, reader, needed, keys, reason)] : [];
  });
}

/** A reader whose instance has what it needs not in its cache. */
function apart(
  { object, needs }: Relation<KubernetesObject>,
  reader: readonly Lane[],
  needed: readonly Lane[],
  keys: ReadonlySet<string>,
  reason: string,
): Observation {
  return fail(
    subjectOf(object),
    reason,
    `${nameOf(object)} is in the lane of ${namesOf(reader)}, but ${nameOf(needs)}, which it needs, is in that of ${namesOf(needed)}. ` +
      'An instance sees only what its own selector matches, so it will never find it. Give both the same labels.',
    {
      evidence: [
        labelEvidence(object, keys, `the lane of ${nameOf(needs)}`),
        labelEvidence(needs, keys, `the lane of ${nameOf(object)}`),
      ],
    },
  );
}

function isApart(reader: readonly Lane[], needed: readonly Lane[]): boolean {
  return reader.some((lane) => !needed.includes(lane));
}

/** The HelmChart that a HelmRelease will make, before it exists. */
export function judgeRelease(
  relation: Relation<HelmRelease>,
  find: FindLanes,
  keys: ReadonlySet<string>,
): readonly Observation[] {
  const { object, needs } = relation;
  const made = chartOf(object);
  const chart = find(made);
  const wanted = find({ kind: 'HelmChart', metadata: { ...made.metadata, labels: object.metadata.labels ?? {} } });
  const own = Object.fromEntries(Object.entries(object.metadata.labels ?? {}).filter(([key]) => keys.has(key)));
  if (Object.keys(own).length > 0 && wanted.length > 0 && !sameLanes(wanted, chart)) {
    return [missingLabels(object, own, chart, wanted)];
  }
  const needed = find(needs);
  return chart.length > 0 && isApart(chart, needed)
    ? [apart(relation, chart, needed, keys, 'CHART_IN_OTHER_LANE')]
    : [];
}

function missingLabels(object: HelmRelease, own: Labels, chart: readonly Lane[], wanted: readonly Lane[]): Observation {
  const { name, namespace } = object.metadata;
  const given = object.spec.chart?.metadata?.labels;
  const content = stringify(
    {
      apiVersion: object.apiVersion,
      kind: object.kind,
      metadata: { name, namespace },
      spec: { chart: { metadata: { labels: own } } },
    },
    { lineWidth: 0 },
  );
  const fix: Fix = { form: 'manifest', title: 'Give the chart the labels of its HelmRelease', content };
  return fail(
    subjectOf(object),
    'CHART_LABELS_MISSING',
    `${nameOf(object)} has the labels ${excerpt(
      Object.entries(own)
        .map(([key, value]) => `${key}=${value}`)
        .join(', '),
    )}, but the HelmChart that it makes does not get them and is left to ${namesOf(chart)} instead of ${namesOf(wanted)}. ` +
      'So its chart is fetched in another lane, or not at all where the repository is not in it. Set spec.chart.metadata.labels.',
    {
      evidence: [
        {
          object: objectReference(object),
          pointer: given ? '/spec/chart/metadata/labels' : '/spec/chart/metadata',
          observed: given ? Object.fromEntries(Object.entries(given).filter(([key]) => Object.hasOwn(own, key))) : null,
          expected: Object.entries(own)
            .map(([key, value]) => `${key}=${value}`)
            .join(', '),
        },
      ],
      fixes: [fix],
    },
  );
}

/** Sources of other lanes than what uses them: works, but the lanes are not apart. One observation for each source. */
export function judgeConsumers(
  relations: readonly Relation<KubernetesObject>[],
  find: FindLanes,
  keys: ReadonlySet<string>,
) {
  const found = new Map<KubernetesObject, KubernetesObject[]>();
  for (const { object, needs } of relations) {
    const { kind, metadata } = needs;
    const wanted = find({
      kind,
      metadata: {
        ...(metadata.namespace && { namespace: metadata.namespace }),
        labels: object.metadata.labels ?? {},
      },
    });
    if (wanted.length === 0 || sameLanes(wanted, find(needs))) continue;
    const users = found.get(needs);
    if (users) users.push(object);
    else found.set(needs, [object]);
  }
  return [...found].map(([source, users]) =>
    warn(
      subjectOf(source),
      'SOURCE_IN_OTHER_LANE',
      `${nameOf(source)} is in the lane of ${namesOf(find(source))}, but ${count(users.length, 'object')} of other lanes ${users.length === 1 ? 'takes' : 'take'} it: ${nameList(users.map(nameOf))}. ` +
        'That works, but those objects then wait for an instance outside their lane. Give the source the labels of what uses it, or a source of its own to each lane.',
      {
        severity: 'low',
        evidence: [
          labelEvidence(source, keys, 'the lane of the objects that use it'),
          ...users.slice(0, 3).map((user) => labelEvidence(user, keys, `the lane of ${nameOf(source)}`)),
        ],
      },
    ),
  );
}
