import {
  type Artifacts,
  type Collected,
  type Observation,
  type Source,
  CLUSTER_SUBJECT,
  defineControl,
  fail,
  notApplicable,
  notEvaluatedBecause,
  objectReference,
  pass,
  subjectOf,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { yamlScalar } from '../fix-text/yaml-scalar.js';
import { shellText } from '../git-sources/shell-text.js';
import { TENANT_CONTEXT, type TenantModel, tenantModel } from '../tenants/tenant-model.js';
import { judgeCondition, judgeKeys, tenantOfSource, titleOf } from './source-verification.js';

const KEYS = {
  // Every value of the Secret is read as a public key, whatever its name.
  pattern: /./,
  description: 'the public OpenPGP or SSH keys of those who may sign',
};

function judgeRepository(
  source: Source,
  model: TenantModel,
  secretFacts: Collected<Artifacts['secretFacts']>,
): readonly Observation[] {
  const subject = subjectOf(source);
  const title = titleOf(source);
  const { verify } = source.spec;
  const { namespace = '' } = source.metadata;
  if (!verify) {
    const tenant = tenantOfSource(source, model, source.spec.url);
    if (tenant) {
      const message = `${title} is a source of ${excerpt(tenant.name, 80)}; whether its commits are signed is a matter of that tenant. There is nothing to do for the platform.`;
      return [notApplicable(subject, 'TENANT_SOURCE', message, { confidence: model.confidence })];
    }
    const message =
      `${title} is a source of the platform, and Flux applies whatever is on its branch, whoever pushed it. A stolen account or token of the Git host is enough to change the cluster. ` +
      'Sign commits or tags, and let Flux verify them with spec.verify.';
    const evidence = {
      object: objectReference(source),
      pointer: '/spec/verify',
      observed: null,
      expected: 'mode and secretRef',
    };
    return [fail(subject, 'NOT_VERIFIED', message, { evidence: [evidence], fixes: [verifyFix(source)] })];
  }
  const found = [
    judgeKeys({ object: source, verify, pointer: '/spec/verify', namespace, secretFacts }, KEYS),
    judgeCondition(source),
  ].filter((observation) => observation !== undefined);
  if (found.length > 0) return found;
  const message = `Flux verified the ${excerpt(verify.mode ?? 'HEAD', 20)} of ${title}. Who may push to it, and whether reviews are demanded, is known to the Git host alone. There is nothing to do here.`;
  return [pass(subject, 'VERIFIED', message)];
}

function verifyFix(source: Source) {
  const { name, namespace = '' } = source.metadata;
  const content = [
    `# Sign what is on the branch first: Flux stops at a commit that it cannot verify.`,
    `# kubectl create secret generic ${shellText(`${name}-signers`)} --namespace ${shellText(namespace)} --from-file=author.asc`,
    `apiVersion: ${source.apiVersion}`,
    'kind: GitRepository',
    'metadata:',
    `  name: ${yamlScalar(name)}`,
    `  namespace: ${yamlScalar(namespace)}`,
    'spec:',
    '  verify:',
    '    mode: HEAD # or Tag, TagAndHEAD',
    '    secretRef:',
    `      name: ${yamlScalar(`${name}-signers`)}`,
    '',
  ].join('\n');
  return { form: 'manifest', title: 'Verify the commits of this source', content } as const;
}

export const gitVerification = defineControl({
  id: 'FLUX-X-01',
  title: 'Flux verifies who signed what it takes from Git for the platform',
  family: 'Sources',
  severity: 'high',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'Whoever can push to a repository of the platform decides what runs in the cluster. ' +
    'Signatures tie that to keys that people hold, so that an account or a token of the Git host alone is not enough.',
  audit:
    'Fails a GitRepository of the platform without `spec.verify`; sources of tenants are their own matter. ' +
    'Where verification is on, whoever owns the source, it fails without keys in the Secret, and where the condition `SourceVerified` is not `True`. ' +
    'Protection of the branch at the Git host cannot be seen from the cluster.',
  remediation:
    'Sign commits (or tags) of the repositories of the platform, put the public keys into a Secret, and set `spec.verify` of the GitRepository. Protect the branch at the Git host as well.',
  references: [
    'https://fluxcd.io/flux/components/source/gitrepositories/#verification',
    'https://fluxcd.io/flux/security/best-practices/',
  ],
  requires: ['registration', 'sources'],
  optional: [...TENANT_CONTEXT, 'secretFacts'],
  examples: {
    passing: [
      {
        title: 'commits are verified with the keys of the team',
        yaml: `
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: flux-system, namespace: flux-system }
          spec: { url: "https://github.com/org/fleet", verify: { mode: HEAD, secretRef: { name: signers } } }
          status:
            conditions: [{ type: SourceVerified, status: 'True', reason: Succeeded }]
          ---
          kind: SecretFacts
          metadata: { name: signers, namespace: flux-system }
          keys: [alice.asc]
          digest: '1'
          lengths: { alice.asc: 1800 }`,
      },
    ],
    failing: [
      {
        title: 'nothing is verified',
        yaml: `
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: flux-system, namespace: flux-system }
          spec: { url: "https://github.com/org/fleet", ref: { branch: main } }`,
      },
      {
        title: 'the verification fails',
        yaml: `
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: flux-system, namespace: flux-system }
          spec: { url: "https://github.com/org/fleet", verify: { mode: HEAD, secretRef: { name: signers } } }
          status:
            conditions:
              - { type: SourceVerified, status: 'False', reason: InvalidCommitSignature, message: 'signature verification of commit failed' }
          ---
          kind: SecretFacts
          metadata: { name: signers, namespace: flux-system }
          keys: [alice.asc]
          digest: '1'
          lengths: { alice.asc: 1800 }`,
      },
    ],
  },
  evaluate: ({ sources, secretFacts, ...context }) => {
    const { GitRepository: repositories } = sources;
    if (repositories.state === 'unavailable') {
      return [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: 'GitRepository' }, repositories)];
    }
    if (repositories.value.length === 0) {
      const message = 'The cluster has no GitRepository, so Flux takes nothing from Git. There is nothing to verify.';
      return [notApplicable(CLUSTER_SUBJECT, 'NO_GIT_SOURCE', message)];
    }
    const model = tenantModel(context);
    return repositories.value.flatMap((source) => judgeRepository(source, model, secretFacts));
  },
});
