import {
  CLUSTER_SUBJECT,
  defineControl,
  notApplicable,
  notEvaluatedBecause,
  subjectOf,
  warn,
  objectReference,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { withState } from '../controller-flags/inspect-controllers.js';
import { titleOf } from '../sources/source-verification.js';
import { TENANT_CONTEXT, tenantModel, unlessTenants } from '../tenants/tenant-model.js';
import { appliedRepositories, followersByRepository, pushTargetOf } from './automation-targets.js';
import { judgeAutomation } from './judge-automation.js';

export const imageAutomation = defineControl({
  id: 'FLUX-X-18',
  title: 'Image automation proposes changes, and cannot put them into effect by itself',
  family: 'Flux objects',
  severity: 'high',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'An ImageUpdateAutomation writes to Git what it finds in a registry. ' +
    'Where it pushes to a branch that Flux applies, whoever can push an image there changes the cluster, and its credential can change everything else in the repository.',
  audit:
    'Fails an ImageUpdateAutomation that pushes to a branch that some GitRepository of this cluster follows, and one of a tenant that writes to a repository of the platform. ' +
    'Warnings are commits that are not signed, a credential with write access on a source that things are applied from, and push options other than those that ask for a merge request. ' +
    'Whether the Git host protects the branch cannot be seen from the cluster.',
  remediation:
    'Set `spec.git.push.branch` to a branch of its own and merge that after a review, sign commits, and give the automation a GitRepository with a credential of its own.',
  references: [
    'https://fluxcd.io/flux/components/image/imageupdateautomations/#push',
    'https://fluxcd.io/flux/components/image/imageupdateautomations/#signing-key',
    'https://fluxcd.io/flux/guides/image-update/#push-updates-to-a-different-branch',
  ],
  requires: ['registration', 'imageUpdateAutomations', 'sources', 'kustomizations', 'helmReleases'],
  optional: TENANT_CONTEXT.filter((name) => name !== 'kustomizations' && name !== 'helmReleases'),
  examples: {
    passing: [
      {
        title: 'signed commits on a branch of its own, with a credential of its own',
        yaml: `
          apiVersion: image.toolkit.fluxcd.io/v1
          kind: ImageUpdateAutomation
          metadata: { name: apps, namespace: flux-system }
          spec:
            sourceRef: { kind: GitRepository, name: fleet-write }
            git: { pushBranch: image-updates, signingKey: { secretRef: { name: signing } } }
          ---
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: fleet-write, namespace: flux-system }
          spec: { url: "ssh://github.com/org/fleet", ref: { branch: main }, secretRef: { name: write } }`,
      },
    ],
    failing: [
      {
        title: 'straight to the branch that is applied',
        yaml: `
          apiVersion: image.toolkit.fluxcd.io/v1
          kind: ImageUpdateAutomation
          metadata: { name: apps, namespace: flux-system }
          spec: { sourceRef: { kind: GitRepository, name: fleet }, git: { pushBranch: main } }
          ---
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: fleet, namespace: flux-system }
          spec: { url: "ssh://github.com/org/fleet", ref: { branch: main }, secretRef: { name: flux-system } }
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: flux-system }
          spec: { path: ./apps, sourceRef: { kind: GitRepository, name: fleet } }`,
      },
    ],
  },
  evaluate: ({ imageUpdateAutomations, sources, kustomizations, helmReleases, ...context }) => {
    if (imageUpdateAutomations.length === 0) {
      const message =
        'The cluster has no ImageUpdateAutomation, so Flux writes nothing to Git. There is nothing to do.';
      return [notApplicable(CLUSTER_SUBJECT, 'NO_AUTOMATION', message)];
    }
    const { GitRepository: repositories } = sources;
    const model = tenantModel({
      ...context,
      kustomizations: withState(kustomizations),
      helmReleases: withState(helmReleases),
    });
    const facts = {
      model,
      followers: repositories.state === 'collected' ? followersByRepository(repositories.value) : new Map(),
      applied: appliedRepositories({ kustomizations, helmReleases }),
    };
    // Whose an automation in another namespace is, is not known then.
    const tenants = unlessTenants(model);
    const beyond = imageUpdateAutomations.some(({ metadata }) => !model.isPlatform(metadata.namespace ?? ''));
    return [
      ...(tenants?.outcome === 'notEvaluated' && beyond ? [tenants] : []),
      ...imageUpdateAutomations.flatMap((automation) => {
        const target = pushTargetOf(automation, repositories);
        const subject = subjectOf(automation);
        if (target.state === 'unread') return [notEvaluatedBecause(subject, target.artifact)];
        if (target.state === 'known') return judgeAutomation(automation, target, facts);
        const name = excerpt(automation.spec.sourceRef?.name ?? '', 120);
        const message =
          `${titleOf(automation)} names the GitRepository ${name}, which does not exist, so it writes nowhere. ` +
          'Correct spec.sourceRef, or remove the object.';
        const evidence = {
          object: objectReference(automation),
          pointer: '/spec/sourceRef',
          observed: name === '' ? null : name,
          expected: 'a GitRepository that exists',
        };
        return [warn(subject, 'SOURCE_MISSING', message, { severity: 'low', evidence: [evidence] })];
      }),
    ];
  },
});
