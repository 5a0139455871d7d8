import {
  type Collected,
  type Kustomization,
  type Observation,
  type Severity,
  CLUSTER_SUBJECT,
  defineControl,
  notApplicable,
  notEvaluated,
  pass,
  subjectOf,
} from '#libs/core';
import { type ControllerInstance, excerpt, readFlag } from '#libs/flux';
import { type Build, GIT_ARTIFACTS, reconciledBuilds, unreadSources } from '../git-sources/reconciled-builds.js';
import { tenantModel } from '../tenants/tenant-model.js';
import { judgeStatus } from './refused-builds.js';
import { judgeFile, kustomizationFiles } from './remote-references.js';

type Instances = Collected<readonly ControllerInstance[]>;

function runsOf(instances: Instances) {
  if (instances.state === 'unavailable') return [];
  return instances.value
    .filter(({ component }) => component === 'kustomize-controller')
    .flatMap(({ pods, template }) => [
      ...pods.filter(({ terminating }) => !terminating),
      ...(template ? [template] : []),
    ]);
}

/** High where some kustomize-controller would build on remote bases. */
function severityBy(instances: Instances): Severity {
  const open = runsOf(instances).some((run) => {
    const reading = readFlag(run.arguments, 'no-remote-bases', run.env);
    return reading.state === 'value' && reading.value !== true;
  });
  return open ? 'high' : 'medium';
}

function judgeBuild({ kustomization, tree, closure }: Build): readonly Observation[] {
  const { namespace, name } = kustomization.metadata;
  const title = `Kustomization ${namespace}/${name}`;
  const subject = subjectOf(kustomization);
  if (closure.noSuchPath) {
    return [
      notEvaluated(
        subject,
        'undecidable',
        'PATH_NOT_FOUND',
        `The path ${excerpt(kustomization.spec.path ?? './')} of ${title} is not in ${excerpt(tree.tree.url)} at ${excerpt(tree.tree.ref)}, so what it builds is not known. Correct the path, or the ref of the source.`,
      ),
    ];
  }
  // A kustomization.yaml answers for itself.
  if ([...closure.files].some((file) => file.kustomization)) return [];
  return [
    pass(
      subject,
      'NO_REMOTE_REFERENCES',
      `${title} builds ${closure.files.size} files of ${excerpt(tree.tree.url)} at ${excerpt(tree.tree.commit)} and nothing from elsewhere.`,
    ),
  ];
}

export const noRemoteReferences = defineControl({
  id: 'FLUX-KC-04',
  title: 'Nothing that Flux builds comes from outside its sources',
  family: 'Kustomize Controller',
  severity: 'medium',
  scope: ['git'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Flux verifies, pins and reviews what is in its sources. A kustomization.yaml can name files and Git repositories elsewhere: what they hold is applied without these checks. ' +
    'The flag `--no-remote-bases` covers Git repositories only; single files by http(s) are fetched all the same.',
  audit:
    'For every Kustomization the build is followed through the files of its source: from `spec.path`, through every kustomization.yaml that it refers to, as kustomize reads them. ' +
    'A file by http(s), or a Git repository that is not pinned to a commit, fails; one that is pinned to a commit is a warning, and so is what no Kustomization builds, and `helmCharts`, which Flux does not inflate. ' +
    'Where the source could not be read, that is said, and only the status of the Kustomization is judged: kustomize-controller refuses remote bases there. ' +
    'The severity is high where a kustomize-controller runs without `--no-remote-bases=true`.',
  remediation:
    'Copy the manifests into the source (`kustomize localize` does it for whole bases), or make the other repository a GitRepository or OCIRepository of its own, with a verified and pinned ref.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#kustomize-controller',
    'https://fluxcd.io/flux/components/kustomize/kustomizations/',
    'https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/resource/',
  ],
  requires: ['registration', 'kustomizations'],
  optional: [...GIT_ARTIFACTS, 'deployments', 'pods', 'configMaps'],
  examples: {
    passing: [
      {
        title: 'a folder of the source that looks like a host',
        yaml: `
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: fleet, namespace: flux-system }
          spec: { url: https://git.example.com/org/fleet, ref: { branch: main } }
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: flux-system }
          spec: { path: ./apps, sourceRef: { kind: GitRepository, name: fleet } }
          ---
          kind: GitTree
          url: https://git.example.com/org/fleet
          ref: main
          commit: 0123456789abcdef0123456789abcdef01234567
          files:
            - path: apps/kustomization.yaml
              kustomization:
                references:
                  - { pointer: /resources/0, field: resources, value: ./github.com/org/base }
            - path: apps/github.com/org/base/kustomization.yaml
              kustomization: { references: [] }`,
      },
    ],
    failing: [
      {
        title: 'a manifest by https, and a base at a tag',
        yaml: `
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: fleet, namespace: flux-system }
          spec: { url: https://git.example.com/org/fleet, ref: { branch: main } }
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: flux-system }
          spec: { path: ./apps, sourceRef: { kind: GitRepository, name: fleet } }
          ---
          kind: GitTree
          url: https://git.example.com/org/fleet
          ref: main
          commit: 0123456789abcdef0123456789abcdef01234567
          files:
            - path: apps/kustomization.yaml
              kustomization:
                references:
                  - { pointer: /resources/0, field: resources, value: "https://raw.githubusercontent.com/org/app/main/deploy.yaml" }
                  - { pointer: /resources/1, field: resources, value: "github.com/org/app//base?ref=v1.2.0" }`,
      },
      {
        title: 'the controller refused a remote base',
        yaml: `
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: flux-system }
          spec: { path: ./apps, sourceRef: { kind: OCIRepository, name: apps } }
          status:
            conditions:
              - type: Ready
                status: "False"
                reason: BuildFailed
                message: "accumulating resources: fs-security-constraint abs /tmp/kustomize-1234567890: path '/tmp/kustomize-1234567890' is not in or below '/tmp/kustomization-42'"`,
      },
    ],
  },
  evaluate: ({ kustomizations, sources, gitTrees, ...context }) => {
    if (kustomizations.length === 0) {
      return [notApplicable(CLUSTER_SUBJECT, 'NO_KUSTOMIZATION', 'There is no Kustomization in this cluster.')];
    }
    const reconciled = reconciledBuilds(kustomizations, sources, gitTrees);
    const { instances } = tenantModel(context);
    const weight = { severity: severityBy(instances), forks: runsOf(instances).some(({ version }) => version.fork) };
    const unread: readonly Kustomization[] = reconciled.unread.map(({ kustomization }) => kustomization);
    return [
      ...kustomizationFiles(reconciled).flatMap((file) => judgeFile(file, weight)),
      ...reconciled.builds.flatMap(judgeBuild),
      ...unread.flatMap(judgeStatus),
      ...unreadSources(reconciled, 'whether that refers to other places is not known'),
    ];
  },
});
