import { stringify } from 'yaml';
import {
  type Evidence,
  type Fix,
  type Observation,
  type ProbeResult,
  type Source,
  fail,
  leastSure,
  nameList,
  notEvaluated,
  pass,
  warn,
} from '#libs/core';
import {
  type Demand,
  type PolicyRule,
  type Shortcoming,
  comesFromKnownHost,
  noExternalArtifacts,
} from '#libs/admission';
import { excerpt } from '#libs/flux';
import type { Access } from '../access/access.js';
import type { TenantIdentity } from '../access/tenant-identities.js';
import { describeTenantRights, tenantRightEvidence, tenantRights } from '../access/tenant-rights.js';
import {
  type AdmissionView,
  type Coverage,
  coverageOf,
  describeRules,
  describeShortcoming,
  ruleEvidence,
} from '../admission/admission-view.js';
import { SOURCE_TRIALS } from '../probes/flux-trials.js';
import { describeProbe, describeWho } from '../probes/probe-answers.js';
import { type PolicyProof, type ProofArtifacts, policyProof } from '../probes/policy-proof.js';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';

const GROUP = 'source.toolkit.fluxcd.io';

/** Kinds that fetch from where their author says. */
export const URL_KINDS = ['GitRepository', 'OCIRepository', 'HelmRepository', 'Bucket'] as const;
type UrlKind = (typeof URL_KINDS)[number];
type Kind = UrlKind | 'ExternalArtifact';

const RESOURCES: Readonly<Record<Kind, string>> = {
  GitRepository: 'gitrepositories',
  OCIRepository: 'ocirepositories',
  HelmRepository: 'helmrepositories',
  Bucket: 'buckets',
  ExternalArtifact: 'externalartifacts',
};

export interface SourceContext {
  readonly model: TenantModel;
  readonly access: Access;
  readonly view: AdmissionView;
  readonly writers: (tenant: Tenant) => readonly TenantIdentity[];
  /** Kinds that the cluster serves. */
  readonly kinds: readonly UrlKind[];
  /** A controller takes ExternalArtifacts. */
  readonly externalArtifacts: boolean;
  readonly sourcesOf: (tenant: Tenant) => readonly Source[];
  /** Dry-runs in the name of tenants, and what their weight hangs on. */
  readonly proof: ProofArtifacts;
}

interface Answer {
  readonly kind: Kind;
  readonly coverage: Coverage;
  readonly rights: ReturnType<typeof tenantRights>;
}

/** Whether policies say where the sources of a tenant may come from. */
export function judgeSources(tenant: Tenant, context: SourceContext): Observation {
  const kinds: readonly Kind[] = [
    ...context.kinds,
    ...(context.externalArtifacts ? (['ExternalArtifact'] as const) : []),
  ];
  const writers = context.writers(tenant);
  const answers = kinds.flatMap((kind) => answerFor(kind, tenant, writers, context));
  const { model } = context;
  const subject = { kind: 'Tenant', name: tenant.name };
  const name = excerpt(tenant.name, 80);
  const confidence = leastSure(model.confidence, 'derived');
  if (answers.length === 0) {
    return pass(
      subject,
      'NO_SOURCES_BY_TENANT',
      `Nobody of ${name} may create sources in its namespaces, as far as RBAC tells.`,
      { confidence },
    );
  }
  const through = answers.filter(({ kind }) => proofFor(kind, [], tenant, context)?.state === 'letIn');
  const [firstThrough] = through;
  if (firstThrough) {
    const proof = proofFor(firstThrough.kind, [], tenant, context);
    return anySource(tenant, through, undefined, { where: '', context, ...(proof && { result: proof.result }) });
  }
  const open = answers.filter(({ coverage }) => coverage.state === 'open');
  if (open.length === 0) {
    const rules = [...new Set(answers.flatMap(({ coverage }) => (coverage.state === 'enforced' ? coverage.by : [])))];
    const proofs = answers.flatMap(({ kind }) => proofFor(kind, rules, tenant, context) ?? []);
    const [proof] = proofs.length === answers.length ? proofs : [];
    const evidence = ruleEvidence(rules, 'refuses sources of unknown hosts');
    return pass(
      subject,
      'SOURCES_RESTRICTED',
      `${describeRules(rules)} refuses sources of ${name} from hosts that the platform does not allow, ${proof ? 'and refused them in dry-runs' : 'as far as its text tells'}: ${names(answers)}.`,
      proof
        ? {
            confidence: leastSure(model.confidence, 'proven'),
            evidence: evidence.map((each) => ({ ...each, note: describeProbe(proof.result) })),
          }
        : { confidence, evidence },
    );
  }
  const nearest = open.map(({ coverage }) => nearestOf(coverage)).find((each) => each !== undefined);
  const unclear = nearest?.gap === 'notUnderstood' ? nearest : undefined;
  const where =
    open.map(({ coverage }) => (coverage.state === 'open' ? coverage.where : '')).find((each) => each !== '') ?? '';
  if (unclear) {
    return notEvaluated(
      subject,
      'undecidable',
      'POLICY_NOT_UNDERSTOOD',
      `Whether ${name} may create sources of any host cannot be told: ${describeShortcoming(unclear, where)} Compare spec.url with the allowed prefixes by startsWith, so that it can be read.`,
      { confidence, evidence: ruleEvidence([unclear.rule], 'a rule about where sources come from') },
    );
  }
  return anySource(tenant, open, nearest, { where, context });
}

function answerFor(
  kind: Kind,
  tenant: Tenant,
  writers: readonly TenantIdentity[],
  { access, view, model }: SourceContext,
): readonly Answer[] {
  const create = (namespace: string) => ({ verb: 'create', group: GROUP, resource: RESOURCES[kind], namespace });
  const rights = tenantRights(writers, access, tenant.namespaces.map(create));
  const places = [...new Set(rights.flatMap(({ request }) => request.namespace ?? []))].map((namespace) => ({
    tenant,
    namespace,
  }));
  if (places.length === 0) return [];
  const demand: Demand = kind === 'ExternalArtifact' ? noExternalArtifacts : comesFromKnownHost(kind);
  const coverage: Coverage = model.unknownNamespaces
    ? { state: 'open', where: '', nearest: undefined }
    : coverageOf(view, [demand], places);
  return [{ kind, coverage, rights }];
}

/** What dry-runs in the namespaces of one tenant came to. */
function proofFor(
  kind: Kind,
  rules: readonly PolicyRule[],
  tenant: Tenant,
  { model, proof }: SourceContext,
): PolicyProof | undefined {
  if (kind === 'ExternalArtifact') return undefined;
  return policyProof([SOURCE_TRIALS[kind]], rules, { ...model, tenants: [tenant] }, proof);
}

function nearestOf(coverage: Coverage): Shortcoming | undefined {
  return coverage.state === 'open' ? coverage.nearest : undefined;
}

function anySource(
  tenant: Tenant,
  open: readonly Answer[],
  nearest: Shortcoming | undefined,
  {
    where,
    context,
    result,
  }: { readonly where: string; readonly context: SourceContext; readonly result?: ProbeResult },
): Observation {
  const { model, sourcesOf } = context;
  const rights = open.flatMap((answer) => answer.rights);
  const near = describeShortcoming(nearest, where);
  const [first, ...more] = tenantRightEvidence(rights, tenant, model, 'a policy that says where sources may come from');
  const evidence: [Evidence, ...Evidence[]] = [
    result ? { ...first, note: describeProbe(result) } : first,
    ...more,
    ...(nearest ? ruleEvidence([nearest.rule], 'refuses sources of unknown hosts') : []),
  ];
  const details = {
    severity: 'medium' as const,
    confidence: leastSure(model.confidence, result ? 'proven' : 'derived'),
    evidence,
    fixes: restrictingPolicy(tenant, sourcesOf(tenant)),
  };
  const subject = { kind: 'Tenant', name: tenant.name };
  const message =
    `${describeTenantRights(rights)}, and no policy says where they may come from: ${names(open)}.${near === undefined ? '' : ` ${near}`}${result ? ` A dry-run in the name of ${describeWho(result)} that ${excerpt(result.probe.what, 160)} was not refused.` : ''} ` +
    `What Flux applies for ${excerpt(tenant.name, 80)} then needs no review and no registry of the platform. ` +
    'Let an admission policy compare the address with a list of the platform.';
  return tenant.declaredHigh
    ? fail(subject, 'ANY_SOURCE', message, details)
    : warn(subject, 'ANY_SOURCE', message, details);
}

function names(answers: readonly Answer[]): string {
  return nameList(answers.map(({ kind }) => kind));
}

const MAX_PREFIXES = 20;

/** A policy that allows the hosts of today. */
function restrictingPolicy(tenant: Tenant, sources: readonly Source[]): readonly Fix[] {
  const prefixes = [...new Set(sources.flatMap(({ spec }) => hostPrefix(spec.url) ?? []))].toSorted();
  const allowed = prefixes.length > 0 ? prefixes.slice(0, MAX_PREFIXES) : ['https://git.example.com/'];
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const name = 'allowed-sources';
  const policy = {
    apiVersion,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: [GROUP],
            apiVersions: ['*'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['gitrepositories', 'ocirepositories', 'helmrepositories', 'buckets'],
          },
        ],
      },
      validations: [
        {
          expression: `has(object.spec.url) && ${JSON.stringify(allowed)}.exists(prefix, object.spec.url.startsWith(prefix))`,
          message: 'The source is not one that the platform allows.',
        },
      ],
    },
  };
  const binding = {
    apiVersion,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: {
      policyName: name,
      validationActions: ['Deny'],
      matchResources: {
        namespaceSelector: {
          matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: tenant.namespaces }],
        },
      },
    },
  };
  const title =
    prefixes.length > MAX_PREFIXES
      ? `Allow the hosts of today, of which ${prefixes.length - MAX_PREFIXES} more must be added, and refuse others`
      : 'Allow the hosts that its sources use today, and refuse others; it refuses Buckets altogether';
  return [
    {
      form: 'manifest',
      title,
      content: [policy, binding].map((each) => stringify(each, { lineWidth: 0 })).join('---\n'),
    },
  ];
}

/** `https://github.com/` of a URL; what is none is left out. */
function hostPrefix(url: string | undefined): string | undefined {
  return /^[a-z+]+:\/\/[^/\s]+\//.exec(`${url ?? ''}/`)?.[0];
}
