import { type Assessment, type Control, type Observation, type Profile, defineControl } from '#libs/core';
import { evaluate } from '#libs/engine';
import { type SnapshotOptions, snapshotOf } from './snapshot-of.js';

const TEXTS = {
  title: 'A control of a test',
  family: 'Test',
  severity: 'medium',
  scope: ['shared'],
  mode: 'read',
  since: '0.1.0',
  rationale: 'It is needed by a test.',
  audit: 'It answers what the test says.',
  remediation: 'Nothing.',
  references: [],
  examples: { passing: [], failing: [] },
} as const;

/** A control of severity `medium` that requires the namespaces and answers the given observations. */
export function stubControl(
  observations: readonly Observation[] | (() => readonly Observation[]),
  id = 'T-1',
): Control {
  return defineControl({
    ...TEXTS,
    id,
    requires: ['namespaces'],
    evaluate: () => (typeof observations === 'function' ? observations() : observations),
  });
}

/** A profile of exactly these controls. */
export function profileOf(controls: readonly Control[], severityOverrides?: Profile['severityOverrides']): Profile {
  return {
    id: 'test@1',
    ruleSetVersion: '7',
    controls: controls.map(({ id }) => id),
    ...(severityOverrides && { severityOverrides }),
  };
}

/** The assessment of a cluster on which each control (by id) answers the given observations. */
export function assess(
  answers: Readonly<Record<string, readonly Observation[] | (() => readonly Observation[])>>,
  options: SnapshotOptions = {},
): Assessment {
  const controls = Object.entries(answers).map(([id, observations]) => stubControl(observations, id));
  return evaluate(controls, profileOf(controls), snapshotOf([], options));
}
