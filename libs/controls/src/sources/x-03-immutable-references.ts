import {
  type Artifacts,
  type Observation,
  type Registration,
  type Source,
  CLUSTER_SUBJECT,
  defineControl,
  fail,
  notApplicable,
  notEvaluatedBecause,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { withState } from '../controller-flags/inspect-controllers.js';
import { TENANT_CONTEXT, type TenantModel, tenantModel } from '../tenants/tenant-model.js';
import { generatedCharts } from './chart-sources.js';
import {
  type ReferenceVerdict,
  judgeArtifactReference,
  judgeChartVersion,
  judgeGitReference,
  judgeImagePolicy,
} from './mutable-reference.js';
import { tenantOfSource } from './source-verification.js';

const STAGE_LABELS = ['environment', 'env', 'stage', 'tier'];
const NOT_PRODUCTION =
  /^(?:dev|development|test|testing|qa|stage|staging|sandbox|lab|demo|preview|non-?prod(?:uction)?)$/i;

/** The label by which the registry says that a cluster is not for production. */
function stageOf({ labels = {} }: Registration): string | undefined {
  return STAGE_LABELS.map((key) => labels[key]).find((value) => value !== undefined && NOT_PRODUCTION.test(value));
}

function observed(verdict: ReferenceVerdict, model: TenantModel, stage: string | undefined): Observation {
  const { object, outcome, reason, what, advice, pointer } = verdict;
  const subject = subjectOf(object);
  if (outcome === 'pass') return pass(subject, reason, what);
  const evidence = [
    { object: objectReference(object), pointer, observed: verdict.observed, expected: verdict.expected },
  ] as const;
  const url = (object as Partial<Source>).spec?.url;
  const tenant = tenantOfSource(object, model, url);
  const whose = tenant
    ? ` It is of ${excerpt(tenant.name, 80)}, who answers for what runs there.`
    : stage === undefined
      ? ''
      : ` The registry says that this cluster is for "${excerpt(stage, 40)}".`;
  const message = `${what}${whose} ${advice}`;
  if (outcome === 'warn' || tenant || stage !== undefined) {
    return warn(subject, reason, message, { severity: 'low', evidence });
  }
  return fail(subject, reason, message, { evidence });
}

/** Kinds of sources that could be read, judged; and for each that could not, why. */
function judgeSources(sources: Artifacts['sources'], generated: ReadonlySet<string>) {
  const unread: Observation[] = [];
  const verdicts: ReferenceVerdict[] = [];
  const take = (kind: 'GitRepository' | 'OCIRepository' | 'HelmChart', judge: (source: Source) => ReferenceVerdict) => {
    const list = sources[kind];
    if (list.state === 'unavailable') {
      unread.push(notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: kind }, list));
      return;
    }
    for (const source of list.value) {
      const isChart = kind === 'HelmChart';
      if (isChart && generated.has(`${source.metadata.namespace}/${source.metadata.name}`)) continue;
      if (isChart && source.spec.sourceRef?.kind !== 'HelmRepository') continue;
      verdicts.push(judge(source));
    }
  };
  take('GitRepository', judgeGitReference);
  take('OCIRepository', judgeArtifactReference);
  take('HelmChart', judgeChartVersion);
  return { unread, verdicts };
}

export const immutableReferences = defineControl({
  id: 'FLUX-X-03',
  title: 'Sources and charts name what they mean, so that nobody can change it unseen',
  family: 'Sources',
  severity: 'medium',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'A tag, a branch or a range means something else tomorrow. ' +
    'Where the object names a digest, a commit or one version, a change of what runs is a change in Git that somebody reviewed.',
  audit:
    'Fails an OCIRepository that follows `latest` or a tag without a digest, a chart version that is absent or has no upper bound, and a GitRepository that follows a branch whose commits are not verified. ' +
    'Warnings are ranges with an upper bound, Git tags that are not verified, tags of artifacts that are verified, and an ImagePolicy that tells no digest. ' +
    'What belongs to a tenant, and clusters that the registry labels as not for production (`environment`, `env`, `stage` or `tier`), get warnings in place of failures.',
  remediation:
    'Set `spec.ref.digest` beside the tag, one version for each chart, and `spec.verify` for branches; let a tool raise them by reviewed changes.',
  references: [
    'https://fluxcd.io/flux/components/source/ocirepositories/#reference',
    'https://fluxcd.io/flux/components/source/gitrepositories/#reference',
    'https://fluxcd.io/flux/components/image/imagepolicies/#digest-reflection-policy',
  ],
  requires: ['registration', 'sources', 'helmReleases'],
  optional: [...TENANT_CONTEXT.filter((name) => name !== 'helmReleases'), 'imagePolicies'],
  examples: {
    passing: [
      {
        title: 'an artifact by its digest, a chart by its version',
        yaml: `
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: OCIRepository
          metadata: { name: apps, namespace: flux-system }
          spec:
            url: oci://ghcr.io/org/apps
            ref: { tag: v1.4.0, digest: "sha256:d3a1c6a5b2f0f3d8a2b0c9e4f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8" }
          ---
          apiVersion: helm.toolkit.fluxcd.io/v2
          kind: HelmRelease
          metadata: { name: podinfo, namespace: apps }
          spec: { chart: { spec: { chart: podinfo, version: 6.5.0, sourceRef: { kind: HelmRepository, name: podinfo } } } }`,
      },
    ],
    failing: [
      {
        title: 'the newest artifact',
        yaml: `
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: OCIRepository
          metadata: { name: apps, namespace: flux-system }
          spec: { url: "oci://ghcr.io/org/apps", ref: { tag: latest } }`,
      },
      {
        title: 'any version of a chart, and a branch that nobody verifies',
        yaml: `
          apiVersion: helm.toolkit.fluxcd.io/v2
          kind: HelmRelease
          metadata: { name: podinfo, namespace: apps }
          spec: { chart: { spec: { chart: podinfo, version: ">=6.0.0", sourceRef: { kind: HelmRepository, name: podinfo } } } }
          ---
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: fleet, namespace: flux-system }
          spec: { url: "https://github.com/org/fleet", ref: { branch: main } }`,
      },
    ],
  },
  evaluate: ({ sources, helmReleases, imagePolicies, ...context }) => {
    const model = tenantModel({ ...context, helmReleases: withState(helmReleases) });
    const stage = stageOf(context.registration);
    const { unread, verdicts } = judgeSources(sources, generatedCharts(helmReleases));
    const releases = helmReleases.filter(
      ({ spec }) => !spec.chartRef && spec.chart?.spec.sourceRef.kind === 'HelmRepository',
    );
    const policies = imagePolicies.state === 'collected' ? imagePolicies.value : [];
    const all = [...verdicts, ...releases.map(judgeChartVersion), ...policies.map(judgeImagePolicy)];
    const found = [
      ...unread,
      ...(imagePolicies.state === 'unavailable'
        ? [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: 'ImagePolicy' }, imagePolicies)]
        : []),
      ...all.map((verdict) => observed(verdict, model, stage)),
    ];
    if (found.length > 0) return found;
    const message =
      'The cluster has no source, chart or image policy that would name a revision. There is nothing to do.';
    return [notApplicable(CLUSTER_SUBJECT, 'NO_REFERENCE', message)];
  },
});
