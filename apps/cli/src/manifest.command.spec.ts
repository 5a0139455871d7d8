import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { ExitCode } from './exit-codes.js';
import { manifest, type ManifestOptions } from './manifest.command.js';

let folder: string;
let registry: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-manifest-'));
  registry = path.join(folder, 'registry.yaml');
  const tenant = '{ id: team-a, namespaces: { names: [team-a] }, principals: { groups: [people], users: [root] } }';
  await writeFile(
    registry,
    `clusters:\n- { id: a, platformPrincipals: { users: [root] }, tenants: [${tenant}] }\n- { id: b }\n`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Item {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string; readonly name: string };
  readonly subjects?: readonly object[];
}
const objects = async (options: ManifestOptions) =>
  parseAllDocuments(await manifest(options)).map((document) => document.toJS() as Item);

describe('plimsoll manifest', () => {
  it('is one ClusterRole that reads', async () => {
    expect(await objects({})).toMatchObject([{ kind: 'ClusterRole', metadata: { name: 'plimsoll-reader' } }]);
  });

  it('is, with --active, what acting as the tenants of one cluster takes', async () => {
    const found = await objects({ active: true, registry, cluster: 'a', serviceAccount: 'audit/plimsoll' });
    expect(found.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`)).toEqual(
      expect.arrayContaining([
        'ClusterRole /plimsoll-reader',
        'ValidatingAdmissionPolicy /plimsoll-dryrun-only',
        'ClusterRole /plimsoll-impersonate',
        'Role team-a/plimsoll-impersonate',
      ]),
    );
    const text = JSON.stringify(found);
    expect(text).toContain('"people"');
    expect(text).not.toContain('"root"');
    const bindings = found.filter(
      ({ kind, metadata }) => kind.endsWith('Binding') && metadata.name === 'plimsoll-impersonate',
    );
    for (const { subjects } of bindings) {
      expect(subjects).toEqual([{ kind: 'ServiceAccount', namespace: 'audit', name: 'plimsoll' }]);
    }
    expect(bindings.length).toBeGreaterThan(1);
    const narrow = JSON.stringify(await objects({ active: true, registry, cluster: 'a', kubernetes: '1.36' }));
    expect([text.includes('impersonate-on:'), narrow.includes('impersonate-on:')]).toEqual([false, true]);
  });

  it.each<[string, ManifestOptions, RegExp]>([
    ['no registry', { active: true }, /nothing says who these are/],
    ['a registry that is not there', { active: true, registry: '/nope.yaml' }, /cannot be read \(ENOENT\)/],
    ['an unknown entry', { active: true, registry: 'given', cluster: 'c' }, /no cluster "c"/],
    [
      'an account without a namespace',
      { active: true, registry: 'given', cluster: 'a', serviceAccount: 'x' },
      /namespace\/name/,
    ],
  ])('is refused with %s', async (_what, options, message) => {
    const given = { ...options, ...(options.registry === 'given' && { registry }) };
    await expect(manifest(given)).rejects.toMatchObject({
      exitCode: ExitCode.usage,
      message: expect.stringMatching(message),
    });
  });
});
