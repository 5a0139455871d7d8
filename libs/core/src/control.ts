import type { AccessRule } from './access.js';
import { dedent } from './dedent.js';
import type { JsonValue } from './json.js';
import type { Confidence, NotEvaluatedCause, ObservationOutcome, Severity } from './outcome.js';
import { causeOfUnavailable, codeOfUnavailable } from './outcome.js';
import type { KubernetesObject } from './resources.js';
import { ARTIFACT_READS, type ArtifactName, type Artifacts, type Collected } from './snapshot.js';

/** What a verdict is about. Its key never holds a uid or an API version, so that it survives re-creation and upgrades. */
export interface Subject {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
  readonly container?: string;
  /** A part of the object, such as a flag name, where one object can fail a control in several ways. */
  readonly field?: string;
}

/** One fact: where it stands, what stands there, what should. */
export interface Evidence {
  readonly object?: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly generation?: number;
  };
  /** JSON pointer (RFC 6901) into the object, such as `/spec/template/spec/containers/0/args/3`. */
  readonly pointer: string;
  readonly observed: JsonValue;
  readonly expected: string;
  readonly note?: string;
}

/** A change that would fix it, in the form of one way of installing Flux. */
export interface Fix {
  readonly form: 'kustomizePatch' | 'fluxOperatorPatch' | 'helmValues' | 'azureExtension' | 'manifest' | 'steps';
  readonly title: string;
  readonly content: string;
}

/** One control's verdict on one subject. */
export interface Observation {
  readonly outcome: ObservationOutcome;
  readonly subject: Subject;
  /** Stable machine code, such as `FLAG_TRUE`. Part of the finding's fingerprint. */
  readonly reason: string;
  /** For people, in three parts: what is so, why it matters, what to do. No secret material. */
  readonly message: string;
  /** Absent = the control's default. */
  readonly severity?: Severity;
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
  readonly fixes?: readonly Fix[];
  /** Set exactly where the outcome is `notEvaluated`. */
  readonly cause?: NotEvaluatedCause;
  readonly missing?: readonly AccessRule[];
  /** Lasting conditions seen now (snapshot.ts, SightingHistory). */
  readonly sightings?: readonly string[];
}

/** The kinds of cluster a control is meant for; used by docs and profiles, not by the engine. */
export type ControlScope = 'management' | 'shared' | 'dedicated' | 'standalone' | 'git';

export interface EvaluateContext {
  /** `snapshot.collectedAt` in milliseconds since the epoch: the only clock that a control has. */
  readonly now: number;
}

export interface ControlExample {
  readonly title: string;
  /** One or more YAML documents: Kubernetes objects, and optionally `kind: Registration` with the registry's fields. */
  readonly yaml: string;
}

/**
 * A requirement with its check. `evaluate` is pure: it sees only what it declares. Artifacts in `requires` are
 * complete when it runs (otherwise the engine answers `notEvaluated`); those in `optional` come with their state.
 */
export interface ControlDefinition<R extends ArtifactName = never, O extends ArtifactName = never> {
  /** `FLUX-HC-01`; never changed or reused. */
  readonly id: string;
  /** The requirement, stated positively. */
  readonly title: string;
  readonly family: string;
  readonly severity: Severity;
  readonly scope: readonly ControlScope[];
  readonly mode: 'read' | 'active';
  readonly since: string;
  readonly rationale: string;
  /** What it reads and how it judges, in plain words: the page's audit procedure, automated. */
  readonly audit: string;
  readonly remediation: string;
  readonly references: readonly string[];
  readonly requires: readonly R[];
  readonly optional?: readonly O[];
  readonly examples: { readonly passing: readonly ControlExample[]; readonly failing: readonly ControlExample[] };
  evaluate(
    artifacts: Pick<Artifacts, R> & { readonly [N in O]: Collected<Artifacts[N]> },
    context: EvaluateContext,
  ): readonly Observation[];
}

/** A control with its artifact types erased: what catalogs hold and the engine runs. */
export interface Control extends Omit<ControlDefinition, 'requires' | 'optional' | 'evaluate'> {
  readonly requires: readonly ArtifactName[];
  readonly optional: readonly ArtifactName[];
  /** Every cluster permission it can use, required ones first. */
  readonly reads: readonly AccessRule[];
  evaluate(artifacts: Readonly<Record<string, unknown>>, context: EvaluateContext): readonly Observation[];
}

function trimmed(example: ControlExample): ControlExample {
  return { title: example.title, yaml: dedent(example.yaml) };
}

/** Declares a control. Its examples lose the indentation of the source file. */
export function defineControl<const R extends ArtifactName, const O extends ArtifactName = never>(
  definition: ControlDefinition<R, O>,
): Control {
  const optional = definition.optional ?? [];
  const { passing, failing } = definition.examples;
  return {
    ...definition,
    optional,
    examples: { passing: passing.map(trimmed), failing: failing.map(trimmed) },
    reads: [...definition.requires, ...optional].flatMap((name) => ARTIFACT_READS[name]),
    evaluate: (artifacts, context) =>
      definition.evaluate(artifacts as Parameters<ControlDefinition<R, O>['evaluate']>[0], context),
  };
}

/** The part of an object that evidence keeps. */
export function objectReference(object: KubernetesObject): NonNullable<Evidence['object']> {
  const { namespace, name, uid, resourceVersion, generation } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name,
    ...(namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(generation !== undefined && { generation }),
  };
}

export function subjectOf(object: KubernetesObject, part: Pick<Subject, 'container' | 'field'> = {}): Subject {
  const { namespace, name, uid } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name,
    ...(namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
    ...part,
  };
}

/** The subject of an answer that is about the whole cluster, such as "no helm-controller is installed". */
export const CLUSTER_SUBJECT: Subject = { kind: 'Cluster', name: 'cluster' };

type Details = Partial<Pick<Observation, 'severity' | 'confidence' | 'fixes' | 'sightings'>> & {
  readonly evidence?: readonly Evidence[];
};

function observation(
  outcome: ObservationOutcome,
  subject: Subject,
  reason: string,
  message: string,
  details: Details = {},
): Observation {
  return { outcome, subject, reason, message, confidence: 'proven', evidence: [], ...details };
}

export function pass(subject: Subject, reason: string, message: string, details?: Details): Observation {
  return observation('pass', subject, reason, message, details);
}

/** Evidence is required: a failure that cannot say where it looked is not a finding. */
export function fail(
  subject: Subject,
  reason: string,
  message: string,
  details: Details & { readonly evidence: readonly [Evidence, ...Evidence[]] },
): Observation {
  return observation('fail', subject, reason, message, details);
}

export function warn(subject: Subject, reason: string, message: string, details?: Details): Observation {
  return observation('warn', subject, reason, message, details);
}

/** `reason` must prove the absence, such as `NO_CONTROLLER` or `NO_TENANT_BOUNDARY`. */
export function notApplicable(subject: Subject, reason: string, message: string, details?: Details): Observation {
  return observation('notApplicable', subject, reason, message, details);
}

export function notEvaluated(
  subject: Subject,
  cause: NotEvaluatedCause,
  reason: string,
  message: string,
  details: Details & { readonly missing?: readonly AccessRule[] } = {},
): Observation {
  return { ...observation('notEvaluated', subject, reason, message, details), cause };
}

/** The answer for a subject that needs an artifact which could not be read. */
export function notEvaluatedBecause(
  subject: Subject,
  artifact: Extract<Collected<unknown>, { state: 'unavailable' }>,
): Observation {
  return notEvaluated(
    subject,
    causeOfUnavailable(artifact.reason),
    codeOfUnavailable(artifact.reason),
    artifact.message,
    {
      missing: artifact.missing,
    },
  );
}
