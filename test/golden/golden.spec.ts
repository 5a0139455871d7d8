import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PROFILE, catalog, profileById } from '#libs/controls';
import type { Snapshot } from '#libs/core';
import { evaluate } from '#libs/engine';
import { deepFreeze } from '../support/deep-freeze.js';
import { snapshotOf } from '../support/snapshot-of.js';

/**
 * Whole assessments, so that a change of any answer is seen in review. After a change that is meant:
 * `UPDATE_GOLDEN=1 npx vitest run --project unit test/golden`, then read the difference.
 */
const update = process.env['UPDATE_GOLDEN'] === '1';
const HERE = import.meta.dirname;
const cases = readdirSync(HERE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** What the cluster was seen with at earlier audits. */
const SIGHTINGS = { 'FLUX-RA-03/suspended/Kustomization/team-b/monitoring': '2026-10-29T06:00:00Z' };

function golden(directory: string, name: string, value: unknown): unknown {
  const file = path.join(HERE, directory, name);
  if (update) writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** As JSON keeps it: without properties that are undefined. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

it('has cases', () => {
  expect(cases).toContain('two-tenant-fleet');
});

describe.each(cases)('%s', (directory) => {
  const yaml = readFileSync(path.join(HERE, directory, 'cluster.yaml'), 'utf8');
  const snapshot = snapshotOf(yaml, { sightings: SIGHTINGS });

  it('has the snapshot of its cluster', () => {
    expect(golden(directory, 'snapshot.json', snapshot)).toEqual(plain(snapshot));
  });

  it('is judged as before', () => {
    const profile = profileById(DEFAULT_PROFILE);
    if (!profile) throw new Error(`${DEFAULT_PROFILE} is missing`);
    const recorded = deepFreeze(golden(directory, 'snapshot.json', snapshot) as Snapshot);
    const assessment = evaluate(catalog, profile, recorded);
    expect(plain(assessment)).toEqual(golden(directory, 'assessment.json', assessment));
  });
});
