import { stringify } from 'yaml';
import { type Fix, type Observation, pass } from '#libs/core';
import { namesDecryptionKey } from '#libs/admission';
import {
  type AdmissionArtifacts,
  admissionView,
  coverageOf,
  describeRules,
  placesOf,
  ruleEvidence,
} from '../admission/admission-view.js';
import { excerpt } from '#libs/flux';
import { DECRYPTION_TRIALS } from '../probes/flux-trials.js';
import { describeProbe, describeWho } from '../probes/probe-answers.js';
import { type ProofArtifacts, policyProof } from '../probes/policy-proof.js';
import type { TenantModel } from '../tenants/tenant-model.js';

/** Reasons that say that there is a fallback; a command line that cannot be read is another matter. */
const FALLBACKS: ReadonlySet<string> = new Set([
  'GLOBAL_AGE_KEY',
  'GLOBAL_VAULT_LOGIN',
  'GLOBAL_VAULT_TOKEN',
  'CONTROLLER_IDENTITY',
  'PENDING_UNSAFE',
]);

/**
 * Weighs a key that every Kustomization can fall back to against admission: where every namespace of a tenant must name
 * its key, it is a warning, and a pass where dry-runs in the name of tenants were refused. Objects that exist already, and people whom the policy exempts, stay as they were.
 */
export function weighDecryptionPolicy(
  model: TenantModel,
  artifacts: AdmissionArtifacts & ProofArtifacts,
): (observation: Observation) => Observation {
  const coverage = coverageOf(admissionView(artifacts), [namesDecryptionKey], placesOf(model.tenants));
  const proof =
    coverage.state === 'enforced' ? policyProof(DECRYPTION_TRIALS, coverage.by, model, artifacts) : undefined;
  return (observation) => {
    if (observation.outcome !== 'fail' || !FALLBACKS.has(observation.reason) || coverage.state === 'open') {
      return observation;
    }
    const { message } = observation;
    const confidence = observation.confidence === 'heuristic' ? 'heuristic' : 'derived';
    const said = `Meanwhile admission stands in for it: ${describeRules(coverage.by)} refuses ${namesDecryptionKey.title} in every namespace of a tenant`;
    const evidence = ruleEvidence(coverage.by, 'refuses decryption without a key of its own');
    if (proof?.state === 'letIn') {
      const what = `a dry-run in the name of ${describeWho(proof.result)} that ${excerpt(proof.result.probe.what, 160)} was not refused`;
      return { ...observation, message: `${message} A policy seems to stand in for it and does not: ${what}.` };
    }
    if (proof) {
      const note = describeProbe(proof.result);
      return pass(
        observation.subject,
        'COMPENSATED',
        `${message} ${said}, and refused them in dry-runs in the name of tenants, such as ${describeWho(proof.result)}. Objects that exist already, and users whom the policy exempts, are not covered.`,
        { confidence: observation.confidence, evidence: evidence.map((each) => ({ ...each, note })) },
      );
    }
    return {
      ...observation,
      outcome: 'warn',
      reason: 'COMPENSATED',
      severity: 'medium',
      confidence,
      message: `${message} ${said}. Objects that exist already, and users whom the policy exempts, are not covered. That it refuses was read from the policy and not tried.`,
      evidence: [...observation.evidence, ...evidence],
    };
  };
}

const NAME = 'decryption-names-its-key';
const MAX_NAMESPACES = 50;

/** https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/ */
export function decryptionPolicy({ tenants }: TenantModel): readonly Fix[] {
  const namespaces = tenants.flatMap((tenant) => tenant.namespaces);
  if (namespaces.length === 0) return [];
  const more = namespaces.length - MAX_NAMESPACES;
  const policy = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: NAME },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['kustomize.toolkit.fluxcd.io'],
            apiVersions: ['*'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['kustomizations'],
          },
        ],
      },
      validations: [
        {
          expression:
            "!has(object.spec.decryption) || has(object.spec.decryption.secretRef) || (has(object.spec.decryption.serviceAccountName) && object.spec.decryption.serviceAccountName != '')",
          message: 'spec.decryption must name a secretRef or a serviceAccountName',
        },
      ],
    },
  };
  const binding = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: NAME },
    spec: {
      policyName: NAME,
      validationActions: ['Deny'],
      matchResources: {
        namespaceSelector: {
          matchExpressions: [
            { key: 'kubernetes.io/metadata.name', operator: 'In', values: namespaces.slice(0, MAX_NAMESPACES) },
          ],
        },
      },
    },
  };
  return [
    {
      form: 'manifest',
      title: 'Until then, let admission refuse decryption without a key of its own in namespaces of tenants',
      content: `${stringify(policy, { lineWidth: 0 })}---\n${more > 0 ? `# and ${more} more namespaces\n` : ''}${stringify(binding, { lineWidth: 0 })}`,
    },
  ];
}
