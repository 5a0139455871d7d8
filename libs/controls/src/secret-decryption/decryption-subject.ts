import {
  type Artifacts,
  type Collected,
  type FluxInstance,
  type Kustomization,
  type Subject,
  subjectOf,
} from '#libs/core';
import type { KustomizeSettings } from './kustomize-settings.js';

/** One question about the decryption of a Kustomization; each is answered for itself. */
export type Question =
  /** Whether what is encrypted can be decrypted: by the files of its source. */
  | 'files'
  /** Whether `spec.decryption` can work. */
  | 'decryption'
  /** What its last run says. */
  | 'status'
  /** What it applied, where its files are not known. */
  | 'inventory';

export function subjectFor(kustomization: Kustomization, question: Question): Subject {
  return subjectOf(kustomization, question === 'files' ? {} : { field: question });
}

/** `Kustomization apps/web` */
export function titleOf({ metadata }: Kustomization): string {
  return `Kustomization ${metadata.namespace}/${metadata.name}`;
}

/** What the verdicts about all Kustomizations of a cluster depend on. */
export interface Surroundings {
  readonly settings: KustomizeSettings;
  readonly secretFacts: Collected<Artifacts['secretFacts']>;
  readonly fluxInstances: Collected<readonly FluxInstance[]>;
}

export function readyOf({ status }: Kustomization) {
  const index = status?.conditions?.findIndex(({ type }) => type === 'Ready') ?? -1;
  const condition = status?.conditions?.[index];
  return condition && { condition, pointer: `/status/conditions/${index}` };
}

/** Its last run applied this commit with success, so what the commit holds was decrypted. */
export function hasApplied(kustomization: Kustomization, commit: string): boolean {
  const { metadata, status } = kustomization;
  const ready = readyOf(kustomization)?.condition;
  if (ready?.status !== 'True' || commit === '') return false;
  const observed = ready.observedGeneration ?? status?.observedGeneration;
  if (observed !== undefined && metadata.generation !== undefined && observed < metadata.generation) return false;
  return status?.lastAppliedRevision?.endsWith(commit) ?? false;
}
