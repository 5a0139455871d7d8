import {
  type ImageRepository,
  type Observation,
  type Source,
  CLUSTER_SUBJECT,
  defineControl,
  fail,
  notApplicable,
  notEvaluatedBecause,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { titleOf } from './source-verification.js';
import { type Faults, imageFaults, sourceFaults } from './transport-faults.js';

/** Kinds of sources that connect to somewhere themselves. */
const CONNECTING = ['GitRepository', 'OCIRepository', 'HelmRepository', 'Bucket'] as const;

function judge(object: Source | ImageRepository, { faults, unread }: Faults): readonly Observation[] {
  const subject = subjectOf(object);
  const title = titleOf(object);
  const found = faults.map(({ outcome, reason, what, advice, severity, evidence }) =>
    (outcome === 'fail' ? fail : warn)(subject, reason, `${title} ${what}. ${advice}`, {
      severity,
      evidence: [evidence],
    }),
  );
  const gaps = unread.slice(0, 1).map((artifact) => notEvaluatedBecause(subject, artifact));
  if (found.length + gaps.length > 0) return [...found, ...gaps];
  return [
    pass(
      subject,
      'TRANSPORT_SOUND',
      `${title} connects encrypted, to a host that proves who it is. There is nothing to do.`,
    ),
  ];
}

export const secureTransport = defineControl({
  id: 'FLUX-X-04',
  title: 'Sources are fetched over connections that nobody on the way can read or change',
  family: 'Sources',
  severity: 'high',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'Flux applies what it fetches. Over a connection without TLS, or to a host that need not prove who it is, anybody on the way can put something else in its place, and read the credential.',
  audit:
    'Fails sources and ImageRepositories with `spec.insecure: true`, http addresses of Git, Helm and Bucket sources, of their STS endpoints and proxies, `passCredentials: true`, and Secrets for SSH without `known_hosts`. ' +
    'Connections to addresses inside the cluster (`*.svc`, bare names, loopback) are a warning. ' +
    'Certificates that a Secret trusts are not looked at.',
  remediation:
    'Use https, and name the CA of a certificate of your own in `certSecretRef`. ' +
    'Put the host keys that the Git host publishes into `known_hosts`.',
  references: [
    'https://fluxcd.io/flux/components/source/ocirepositories/#insecure',
    'https://fluxcd.io/flux/components/source/gitrepositories/#ssh-authentication',
    'https://fluxcd.io/flux/components/source/helmrepositories/#pass-credentials',
  ],
  requires: ['sources'],
  optional: ['secretFacts', 'imageRepositories'],
  examples: {
    passing: [
      {
        title: 'https, and SSH to a known host',
        yaml: `
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: HelmRepository
          metadata: { name: charts, namespace: apps }
          spec: { url: "https://charts.example.com" }
          ---
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: fleet, namespace: flux-system }
          spec: { url: "ssh://github.com/org/fleet", secretRef: { name: flux-system } }
          ---
          kind: SecretFacts
          metadata: { name: flux-system, namespace: flux-system }
          keys: [identity, identity.pub, known_hosts]
          digest: '1'
          lengths: { identity: 400, identity.pub: 100, known_hosts: 200 }`,
      },
    ],
    failing: [
      {
        title: 'charts over http',
        yaml: `
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: HelmRepository
          metadata: { name: charts, namespace: apps }
          spec: { url: "http://charts.example.com", passCredentials: true, secretRef: { name: charts } }`,
      },
      {
        title: 'SSH to whoever answers',
        yaml: `
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: fleet, namespace: flux-system }
          spec: { url: "ssh://github.com/org/fleet", secretRef: { name: flux-system } }
          ---
          kind: SecretFacts
          metadata: { name: flux-system, namespace: flux-system }
          keys: [identity]
          digest: '1'
          lengths: { identity: 400 }`,
      },
    ],
  },
  evaluate: ({ sources, secretFacts, imageRepositories }) => {
    const judged = CONNECTING.flatMap((kind) => {
      const list = sources[kind];
      if (list.state === 'unavailable') return [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: kind }, list)];
      return list.value.flatMap((source) => judge(source, sourceFaults(source, secretFacts)));
    });
    const images =
      imageRepositories.state === 'unavailable'
        ? [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: 'ImageRepository' }, imageRepositories)]
        : imageRepositories.value.flatMap((repository) =>
            judge(repository, { faults: imageFaults(repository), unread: [] }),
          );
    if (judged.length + images.length > 0) return [...judged, ...images];
    const message =
      'The cluster has no source and no image repository, so Flux fetches nothing. There is nothing to do.';
    return [notApplicable(CLUSTER_SUBJECT, 'NO_SOURCE', message)];
  },
});
