import {
  type Artifacts,
  type Collected,
  type KubernetesObject,
  type Observation,
  type Source,
  type SourceVerification,
  fail,
  notEvaluatedBecause,
  objectReference,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { conditionText } from '../remote-apply/condition-text.js';
import { conditionOf } from '../remote-apply/remote-apply-object.js';
import { namedSecret, secretEvidence } from '../secret-decryption/named-secret.js';
import { sameRepository } from '../tenants/ownership.js';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';

/** `GitRepository flux-system/apps`, for people. */
export function titleOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${excerpt(`${metadata.namespace ?? ''}/${metadata.name}`, 140)}`;
}

/**
 * The tenant whose object it is: by its namespace, or, of a source, by a whole repository that the registry calls the
 * tenant's. Undefined = the platform's. A tenant that was only inferred counts where it is known where Flux runs.
 */
export function tenantOfSource(object: KubernetesObject, model: TenantModel, url?: string): Tenant | undefined {
  const { namespace } = object.metadata;
  const home = model.tenantOf(namespace);
  if (home && namespace !== undefined && !model.isPlatform(namespace)) {
    if (home.declared || (model.instances.state === 'collected' && model.instances.value.length > 0)) return home;
  }
  if (url === undefined) return undefined;
  return model.tenants.find(({ registration }) =>
    registration?.gitPaths?.some(({ repo, paths }) => paths.length === 0 && sameRepository(repo, url)),
  );
}

/** An object that says how something is verified. */
export interface VerifiedObject {
  readonly object: KubernetesObject;
  readonly verify: SourceVerification;
  /** JSON pointer of `verify` in the object. */
  readonly pointer: string;
  /** Where its Secret is. */
  readonly namespace: string;
  readonly secretFacts: Collected<Artifacts['secretFacts']>;
}

/** Keys in a Secret that verification takes: by what their names end with. */
export interface WantedKeys {
  readonly pattern: RegExp;
  /** For people: `a public key of cosign (cosign.pub)`. */
  readonly description: string;
}

/** What is wrong with the keys that are verified with; undefined where they are there. */
export function judgeKeys(verified: VerifiedObject, wanted: WantedKeys): Observation | undefined {
  const { object, verify, pointer, namespace, secretFacts } = verified;
  const { secretRef } = verify;
  const subject = subjectOf(object);
  const title = titleOf(object);
  const field = `${pointer.slice(1).replaceAll('/', '.')}.secretRef`;
  const advice = `Flux then verifies nothing that it could trust. Put ${wanted.description} into a Secret of ${excerpt(namespace, 80)}, and name it in ${field}.`;
  if (!secretRef || secretRef.name === '') {
    const message = `${title} is to be verified, and names no Secret with keys. ${advice}`;
    const evidence = {
      object: objectReference(object),
      pointer: `${pointer}/secretRef`,
      observed: null,
      expected: wanted.description,
    };
    return fail(subject, 'NO_KEYS', message, { evidence: [evidence] });
  }
  const named = namedSecret(secretFacts, namespace, secretRef.name);
  if (named.state === 'unavailable') return notEvaluatedBecause(subject, named);
  const name = excerpt(secretRef.name, 120);
  const reference = {
    object: objectReference(object),
    pointer: `${pointer}/secretRef/name`,
    observed: name,
    expected: `a Secret with ${wanted.description}`,
  };
  if (named.value === null) {
    const message = `${title} is to be verified with the Secret ${name}, which does not exist. ${advice}`;
    return fail(subject, 'NO_KEYS', message, { evidence: [reference] });
  }
  const { keys, lengths } = named.value;
  if (keys.some((key) => wanted.pattern.test(key) && lengths[key] !== 0)) return undefined;
  const message = `${title} is to be verified with the Secret ${name}, which has no such key. ${advice}`;
  const shown = keys.map((key) => excerpt(key, 60)).slice(0, 10);
  return fail(subject, 'NO_KEYS', message, {
    evidence: [reference, secretEvidence(named.value, '/keys', shown, wanted.description)],
  });
}

const VERIFIED = 'SourceVerified';

/** What source-controller says about the verification; undefined where it verified what it serves. */
export function judgeCondition(source: Source): Observation | undefined {
  const subject = subjectOf(source);
  const title = titleOf(source);
  const object = objectReference(source);
  const found = conditionOf(source, VERIFIED);
  if (!found) {
    const message =
      `${title} is to be verified, and source-controller has not said that it verified anything. What is served may be from before. ` +
      'Look at its conditions and at the logs of source-controller.';
    const pointer = source.status ? '/status/conditions' : '/spec/verify';
    const observed = source.status?.conditions?.map(({ type, status }) => `${type}=${status}`) ?? null;
    const evidence = { object, pointer, observed, expected: `condition ${VERIFIED} with status "True"` };
    return fail(subject, 'NOT_YET_VERIFIED', message, {
      severity: 'medium',
      evidence: [source.status ? evidence : { ...evidence, observed: 'set' }],
    });
  }
  const { condition, pointer } = found;
  const evidence = [
    {
      object,
      pointer,
      observed: { status: condition.status, reason: excerpt(condition.reason ?? '', 80) },
      expected: 'status "True"',
      note: conditionText(condition.message),
    },
  ] as const;
  if (condition.status !== 'True') {
    const message =
      `The verification of ${title} does not succeed (${conditionText(condition.message) || 'no message'}). Either something else was served than what was signed, or the keys are not the right ones, and new revisions are not applied meanwhile. ` +
      'Find out who made the revision before anything else; then correct keys or identities.';
    return fail(subject, 'VERIFICATION_FAILED', message, { evidence });
  }
  const { generation } = source.metadata;
  const { observedGeneration } = condition;
  if (generation === undefined || observedGeneration === undefined || observedGeneration >= generation)
    return undefined;
  const message =
    `${title} was changed after it was last verified (generation ${generation}, verified ${observedGeneration}). Whether the present settings hold is not known yet. ` +
    'Run the audit again when it was reconciled.';
  return warn(subject, 'NOT_YET_VERIFIED', message, { severity: 'low', evidence });
}
