import { expect, it } from 'vitest';
import {
  type ArtifactName,
  type Collected,
  type Control,
  type Outcome,
  type Profile,
  type Snapshot,
  OUTCOME_ORDER,
  unavailable,
} from '#libs/core';
import { evaluate } from '#libs/engine';
import { snapshotOf } from '../../../test/support/snapshot-of.js';
import { catalog } from './index.js';

/** Artifacts that are records of parts with a state of their own. */
const RECORDS: ReadonlySet<ArtifactName> = new Set<ArtifactName>([
  'configMaps',
  'platformConfigMaps',
  'secretFacts',
  'kubeConfigMaps',
  'sources',
  'gitTrees',
]);
const DENIED = unavailable('forbidden', 'It could not be read.');

/** Every snapshot of an example, once. */
const EXAMPLES: readonly (readonly [string, Snapshot])[] = [
  ...new Map(
    catalog.flatMap(({ id, examples }) =>
      [...examples.passing, ...examples.failing].map(({ title, yaml }) => [yaml, [`${id}: ${title}`, yaml]] as const),
    ),
  ).values(),
].map(([title, yaml]) => [title, snapshotOf(yaml)] as const);

function outcomeOf(control: Control, snapshot: Snapshot): Outcome {
  const profile: Profile = { id: 'test@1', ruleSetVersion: 'test', controls: [control.id] };
  return evaluate([control], profile, snapshot).results[0]?.outcome ?? 'error';
}

/** The snapshot without one artifact, and without each single part of an artifact that has parts. */
function* without(snapshot: Snapshot, name: ArtifactName): Generator<readonly [string, Snapshot]> {
  const artifact: Collected<unknown> = snapshot.artifacts[name];
  if (artifact.state !== 'collected') return;
  const replaced = (value: Collected<unknown>): Snapshot => ({
    ...snapshot,
    artifacts: { ...snapshot.artifacts, [name]: value } as Snapshot['artifacts'],
  });
  yield [name, replaced(DENIED)];
  if (!RECORDS.has(name)) return;
  const parts = artifact.value as Readonly<Record<string, Collected<unknown>>>;
  for (const key of Object.keys(parts)) {
    yield [`${name} ${key}`, replaced({ ...artifact, value: { ...parts, [key]: DENIED } })];
  }
}

/** Everything is well, or nothing there could be wrong. */
const CLEAN: readonly Outcome[] = ['pass', 'notApplicable'];

it.each(catalog.map((control) => [control.id, control] as const))(
  '%s never looks better because something could not be read',
  (_id, control) => {
    const better: string[] = [];
    const errors: string[] = [];
    let dropped = 0;
    for (const [title, snapshot] of EXAMPLES) {
      const before = outcomeOf(control, snapshot);
      if (before === 'error') errors.push(title);
      for (const name of [...control.requires, ...control.optional]) {
        for (const [what, poorer] of without(snapshot, name)) {
          dropped += 1;
          const after = outcomeOf(control, poorer);
          if (after === 'error') errors.push(`${title} without ${what}`);
          // What was not clean must not become so, and what did not apply must not turn into a pass.
          const improved = CLEAN.includes(before)
            ? after === 'pass' && before === 'notApplicable'
            : CLEAN.includes(after) ||
              (after === 'warn' && OUTCOME_ORDER.indexOf(before) < OUTCOME_ORDER.indexOf('warn'));
          if (improved) better.push(`${title} without ${what}: ${before} → ${after}`);
        }
      }
    }
    expect(errors).toEqual([]);
    expect(better).toEqual([]);
    expect(dropped).toBeGreaterThan(EXAMPLES.length / 2);
  },
);
