import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ARTIFACT_READS,
  type ArtifactName,
  type Control,
  type ControlResult,
  type Evidence,
  type GitTree,
  type KubernetesObject,
  type Outcome,
  type Snapshot,
  SOURCE_KINDS,
  type UnavailableReason,
  causeOfUnavailable,
  codeOfUnavailable,
  subjectKey,
} from '#libs/core';
import { type JudgeOptions, judge } from '../../../test/support/expect-control.js';
import { snapshotOf } from '../../../test/support/snapshot-of.js';
import { benchmarks, catalog, controlById, profiles } from './index.js';

const SOURCE = import.meta.dirname;
const ROOT = path.join(SOURCE, '../../..');
const CONTROL_FILE = /^[a-z]+-\d{2}-[a-z0-9-]+\.ts$/;

const REASONS = Object.keys({
  forbidden: true,
  unauthenticated: true,
  unreachable: true,
  timeout: true,
  transient: true,
  incompleteList: true,
  budgetExceeded: true,
  malformed: true,
  identityMismatch: true,
  notCollected: true,
} satisfies Record<UnavailableReason, true>) as readonly UnavailableReason[];

/** Every file that holds a control: `helm-controller/hc-01-….ts`. */
const controlFiles = readdirSync(SOURCE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(path.join(SOURCE, name)).map((file) => path.join(name, file)))
  .filter((file) => CONTROL_FILE.test(path.basename(file)));

/** `FLUX-HC-01` → the files whose names start with `hc-01-`. */
function filesOf({ id }: Control): readonly string[] {
  return controlFiles.filter((file) => path.basename(file).startsWith(`${id.replace(/^FLUX-/, '').toLowerCase()}-`));
}

function allExamples({ examples }: Control): readonly string[] {
  return [...examples.passing, ...examples.failing].map(({ yaml }) => yaml);
}

type Entry = { readonly state: string; readonly value?: unknown };

/** Everything that evidence can point into: objects, and facts under the kind of the object they are about. */
function objectsOf({ artifacts }: Snapshot): readonly KubernetesObject[] {
  const valueOf = (entry: Entry): unknown => (entry.state === 'collected' ? entry.value : undefined);
  const entriesOf = (name: ArtifactName) => Object.values((valueOf(artifacts[name]) ?? {}) as Record<string, Entry>);
  const lists = Object.values(artifacts as Readonly<Record<string, Entry>>).flatMap((artifact) => {
    const value = valueOf(artifact);
    return Array.isArray(value) ? (value as readonly KubernetesObject[]) : [];
  });
  const as = (kind: string, fact: unknown): KubernetesObject => ({ ...(fact as KubernetesObject), kind });
  const named = (name: ArtifactName, kind: string) =>
    entriesOf(name).flatMap((entry) => {
      const value = valueOf(entry);
      return value ? [as(kind, value)] : [];
    });
  return [
    ...lists.filter(({ metadata }) => metadata !== undefined),
    ...entriesOf('sources').flatMap((entry) => (valueOf(entry) ?? []) as readonly KubernetesObject[]),
    ...named('configMaps', 'ConfigMap'),
    ...named('platformConfigMaps', 'ConfigMap'),
    ...named('kubeConfigMaps', 'ConfigMap'),
    ...named('secretFacts', 'Secret'),
    ...entriesOf('gitTrees').flatMap((entry) =>
      ((valueOf(entry) as GitTree | undefined)?.files ?? []).map((file) => ({
        apiVersion: 'git',
        kind: 'GitFile',
        metadata: { name: file.path },
        ...file,
      })),
    ),
    { apiVersion: '', kind: REGISTRATION, metadata: { name: '' }, ...(valueOf(artifacts.registration) as object) },
  ];
}

/** Evidence without an object points into the registration of the cluster. */
const REGISTRATION = 'Registration';

/** The value at a JSON pointer (RFC 6901), or undefined. */
function at(object: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], object);
}

/** It points at something; or says that nothing is there, in a place that exists. */
function resolves(evidence: Evidence, objects: readonly KubernetesObject[]): boolean {
  const object = objects.find(({ kind, metadata }) =>
    evidence.object
      ? kind === evidence.object.kind &&
        metadata.name === evidence.object.name &&
        metadata.namespace === evidence.object.namespace
      : kind === REGISTRATION,
  );
  if (!object) return false;
  if (at(object, evidence.pointer) !== undefined) return true;
  const parent = evidence.pointer.slice(0, evidence.pointer.lastIndexOf('/'));
  return evidence.observed === null && at(object, parent) !== undefined;
}

/** Granted object by object, so that no permission stands for all of them. */
const READ_BY_NAME: ReadonlySet<ArtifactName> = new Set<ArtifactName>([
  'secretFacts',
  'kubeConfigMaps',
  'gitTrees',
  'sealingKeys',
]);

const failures = (result: ControlResult) => result.observations.filter(({ outcome }) => outcome === 'fail');
/** Outcomes that do not say that all is well. */
const NO_CLEAN_BILL: readonly Outcome[] = ['fail', 'warn', 'notEvaluated'];
const SECRET =
  /-----BEGIN [A-Z ]*PRIVATE KEY|\beyJ[\w-]{10,}\.|:\/\/[^\s/:]+:[^\s/@]+@|AKIA[0-9A-Z]{16}|hooks\.slack\.com\/services\/T/;

it('looks at every control there is', () => {
  expect(controlFiles.length).toBeGreaterThan(0);
  expect(catalog).toHaveLength(controlFiles.length);
});

describe('the catalog', () => {
  it('has unique ids, sorted', () => {
    const ids = catalog.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
  });

  it('is what benchmarks and profiles are made of', () => {
    expect(benchmarks.length).toBeGreaterThan(0);
    const cited = benchmarks.flatMap(({ requirements }) => requirements.flatMap(({ controls }) => controls));
    expect([...new Set(cited)].toSorted()).toEqual(catalog.map(({ id }) => id));
    for (const profile of profiles) {
      expect(profile.controls.length).toBeGreaterThan(0);
      expect(profile.controls.map((id) => controlById(id)?.id)).toEqual(profile.controls);
    }
  });

  it('has requirements with unique ids', () => {
    for (const { requirements } of benchmarks) {
      const ids = requirements.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});

describe.each(catalog.map((control) => [control.id, control] as const))('%s', (id, control) => {
  const required: readonly ArtifactName[] = control.requires;

  it('has its file, its spec and its page', () => {
    expect(id).toMatch(/^FLUX-[A-Z]+-\d{2}$/);
    const files = filesOf(control);
    expect(files).toHaveLength(1);
    for (const file of files) {
      expect(
        existsSync(path.join(SOURCE, file.replace(/\.ts$/, '.spec.ts'))),
        `write ${file.replace(/\.ts$/, '.spec.ts')}`,
      ).toBe(true);
    }
    expect(existsSync(path.join(ROOT, 'docs/controls', `${id}.md`)), 'run: npm run generate').toBe(true);
  });

  it('says why, how and what to do in whole sentences', () => {
    for (const text of [control.rationale, control.audit, control.remediation])
      expect(text).toMatch(/^[A-Z`].{30,}\.$/s);
    expect(control.title).toMatch(/[^.]$/);
    expect(control.references.length).toBeGreaterThan(0);
    for (const reference of control.references) expect(reference).toMatch(/^https:\/\/\S+$/);
    expect(control.scope.length).toBeGreaterThan(0);
  });

  it('reads the cluster, or the registry alone where that is what it judges, and no artifact twice', () => {
    const reads = [...required, ...control.optional].some(
      (name) => READ_BY_NAME.has(name) || ARTIFACT_READS[name].length > 0,
    );
    expect(reads || control.family === 'Break-glass').toBe(true);
    const declared = [...required, ...control.optional];
    expect(new Set(declared).size).toBe(declared.length);
  });

  it.each(control.examples.passing.map(({ title, yaml }) => [title, yaml]))(
    'passes its example: %s',
    (_title, yaml) => {
      const result = judge(control, yaml);
      expect([result.outcome, result.reason, result.message, failures(result)]).toEqual([
        'pass',
        result.reason,
        result.message,
        [],
      ]);
      expect(result.counts.pass).toBeGreaterThan(0);
    },
  );

  it('has examples of both kinds', () => {
    expect(control.examples.passing.length).toBeGreaterThan(0);
    expect(control.examples.failing.length).toBeGreaterThan(0);
  });

  describe.each(control.examples.failing.map(({ title, yaml }) => [title, yaml]))(
    'failing example: %s',
    (_title, yaml) => {
      const result = judge(control, yaml);

      it('fails with evidence that points into its objects', () => {
        expect([result.outcome, result.message]).toEqual(['fail', result.message]);
        const objects = objectsOf(snapshotOf(yaml));
        const evidence = failures(result).flatMap((each) => each.evidence);
        expect(evidence.length).toBeGreaterThan(0);
        expect(evidence.filter((each) => !resolves(each, objects))).toEqual([]);
      });

      it('says what is so, why it matters and what to do', () => {
        const messages = failures(result).map(({ message }) => message);
        const sentences = (message: string) => message.split(/(?<=[.!?])\s+(?=[A-Z`"-])/).length;
        expect(messages.filter((message) => !message.endsWith('.') || sentences(message) < 3)).toEqual([]);
      });

      it('gives each failure its own fingerprint', () => {
        const keys = failures(result).map(({ subject, reason }) => `${subjectKey(subject)} ${reason}`);
        expect(new Set(keys).size).toBe(keys.length);
      });

      it('does not depend on the order of the objects', () => {
        const reversed = yaml.split(/^---$/m).toReversed().join('\n---\n');
        expect(judge(control, reversed)).toEqual(result);
      });

      const unreadable: readonly (readonly [string, JudgeOptions])[] = [
        ...[...required, ...control.optional].flatMap((name) =>
          REASONS.map((reason) => [`${name} ${reason}`, { unavailable: { [name]: reason } }] as const),
        ),
        ...SOURCE_KINDS.map((kind) => [`${kind} forbidden`, { unavailableSources: { [kind]: 'forbidden' } }] as const),
        ...objectsOf(snapshotOf(yaml))
          .filter(({ kind }) => kind === 'ConfigMap')
          .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
          .map((key) => [`ConfigMap ${key} forbidden`, { unavailableConfigMaps: { [key]: 'forbidden' } }] as const),
      ];
      it('never passes because something could not be read', () => {
        expect(unreadable.length).toBeGreaterThan(REASONS.length);
        const passed = unreadable.filter(
          ([, options]) => !NO_CLEAN_BILL.includes(judge(control, yaml, options).outcome),
        );
        expect(passed.map(([what]) => what)).toEqual([]);
      });
    },
  );

  it.each(required)('is not evaluated without %s, and names what is missing', (name) => {
    for (const yaml of allExamples(control)) {
      for (const reason of REASONS) {
        const result = judge(control, yaml, { unavailable: { [name]: reason } });
        expect(result).toMatchObject({
          outcome: 'notEvaluated',
          cause: causeOfUnavailable(reason),
          reason: codeOfUnavailable(reason),
        });
        const rules = reason === 'forbidden' ? ARTIFACT_READS[name] : [];
        expect(result.missing).toEqual(expect.arrayContaining([...rules]));
      }
    }
  });

  it('neither throws nor edits what it is given', () => {
    for (const yaml of [...allExamples(control), '']) {
      for (const name of [undefined, ...control.optional]) {
        // Snapshots of tests are frozen, so that an edit throws; the engine turns that into the outcome `error`.
        const result = judge(control, yaml, name === undefined ? {} : { unavailable: { [name]: 'transient' } });
        expect(result).not.toMatchObject({ outcome: 'error' });
      }
    }
  });

  it('does not pass an empty cluster', () => {
    expect(['notApplicable', 'notEvaluated']).toContain(judge(control, []).outcome);
  });

  it('starts the keys of its sightings with its id', () => {
    const keys = allExamples(control).flatMap((yaml) => judge(control, yaml).sightings);
    expect(keys.filter((key) => !key.startsWith(`${id}/`))).toEqual([]);
  });

  it('holds no secrets in texts, examples and answers', () => {
    const answers = allExamples(control).map((yaml) => judge(control, yaml));
    expect(JSON.stringify([control, answers])).not.toMatch(SECRET);
  });
});

it.each([
  ['/spec/args/1', 'b', true],
  ['/metadata/annotations/a~1b', 'c', true],
  ['/spec/args/2', null, true],
  ['/spec/args/2', 'b', false],
  ['/spec/env/0', null, false],
  ['/status', null, true],
])('this guard notices evidence that points nowhere: %s, observed %j: %j', (pointer, observed, expected) => {
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', annotations: { 'a/b': 'c' } },
    spec: { args: ['a', 'b'] },
  };
  const reference = { apiVersion: 'v1', kind: 'Pod', name: 'a' };
  expect(resolves({ object: reference, pointer, observed, expected: 'x' }, [object])).toBe(expected);
  expect(resolves({ object: { ...reference, name: 'b' }, pointer, observed, expected: 'x' }, [object])).toBe(false);
});
