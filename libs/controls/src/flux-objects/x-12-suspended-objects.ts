import {
  type Artifacts,
  type Collected,
  type KubernetesObject,
  type Observation,
  CLUSTER_SUBJECT,
  SOURCE_KINDS,
  count,
  defineControl,
  fail,
  notApplicable,
  notEvaluatedBecause,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { shellText } from '../git-sources/shell-text.js';
import { type ObjectSightings, sightingsByObject } from '../remote-apply/object-sightings.js';
import { HOUR, durationText, earliest } from '../remote-apply/remote-apply-object.js';
import { REASON, reasonOf, suspensionOf, unchangedSince } from './suspensions.js';

const ID = 'FLUX-X-12';
const GRACE_HOURS = 24;

/** Artifacts of one or more kinds each. */
const OPTIONAL = {
  alerts: ['Alert'],
  providers: ['Provider'],
  receivers: ['Receiver'],
  imageRepositories: ['ImageRepository'],
  imagePolicies: ['ImagePolicy'],
  imageUpdateAutomations: ['ImageUpdateAutomation'],
  artifactGenerators: ['ArtifactGenerator'],
  fluxInstances: ['FluxInstance'],
  resourceSets: ['ResourceSet', 'ResourceSetInputProvider'],
} as const;
type OptionalName = keyof typeof OPTIONAL;
const OPTIONAL_NAMES = Object.keys(OPTIONAL) as readonly OptionalName[];

type Lists = { readonly [N in OptionalName]: Collected<Artifacts[N]> } & Pick<
  Artifacts,
  'kustomizations' | 'helmReleases' | 'sources'
>;

interface Gathered {
  readonly objects: readonly KubernetesObject[];
  readonly unread: readonly {
    readonly kinds: readonly string[];
    readonly artifact: Extract<Collected<unknown>, { state: 'unavailable' }>;
  }[];
}

function gather(lists: Lists): Gathered {
  const objects: KubernetesObject[] = [...lists.kustomizations, ...lists.helmReleases];
  const unread: Gathered['unread'][number][] = [];
  const take = (kinds: readonly string[], artifact: Collected<readonly KubernetesObject[]>) => {
    if (artifact.state === 'unavailable') unread.push({ kinds, artifact });
    else for (const object of artifact.value) objects.push(object);
  };
  for (const kind of SOURCE_KINDS) take([kind], lists.sources[kind]);
  for (const name of OPTIONAL_NAMES) take(OPTIONAL[name], lists[name]);
  return { objects, unread };
}

const DOING: Readonly<Record<string, string>> = {
  Alert: 'No message about the objects that it names is sent meanwhile.',
  Provider: 'No message is sent through it meanwhile.',
  Receiver: 'Calls of its webhook have no effect meanwhile.',
};
const STOPPED = 'Changes and security fixes do not arrive and drift is not corrected meanwhile.';

function judgeSuspended(
  object: KubernetesObject,
  sightings: ObjectSightings,
  { now, grace }: { readonly now: number; readonly grace: number },
): Observation | undefined {
  const suspension = suspensionOf(object);
  if (!suspension) return undefined;
  const { kind, metadata } = object;
  const place = `${metadata.namespace ?? ''}/${metadata.name}`;
  const title = `${kind} ${excerpt(place, 140)}`;
  const since = earliest(sightings.sight('suspended', suspension.kind), unchangedSince(object, suspension));
  const subject = subjectOf(object);
  const details = { sightings: sightings.keys };
  const reason = reasonOf(object);
  if (reason !== undefined) {
    const message = `${title} ${suspension.what}, on purpose: "${reason}". There is nothing to do until that is over.`;
    return pass(subject, 'SUSPENDED_WITH_REASON', message, details);
  }
  const age = now - since;
  const message =
    `${title} ${suspension.what}, for at least ${durationText(age)}. ${DOING[kind] ?? STOPPED} ` +
    `Resume it, or write down why it must wait in the annotation ${REASON}; a pause of up to ${durationText(grace)} is tolerated.`;
  // Other operators have kinds of the same names.
  const resource = `${kind.toLowerCase()}.${object.apiVersion.split('/', 1)[0] ?? ''}`;
  const target = `${resource} ${shellText(metadata.name)} --namespace ${shellText(metadata.namespace ?? '')}`;
  const command = `kubectl annotate ${target}`;
  const resume =
    suspension.evidence.pointer === '/spec/suspend'
      ? `kubectl patch ${target} --type=merge -p '{"spec":{"suspend":false}}'`
      : `${command} ${suspension.evidence.pointer.split('/').at(-1)?.replaceAll('~1', '/').replaceAll('~0', '~') ?? ''}-`;
  const fixes = [
    {
      form: 'steps',
      title: 'Resume it, or say why not',
      content: `# Where Git says so, change it there.\n${resume}\n# or\n${command} ${REASON}='…'\n`,
    },
  ] as const;
  const outcome = { ...details, evidence: [suspension.evidence] as const, fixes };
  if (age > grace) return fail(subject, 'SUSPENDED', message, outcome);
  return warn(subject, 'SUSPENDED', message, { ...outcome, severity: 'low', confidence: 'derived' });
}

export const suspendedObjects = defineControl({
  id: ID,
  title: 'No Flux object stays suspended without a reason that is written down',
  family: 'Flux objects',
  severity: 'medium',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'A suspended object looks as it did when it was last ready. ' +
    'Changes and security fixes do not arrive, drift is not corrected, Alerts send nothing, and no event says so. Objects that were paused for an hour are found months later.',
  audit:
    'Looks at every object of Flux and of the Flux Operator for `spec.suspend`, and for the annotations `kustomize.toolkit.fluxcd.io/reconcile: disabled` and `fluxcd.controlplane.io/reconcile: disabled`. ' +
    'It fails where that is known to last longer than the grace time of the cluster (`suspendGraceHours`, 24 hours by default), counted from when it was first seen, or from the last change of the object where that is earlier; before, it is a warning. ' +
    'An annotation `plimsoll/suspend-reason` on the object passes.',
  remediation:
    'Resume the object with `flux resume`, or remove it. Where it must wait, write down why in the annotation `plimsoll/suspend-reason`.',
  references: [
    'https://fluxcd.io/flux/cmd/flux_suspend/',
    'https://fluxcd.io/flux/components/kustomize/kustomizations/#suspend',
    'https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources',
  ],
  requires: ['registration', 'sightings', 'kustomizations', 'helmReleases', 'sources'],
  optional: OPTIONAL_NAMES,
  examples: {
    passing: [
      {
        title: 'paused, and everybody can read why',
        yaml: `
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata:
            name: apps
            namespace: flux-system
            annotations: { plimsoll/suspend-reason: "moving the database, until 5 November" }
          spec: { path: ./apps, suspend: true }`,
      },
    ],
    failing: [
      {
        title: 'suspended since it was made',
        yaml: `
          apiVersion: helm.toolkit.fluxcd.io/v2
          kind: HelmRelease
          metadata: { name: podinfo, namespace: apps, generation: 1, creationTimestamp: "2026-06-01T00:00:00Z" }
          spec: { suspend: true, chartRef: { kind: OCIRepository, name: podinfo } }`,
      },
    ],
  },
  evaluate: ({ registration, sightings, ...lists }, { now }): readonly Observation[] => {
    const { objects, unread } = gather(lists);
    const history = sightingsByObject(ID, sightings, now);
    const grace = (registration.suspendGraceHours ?? GRACE_HOURS) * HOUR;
    const found = objects.flatMap((object) => judgeSuspended(object, history(object), { now, grace }) ?? []);
    const earlier = Object.keys(sightings.firstSeen);
    const gaps = unread.map(({ kinds, artifact }) => ({
      ...notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: kinds.join(', ') }, artifact),
      // What cannot be looked at now is not known to be over.
      sightings: earlier.filter((key) => kinds.some((kind) => key.startsWith(`${ID}/suspended/${kind}/`))),
    }));
    if (found.length + gaps.length > 0) return [...found, ...gaps];
    if (objects.length === 0) {
      const message = 'The cluster has no object of Flux, so none can be suspended. There is nothing to do.';
      return [notApplicable(CLUSTER_SUBJECT, 'NO_FLUX_OBJECTS', message)];
    }
    const message = `None of the ${count(objects.length, 'object')} of Flux is suspended. There is nothing to do.`;
    return [pass(CLUSTER_SUBJECT, 'NOTHING_SUSPENDED', message)];
  },
});
