import {
  type FluxInstance,
  type Observation,
  CLUSTER_SUBJECT,
  defineControl,
  notApplicable,
  notEvaluatedBecause,
  objectReference,
  subjectOf,
  warn,
} from '#libs/core';
import {
  COMPONENTS,
  type ControllerInstance,
  RELEASES_AS_OF,
  SUPPORTED,
  excerpt,
  fluxNamespacesOf,
  releasePlaceOf,
  supportOf,
} from '#libs/flux';
import { imageEvidence } from '../controller-flags/flag-evidence.js';
import {
  CONTEXT_ARTIFACTS,
  CONTROLLER_ARTIFACTS,
  inspectControllers,
} from '../controller-flags/inspect-controllers.js';
import { unseenControllers } from '../controller-flags/unseen-controllers.js';
import { buildsOf, judgeRelease } from './judge-release.js';

const DAY = 86_400_000;
/** In this time two minor versions of Flux come out. */
const STALE_AFTER = 180 * DAY;

/** Controllers of one installation whose releases are too far apart to have been tested with each other. */
function judgeMixture(namespace: string, instances: readonly ControllerInstance[]): readonly Observation[] {
  const places = instances
    .filter((instance) => instance.namespace === namespace)
    .flatMap((instance) =>
      buildsOf(instance).flatMap((run) => {
        const { version, newer } = run.version;
        if (version === undefined || newer) return [];
        return [{ instance, run, place: releasePlaceOf(instance.component, version) }];
      }),
    )
    .toSorted((a, b) => a.place.order - b.place.order);
  const [oldest, newest] = [places.at(0), places.at(-1)];
  if (!oldest || !newest || newest.place.order - oldest.place.order <= 1) return [];
  const name = ({ instance, place }: typeof oldest) =>
    `${instance.component} is of ${place.minor === undefined ? 'an early Flux' : `Flux ${place.minor}`}`;
  const message =
    `In namespace ${namespace}, ${name(oldest)} and ${name(newest)}. Controllers are released and tested together; objects that one writes may hold what another does not know. ` +
    'Upgrade all controllers with one release of Flux.';
  const evidence = [oldest, newest].map(({ run }) => imageEvidence(run, 'controllers of one release of Flux'));
  return [warn({ kind: 'Namespace', name: namespace }, 'COMPONENTS_MIXED', message, { severity: 'medium', evidence })];
}

/** A range that can never lead to a maintained release, or never to the next patch. */
function judgeRange(instance: FluxInstance): readonly Observation[] {
  const range = instance.spec?.distribution?.version?.trim() ?? '';
  const [, major, minor, patch] = /^[=v]*(\d+)\.(\d+)(?:\.(\d+|[x*]))?(?:-\S*)?$/.exec(range) ?? [];
  if (major === undefined || minor === undefined) return [];
  const title = `FluxInstance ${instance.metadata.namespace ?? ''}/${instance.metadata.name}`;
  const written = `asks for version "${excerpt(range, 60)}"`;
  const evidence = [
    {
      object: objectReference(instance),
      pointer: '/spec/distribution/version',
      observed: excerpt(range, 60),
      expected: 'a range of maintained releases, such as 2.x',
    },
  ];
  if (supportOf(`${major}.${minor}`) === 'endOfLife') {
    const message =
      `${title} ${written}, and Flux ${major}.${minor} is not maintained any more (as of ${RELEASES_AS_OF.date}: ${SUPPORTED.join(', ')}). The Flux Operator never leaves it. ` +
      'Set spec.distribution.version to "2.x", or to the range of a maintained minor version.';
    return [warn(subjectOf(instance), 'RANGE_END_OF_LIFE', message, { severity: 'medium', evidence })];
  }
  if (patch === undefined || !/^\d+$/.test(patch)) return [];
  const message =
    `${title} ${written}, which is one release, so the Flux Operator does not install patches. Security fixes wait until somebody changes it. ` +
    `Set spec.distribution.version to "${major}.${minor}.x", or see that a tool raises it.`;
  return [warn(subjectOf(instance), 'RANGE_EXACT', message, { severity: 'low', evidence })];
}

/** Nothing newer than the tables can be known: a pass that rests on very old ones says too much. */
function judgeTables(now: number): readonly Observation[] {
  if (now - Date.parse(RELEASES_AS_OF.date) <= STALE_AFTER) return [];
  const message =
    `This version of Plimsoll knows the releases of Flux up to v${RELEASES_AS_OF.flux} of ${RELEASES_AS_OF.date} and no later advisories. What it calls maintained may not be so any more. ` +
    'Upgrade Plimsoll.';
  return [warn({ ...CLUSTER_SUBJECT, field: 'releases' }, 'TABLE_OLD', message, { severity: 'low' })];
}

export const supportedRelease = defineControl({
  id: 'FLUX-X-11',
  title: 'Flux is a maintained release without known vulnerabilities',
  family: 'Flux controllers',
  severity: 'high',
  scope: ['shared', 'management', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'The Flux project maintains the last three minor versions; older ones get no security fixes. ' +
    'Flux holds credentials and applies what it fetches with high rights, so a known vulnerability of a controller is one of the cluster.',
  audit:
    'Tells the version of every controller by the digest of its image, its tag, or the version label of its installation, and compares it with a table of releases and a list of advisories that come with Plimsoll, each with the day up to which it is complete. ' +
    'A controller of an older minor version than the last three fails, and so does one that an advisory is about. A missing patch release is a warning. ' +
    'So are controllers of one namespace that are more than one minor version apart, and a FluxInstance whose version range ends at a release that is not maintained, or names one release. ' +
    'A version that is newer than the table is a warning that the table is outdated, never a failure; so is a table that is older than 180 days.',
  remediation:
    'Upgrade Flux the way it was installed, one minor version after the other where the release notes ask for it, and let it follow patch releases: ' +
    'a range such as `2.x` in a FluxInstance, or a tool that raises the version in Git.',
  references: [
    'https://fluxcd.io/flux/releases/',
    'https://fluxcd.io/flux/installation/upgrade/',
    'https://github.com/fluxcd/flux2/security/advisories',
  ],
  requires: CONTROLLER_ARTIFACTS,
  optional: CONTEXT_ARTIFACTS,
  examples: {
    passing: [
      {
        title: 'the newest release that is known',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata: { name: source-controller-0, namespace: flux-system }
          spec: { containers: [{ name: manager, image: "ghcr.io/fluxcd/source-controller:v1.9.4" }] }`,
      },
    ],
    failing: [
      {
        title: 'a minor version that is not maintained any more',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-0, namespace: flux-system }
          spec: { containers: [{ name: manager, image: "ghcr.io/fluxcd/kustomize-controller:v1.4.0" }] }`,
      },
      {
        title: 'a patch that lacks fixes of published vulnerabilities',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata: { name: source-controller-0, namespace: flux-system }
          spec: { containers: [{ name: manager, image: "ghcr.io/fluxcd/source-controller:v1.8.2" }] }`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const inspection = inspectControllers(artifacts, context);
    const { instances } = inspection;
    const unseen = unseenControllers(COMPONENTS, inspection);
    if (instances.length + unseen.length === 0) {
      return [notApplicable(CLUSTER_SUBJECT, 'NO_CONTROLLER', 'No controller of Flux runs in this cluster.')];
    }
    const { fluxInstances } = artifacts;
    return [
      ...unseen,
      ...instances.flatMap((instance) => judgeRelease(instance, inspection)),
      ...fluxNamespacesOf(instances).flatMap((namespace) => judgeMixture(namespace, instances)),
      ...(fluxInstances.state === 'collected'
        ? fluxInstances.value.flatMap(judgeRange)
        : [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: 'FluxInstance' }, fluxInstances)]),
      ...judgeTables(context.now),
    ];
  },
});
