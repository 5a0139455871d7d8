import {
  type Evidence,
  type Fix,
  type Observation,
  fail,
  notApplicable,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  pass,
  warn,
} from '#libs/core';
import { contentFlaws } from './kubeconfig-content.js';
import { type CredentialAge, credentialFlaws, isRenewedInTime } from './kubeconfig-credential.js';
import type { ServingFlags } from './kubeconfig-flags.js';
import type { KubeConfigFlaw } from './kubeconfig-flaw.js';
import { type MapSurroundings, mapFlaws } from './kubeconfig-map.js';
import type { SharedCredentials } from './kubeconfig-sharing.js';
import {
  type ConfigMapUse,
  type KubeConfigUse,
  type SecretUse,
  kubeConfigIn,
  labelOfUse,
  namesOf,
  objectOfUse,
  subjectOfUse,
} from './kubeconfig-uses.js';

/** What is the same for all kubeconfigs of a cluster. */
export interface KubeConfigSurroundings extends Omit<MapSurroundings, 'ownIdentity'> {
  readonly age: CredentialAge;
  readonly flags: ServingFlags;
  readonly sharing: SharedCredentials;
}

/** Everything that is to be said about one kubeconfig; a pass where nothing is. */
export function judgeKubeConfig(use: KubeConfigUse, surroundings: KubeConfigSurroundings): readonly Observation[] {
  const subject = subjectOfUse(use);
  const label = labelOfUse(use);
  if (use.facts.state === 'unavailable') return [notEvaluatedBecause(subject, use.facts)];
  if (use.facts.value === null) {
    return [
      notApplicable(
        subject,
        'NO_KUBECONFIG',
        `${label}, which ${namesOf(use.objects)} names in spec.kubeConfig, does not exist, so there is no kubeconfig to look at. FLUX-RA-01 reports it.`,
      ),
    ];
  }
  const flaws = use.kind === 'Secret' ? secretFlaws(use, surroundings) : configMapFlaws(use, surroundings);
  if (!flaws) {
    return [
      notEvaluated(
        subject,
        'undecidable',
        'KUBECONFIG_UNUSABLE',
        `${label} holds no kubeconfig that can be used, so its fields and its credential cannot be judged. FLUX-RA-01 says what is the matter; correct that first.`,
      ),
    ];
  }
  if (flaws.length > 0) return flaws.map((flaw) => observationOf(flaw, use));
  const renewed = use.kind === 'Secret' && isRenewedInTime(use.facts.value.metadata, surroundings.age);
  return [
    pass(
      subject,
      renewed ? 'KUBECONFIG_RENEWED' : 'KUBECONFIG_SOUND',
      `The kubeconfig in ${label} is self-contained and leads over verified TLS, and ${use.kind === 'ConfigMap' ? 'holds no credential' : renewed ? 'its credential is renewed by something' : 'its credential is short-lived and held once'}. There is nothing to do.`,
    ),
  ];
}

function secretFlaws(
  use: SecretUse,
  { age, flags, sharing }: KubeConfigSurroundings,
): readonly KubeConfigFlaw[] | undefined {
  const found = kubeConfigIn(use);
  if (!found || found.config.problem !== undefined || use.facts.state === 'unavailable' || !use.facts.value) {
    return undefined;
  }
  const { config, pointer } = found;
  const allowed = {
    exec: flags.isAllowed('insecure-kubeconfig-exec', use.objects),
    tls: flags.isAllowed('insecure-kubeconfig-tls', use.objects),
  };
  return [
    ...contentFlaws(config, pointer, allowed),
    ...credentialFlaws(config, use.facts.value.metadata, pointer, age),
    ...sharing.flaws(use),
  ];
}

function configMapFlaws(use: ConfigMapUse, surroundings: KubeConfigSurroundings): readonly KubeConfigFlaw[] {
  if (use.facts.state === 'unavailable' || !use.facts.value) return [];
  return mapFlaws(use.facts.value, { ...surroundings, ownIdentity: surroundings.flags.usesOwnIdentity(use.objects) });
}

function observationOf(flaw: KubeConfigFlaw, use: KubeConfigUse): Observation {
  const subject = subjectOfUse(use);
  const evidence: Evidence = {
    object: objectReference(objectOfUse(use)),
    pointer: flaw.pointer,
    observed: flaw.observed,
    expected: flaw.expected,
  };
  const message = `The kubeconfig in ${labelOfUse(use)}, of ${namesOf(use.objects)}, ${flaw.what}. ${flaw.advice}`;
  const details = { severity: flaw.severity, evidence: [evidence] as const, fixes: fixesFor(use) };
  if (flaw.outcome === 'fail') return fail(subject, flaw.reason, message, details);
  if (flaw.outcome === 'warn') return warn(subject, flaw.reason, message, details);
  return notEvaluated(subject, flaw.cause ?? 'undecidable', flaw.reason, message, {
    evidence: [evidence],
    missing: flaw.missing ?? [],
  });
}

/** A kubeconfig without a credential, in place of one with a static one. */
function fixesFor(use: KubeConfigUse): readonly Fix[] {
  if (use.kind === 'ConfigMap') return [];
  const server = kubeConfigIn(use)?.config.server;
  const address = server === undefined ? 'https://…' : `https://${server.replace(/^[a-z]+:\/\//i, '')}`;
  return [
    {
      form: 'manifest',
      title: `A kubeconfig without a credential for ${namesOf(use.objects)} (Flux 2.7; the target cluster must trust the issuer of this cluster)`,
      content: `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${JSON.stringify(use.name)}
  namespace: ${JSON.stringify(use.namespace)}
data:
  provider: generic
  address: ${JSON.stringify(address)}
  # An account of this namespace that stands for the platform on this one target cluster.
  serviceAccountName: ${JSON.stringify(use.name)}
  ca.crt: |
    # CA of the target cluster
---
# In each of the objects, in place of spec.kubeConfig.secretRef:
spec:
  kubeConfig:
    configMapRef:
      name: ${JSON.stringify(use.name)}
`,
    },
  ];
}
