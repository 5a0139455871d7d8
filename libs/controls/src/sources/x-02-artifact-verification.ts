import {
  type Artifacts,
  type Collected,
  type HelmRelease,
  type Observation,
  type Source,
  CLUSTER_SUBJECT,
  defineControl,
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
import { chartOriginOf, generatedCharts, sourcesByName } from './chart-sources.js';
import { type SignedObject, judgeSignature } from './judge-signature.js';
import { type IdentityJudge, identityJudge } from './oidc-identity.js';
import { judgeCondition, tenantOfSource, titleOf } from './source-verification.js';
import { artifactFixes, chartFixes } from './verification-fixes.js';

interface Facts {
  readonly sources: Artifacts['sources'];
  readonly model: TenantModel;
  readonly secretFacts: Collected<Artifacts['secretFacts']>;
  readonly flawsOf: IdentityJudge;
}

/** Steps of a matcher for all patterns of a snapshot. */
const BUDGET = 3_000_000;

function verified(object: SignedObject['object']): Observation {
  const message = `What ${titleOf(object)} leads to is verified, and only the signature of somebody certain passes. There is nothing to do.`;
  return pass(subjectOf(object), 'VERIFIED', message);
}

function judged(signed: SignedObject, source: Source | undefined, { flawsOf }: Facts): readonly Observation[] {
  const settings = judgeSignature(signed, flawsOf);
  if (!signed.verify) return settings ? [settings] : [];
  const condition = source && judgeCondition(source);
  const found = [settings, condition].filter((observation) => observation !== undefined);
  return found.length > 0 ? found : [verified(signed.object)];
}

function judgeArtifact(source: Source, facts: Facts): readonly Observation[] {
  const signed: SignedObject = {
    object: source,
    verify: source.spec.verify,
    pointer: '/spec/verify',
    namespace: source.metadata.namespace ?? '',
    secretFacts: facts.secretFacts,
    tenant: tenantOfSource(source, facts.model, source.spec.url),
    what: 'artifact',
    withoutIdentity: false,
    fixes: () => artifactFixes(source),
  };
  return judged(signed, source, facts);
}

/** Signatures of charts are verified in registries only; charts in Git come with its commits. */
function judgeChart(object: HelmRelease | Source, facts: Facts): readonly Observation[] {
  const subject = subjectOf(object);
  const { namespace = '' } = object.metadata;
  const isRelease = object.kind === 'HelmRelease';
  const template = isRelease ? object.spec.chart?.spec : object.spec;
  if (!template) return [];
  const tenant = tenantOfSource(object, facts.model);
  const origin = chartOriginOf(template.sourceRef, namespace, facts.sources);
  if (origin.kind === 'files') return [];
  if (origin.kind === 'unread') return [notEvaluatedBecause(subject, origin.artifact)];
  const signed: SignedObject = {
    object,
    verify: template.verify,
    pointer: isRelease ? '/spec/chart/spec/verify' : '/spec/verify',
    namespace: template.sourceRef?.namespace ?? namespace,
    secretFacts: facts.secretFacts,
    tenant,
    what: 'chart',
    withoutIdentity: isRelease,
    fixes: () => (isRelease ? chartFixes(object, origin.kind === 'missing' ? undefined : origin.repository) : []),
  };
  if (origin.kind === 'http' && !tenant) return [cannotVerify(object, template.sourceRef?.name ?? '')];
  if (!isRelease || !signed.verify) return judged(signed, isRelease ? undefined : object, facts);
  return judgeReleaseChart(object, signed, facts);
}

/** source-controller reports on the HelmChart that helm-controller made. */
function judgeReleaseChart(release: HelmRelease, signed: SignedObject, facts: Facts): readonly Observation[] {
  const { HelmChart: charts } = facts.sources;
  const subject = subjectOf(release);
  const settings = judgeSignature(signed, facts.flawsOf);
  const own = settings ? [settings] : [];
  if (charts.state === 'unavailable') return [...own, notEvaluatedBecause(subject, charts)];
  const chart = sourcesByName(charts.value).get(release.status?.helmChart ?? '');
  if (chart) return judged(signed, chart, facts);
  if (settings) return own;
  const message =
    `The chart of ${titleOf(release)} is to be verified, and there is no HelmChart yet that would say whether it was. ` +
    'Look at the conditions of the HelmRelease, or run the audit again when it was reconciled.';
  const object = objectReference(release);
  const expected = 'the HelmChart that was made for it';
  const evidence = { object, pointer: '/spec/chart/spec/verify', observed: 'set', expected };
  return [warn(subject, 'NOT_YET_VERIFIED', message, { severity: 'low', evidence: [evidence] })];
}

function cannotVerify(object: HelmRelease | Source, repository: string): Observation {
  const message =
    `${titleOf(object)} takes its chart from a HelmRepository over HTTP, where Flux verifies no signatures. Whoever can change that repository decides what is installed. ` +
    'Take the chart from a registry (oci://), by an OCIRepository with spec.verify; mirror and sign it where its publisher does not.';
  const pointer = object.kind === 'HelmRelease' ? '/spec/chart/spec/sourceRef' : '/spec/sourceRef';
  const evidence = {
    object: objectReference(object),
    pointer: `${pointer}/name`,
    observed: excerpt(repository, 120),
    expected: 'an OCIRepository, or a HelmRepository of type oci',
  };
  return warn(subjectOf(object), 'CANNOT_BE_VERIFIED', message, { severity: 'medium', evidence: [evidence] });
}

export const artifactVerification = defineControl({
  id: 'FLUX-X-02',
  title: 'Flux verifies who signed the artifacts and charts of the platform',
  family: 'Sources',
  severity: 'high',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'Whoever can push to a registry decides what Flux installs from it. ' +
    'A signature ties an artifact to the one who made it, if Flux also demands whose signature it is: anybody can sign.',
  audit:
    'Fails an OCIRepository, HelmChart or HelmRelease of the platform that takes an artifact from a registry without `verify`; those of tenants are their own matter. ' +
    'Where verification is on, whoever owns the object, these fail: cosign without a key and without `matchOIDCIdentity`, which a HelmRelease cannot have; an identity that strangers match, or whose subject is not anchored with ^ and $; a Secret without keys; and a condition `SourceVerified` that is not `True`. ' +
    'A chart from a HelmRepository over HTTP is a warning, because Flux cannot verify it. Charts in Git are verified with its commits (FLUX-X-01).',
  remediation:
    'Sign artifacts in the workflow that releases them, and set `spec.verify` with a key, or with the issuer and the whole subject of that workflow. ' +
    'For charts use an OCIRepository and `spec.chartRef`.',
  references: [
    'https://fluxcd.io/flux/components/source/ocirepositories/#verification',
    'https://fluxcd.io/flux/components/source/helmcharts/#verification',
    'https://fluxcd.io/flux/security/best-practices/',
  ],
  requires: ['registration', 'sources', 'helmReleases'],
  optional: [...TENANT_CONTEXT.filter((name) => name !== 'helmReleases'), 'secretFacts'],
  examples: {
    passing: [
      {
        title: 'one workflow may sign',
        yaml: `
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: OCIRepository
          metadata: { name: apps, namespace: flux-system }
          spec:
            url: oci://ghcr.io/org/apps
            verify:
              provider: cosign
              matchOIDCIdentity:
                - issuer: ^https://token\\.actions\\.githubusercontent\\.com$
                  subject: ^https://github\\.com/org/apps/\\.github/workflows/release\\.yml@refs/tags/.*$
          status: { conditions: [{ type: SourceVerified, status: 'True', reason: Succeeded }] }`,
      },
    ],
    failing: [
      {
        title: 'nothing is verified',
        yaml: `
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: OCIRepository
          metadata: { name: apps, namespace: flux-system }
          spec: { url: "oci://ghcr.io/org/apps", ref: { tag: latest } }`,
      },
      {
        title: 'the signature of anyone passes',
        yaml: `
          apiVersion: helm.toolkit.fluxcd.io/v2
          kind: HelmRelease
          metadata: { name: podinfo, namespace: apps }
          spec:
            chart:
              spec:
                chart: podinfo
                version: 6.5.0
                sourceRef: { kind: HelmRepository, name: podinfo }
                verify: { provider: cosign }
          ---
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: HelmRepository
          metadata: { name: podinfo, namespace: apps }
          spec: { type: oci, url: "oci://ghcr.io/stefanprodan/charts" }`,
      },
    ],
  },
  evaluate: ({ sources, secretFacts, helmReleases, ...context }) => {
    const model = tenantModel({ ...context, helmReleases: withState(helmReleases) });
    const facts: Facts = { sources, model, secretFacts, flawsOf: identityJudge({ left: BUDGET }) };
    const generated = generatedCharts(helmReleases);
    const of = (kind: 'OCIRepository' | 'HelmChart', judge: (source: Source) => readonly Observation[]) => {
      const list = sources[kind];
      if (list.state === 'unavailable') return [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: kind }, list)];
      return list.value.flatMap(judge);
    };
    const found = [
      ...of('OCIRepository', (source) => judgeArtifact(source, facts)),
      ...of('HelmChart', (source) =>
        generated.has(`${source.metadata.namespace}/${source.metadata.name}`) ? [] : judgeChart(source, facts),
      ),
      ...helmReleases.flatMap((release) => (release.spec.chartRef ? [] : judgeChart(release, facts))),
    ];
    if (found.length > 0) return found;
    const message = 'Flux takes no artifacts and no charts from registries here. There is nothing to verify.';
    return [notApplicable(CLUSTER_SUBJECT, 'NO_ARTIFACT', message)];
  },
});
