import {
  type Evidence,
  type Fix,
  type ImageUpdateAutomation,
  type KubernetesObject,
  type Observation,
  type Source,
  fail,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { yamlScalar } from '../fix-text/yaml-scalar.js';
import { tenantOfSource, titleOf } from '../sources/source-verification.js';
import { repositoryKey } from '../tenants/ownership.js';
import type { TenantModel } from '../tenants/tenant-model.js';
import { type PushTarget, follows } from './automation-targets.js';

/** What is the same for all automations of a cluster. */
export interface AutomationFacts {
  readonly model: TenantModel;
  /** GitRepositories by the repository that they lead to. */
  readonly followers: ReadonlyMap<string, readonly Source[]>;
  /** What is applied from a GitRepository, by `namespace/name`. */
  readonly applied: ReadonlyMap<string, KubernetesObject>;
}

type Known = Extract<PushTarget, { state: 'known' }>;

/** Options that ask for a merge request, which is what is wanted. */
const HARMLESS_OPTION = /^(?:merge_request\.(?:create|target|title|description|label|assign|milestone|draft)|topic)$/;

/** What is to be said about one automation whose repository is known. */
export function judgeAutomation(
  automation: ImageUpdateAutomation,
  target: Known,
  facts: AutomationFacts,
): readonly Observation[] {
  const found = [
    ...directPush(automation, target, facts),
    ...foreignRepository(automation, target, facts),
    ...unsigned(automation),
    ...sharedCredential(automation, target, facts),
    ...pushOptions(automation),
  ];
  if (found.length > 0) return found;
  const message = `${titleOf(automation)} pushes signed commits to a branch that nothing is applied from. There is nothing to do.`;
  return [pass(subjectOf(automation), 'REVIEWED', message)];
}

function evidenceOf(
  object: KubernetesObject,
  pointer: string,
  observed: Evidence['observed'],
  expected: string,
): Evidence {
  return { object: objectReference(object), pointer, observed, expected };
}

const branchName = (branch: string | undefined): string =>
  branch === undefined ? 'the default branch' : `the branch ${excerpt(branch, 80)}`;

function shortRef(ref: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(ref).map(([key, value]) => [excerpt(key, 40), excerpt(value, 80)]));
}

/** Nobody reviews what goes straight to a branch that is applied. */
function directPush(automation: ImageUpdateAutomation, target: Known, facts: AutomationFacts): readonly Observation[] {
  const others = facts.followers.get(repositoryKey(target.repository.spec.url ?? '')) ?? [];
  for (const branch of target.branches) {
    const follower = others.find((source) => follows(source, branch));
    if (!follower) continue;
    const expected = 'a branch that is merged after a review';
    const written =
      target.pointer === undefined
        ? evidenceOf(automation, '/spec/sourceRef/name', automation.spec.sourceRef?.name ?? null, expected)
        : evidenceOf(automation, target.pointer, branch ?? null, expected);
    const followed = follower.spec.ref
      ? evidenceOf(follower, '/spec/ref', shortRef(follower.spec.ref), 'another branch')
      : evidenceOf(follower, '/spec/url', excerpt(follower.spec.url ?? '', 200), 'another branch');
    const message =
      `${titleOf(automation)} pushes to ${branchName(branch)}, which ${titleOf(follower)} follows. What it finds in a registry is applied without anybody having looked at it. ` +
      'Push to a branch of its own (spec.git.push.branch), and merge that after a review.';
    return [
      fail(subjectOf(automation), 'PUSHES_TO_RECONCILED_BRANCH', message, {
        evidence: [written, followed],
        fixes: [branchFix(automation)],
      }),
    ];
  }
  return [];
}

function branchFix({ apiVersion, metadata }: ImageUpdateAutomation): Fix {
  const { name, namespace = '' } = metadata;
  const content = [
    `apiVersion: ${apiVersion}`,
    'kind: ImageUpdateAutomation',
    'metadata:',
    `  name: ${yamlScalar(name)}`,
    `  namespace: ${yamlScalar(namespace)}`,
    'spec:',
    '  git:',
    '    push:',
    `      branch: ${yamlScalar(`flux-image-updates-${name}`)}`,
    '# and let the Git host open a pull request for that branch',
    '',
  ].join('\n');
  return { form: 'manifest', title: 'Push to a branch of its own', content };
}

/** An automation of a tenant with a credential that writes to a repository of the platform. */
function foreignRepository(
  automation: ImageUpdateAutomation,
  { repository }: Known,
  { model, followers }: AutomationFacts,
): readonly Observation[] {
  const tenant = tenantOfSource(automation, model);
  if (!tenant) return [];
  const all = [repository, ...(followers.get(repositoryKey(repository.spec.url ?? '')) ?? [])];
  const platforms = all.find((source) => !tenantOfSource(source, model, source.spec.url));
  if (!platforms) return [];
  const name = excerpt(automation.spec.sourceRef?.name ?? '', 120);
  const message =
    `${titleOf(automation)} of ${excerpt(tenant.name, 80)} pushes to the repository of ${titleOf(platforms)}, which is of the platform. Its credential may write to everything in there, whatever spec.update.path says. ` +
    `Give ${excerpt(tenant.name, 80)} a repository of its own, and take the credential with write access away.`;
  return [
    fail(subjectOf(automation), 'TENANT_WRITES_PLATFORM_REPOSITORY', message, {
      confidence: model.confidence,
      evidence: [
        evidenceOf(automation, '/spec/sourceRef/name', name, `a repository of ${excerpt(tenant.name, 80)}`),
        evidenceOf(
          platforms,
          '/spec/url',
          excerpt(platforms.spec.url ?? '', 200),
          'a repository that no tenant writes to',
        ),
      ],
    }),
  ];
}

function unsigned(automation: ImageUpdateAutomation): readonly Observation[] {
  if (automation.spec.git?.signingKey?.secretRef) return [];
  const message =
    `${titleOf(automation)} does not sign its commits. Flux cannot verify them then, so the repository cannot be verified at all. ` +
    'Name a Secret with a key in spec.git.commit.signingKey, and put its public half among those that the source verifies.';
  const hasGit = automation.spec.git !== undefined;
  return [
    warn(subjectOf(automation), 'UNSIGNED_COMMITS', message, {
      severity: 'medium',
      evidence: [evidenceOf(automation, hasGit ? '/spec/git/signingKey' : '/spec/git', null, 'a signing key')],
    }),
  ];
}

/** The credential that writes is that of a source from which something is applied, which need only read. */
function sharedCredential(
  automation: ImageUpdateAutomation,
  { repository }: Known,
  { applied }: AutomationFacts,
): readonly Observation[] {
  const { secretRef } = repository.spec;
  const user = applied.get(`${repository.metadata.namespace}/${repository.metadata.name}`);
  if (!secretRef || !user) return [];
  const message =
    `${titleOf(automation)} pushes with the credential of ${titleOf(repository)}, from which ${titleOf(user)} is applied. So the credential that is only needed to read may write. ` +
    'Make a GitRepository with a credential of its own for the automation, and let the other one read only.';
  return [
    warn(subjectOf(automation), 'WRITE_CREDENTIAL_FOR_READING', message, {
      severity: 'medium',
      evidence: [
        evidenceOf(
          repository,
          '/spec/secretRef/name',
          excerpt(secretRef.name, 120),
          'a credential that only the automation uses',
        ),
        evidenceOf(user, '/metadata/name', user.metadata.name, 'a source of its own'),
      ],
    }),
  ];
}

function pushOptions(automation: ImageUpdateAutomation): readonly Observation[] {
  const options = automation.spec.git?.pushOptions ?? [];
  const notable = options.filter((name) => !HARMLESS_OPTION.test(name));
  if (notable.length === 0) return [];
  const names = notable.slice(0, 5).map((name) => excerpt(name, 60));
  const message =
    `${titleOf(automation)} pushes with the options ${names.join(', ')}. Options can skip checks, or merge without a review, depending on the Git host. ` +
    'Remove those that are not needed.';
  return [
    warn(subjectOf(automation), 'PUSH_OPTIONS', message, {
      severity: 'low',
      evidence: [evidenceOf(automation, '/spec/git/pushOptions', names, 'none, or such that ask for a merge request')],
    }),
  ];
}
