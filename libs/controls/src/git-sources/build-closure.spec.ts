import { describe, expect, it } from 'vitest';
import type { GitFile } from '#libs/core';
import { buildClosure } from './build-closure.js';
import { treeIndex } from './tree-index.js';

/** Files by path: null for a plain one, entries `field value` for a kustomization.yaml. */
type Files = Readonly<Record<string, null | readonly string[]>>;

function tree(files: Files) {
  return treeIndex({
    url: 'https://git.example/o/r',
    ref: 'main',
    commit: 'c'.repeat(40),
    files: Object.entries(files).map(([path, entries]): GitFile => {
      if (!entries) return { path };
      const references = entries.map((entry, index) => {
        const [field = '', ...value] = entry.split(' ');
        return { pointer: `/${field}/${index}`, field, value: value.join(' ') };
      });
      return { path, kustomization: { references } };
    }),
  });
}

function closure(files: Files, path = './') {
  const { files: read, remote, missing, noSuchPath } = buildClosure(tree(files), path);
  return {
    read: [...read].map((file) => file.path).toSorted(),
    remote: remote.map(({ reference }) => reference.value),
    missing: missing.map(({ reference }) => reference.value),
    noSuchPath,
  };
}

describe('a path with a kustomization.yaml', () => {
  it.each<[string, Files, string, Partial<ReturnType<typeof closure>>]>([
    [
      'reads what it refers to, and nothing else',
      { 'a/kustomization.yaml': ['resources x.yaml'], 'a/x.yaml': null, 'a/y.yaml': null },
      './a',
      { read: ['a/kustomization.yaml', 'a/x.yaml'], missing: [], remote: [], noSuchPath: false },
    ],
    [
      'goes through bases, up and down',
      {
        'apps/prod/kustomization.yaml': ['resources ../base', 'patches.path patch.yaml', 'components ../c'],
        'apps/prod/patch.yaml': null,
        'apps/base/kustomization.yml': ['resources deploy.yaml', 'resources nested'],
        'apps/base/deploy.yaml': null,
        'apps/base/nested/Kustomization': ['resources z.yaml'],
        'apps/base/nested/z.yaml': null,
        'apps/c/kustomization.yaml': ['configMapGenerator.files k=c.ini'],
        'apps/c/c.ini': null,
      },
      'apps/prod/',
      {
        read: [
          'apps/base/deploy.yaml',
          'apps/base/kustomization.yml',
          'apps/base/nested/Kustomization',
          'apps/base/nested/z.yaml',
          'apps/c/c.ini',
          'apps/c/kustomization.yaml',
          'apps/prod/kustomization.yaml',
          'apps/prod/patch.yaml',
        ],
      },
    ],
    [
      'may go round in circles',
      { 'a/kustomization.yaml': ['resources ../b'], 'b/kustomization.yaml': ['resources ../a'] },
      'a',
      { read: ['a/kustomization.yaml', 'b/kustomization.yaml'] },
    ],
    [
      'names what is not there, and what lies outside the tree',
      {
        'kustomization.yaml': ['resources gone.yaml', 'resources ../../etc', 'resources empty', 'resources full'],
        'empty/x.yaml': null,
        'full/kustomization.yaml': [],
      },
      './',
      { missing: ['gone.yaml', '../../etc', 'empty'] },
    ],
    [
      'keeps what comes from elsewhere apart',
      {
        'kustomization.yaml': [
          'resources https://x.example/a.yaml',
          'resources github.com/o/r',
          'helmCharts x',
          'x y\nz',
        ],
      },
      '',
      { remote: ['https://x.example/a.yaml', 'github.com/o/r', 'x'], missing: [] },
    ],
    [
      'takes a file for local even where its name looks like a repository',
      { 'kustomization.yaml': ['resources github.com/o/r.yaml'], 'github.com/o/r.yaml': null },
      '',
      { remote: [], read: ['github.com/o/r.yaml', 'kustomization.yaml'] },
    ],
    [
      'takes a folder for remote where its name looks like a repository, as kustomize does',
      {
        'kustomization.yaml': ['resources github.com/o/r', 'resources ./github.com/o/s'],
        'github.com/o/r/kustomization.yaml': [],
        'github.com/o/s/kustomization.yaml': [],
      },
      '',
      { remote: ['github.com/o/r'], read: ['github.com/o/s/kustomization.yaml', 'kustomization.yaml'] },
    ],
    [
      'prefers kustomization.yaml to its other names',
      {
        'kustomization.yaml': ['resources a.yaml'],
        Kustomization: ['resources b.yaml'],
        'a.yaml': null,
        'b.yaml': null,
      },
      '',
      { read: ['a.yaml', 'kustomization.yaml'] },
    ],
  ])('%s', (_title, files, path, expected) => {
    expect(closure(files, path)).toMatchObject(expected);
  });
});

describe('a path without a kustomization.yaml', () => {
  it('reads every manifest below it', () => {
    expect(
      closure(
        {
          'a/x.yaml': null,
          'a/b/y.yml': null,
          'a/b/z.json': null,
          'a/.sops.yaml': null,
          'ab/x.yaml': null,
          'a/README': null,
        },
        './a',
      ).read,
    ).toEqual(['a/b/y.yml', 'a/x.yaml']);
  });

  it('builds folders that have one by that', () => {
    expect(
      closure({
        'x.yaml': null,
        'app/kustomization.yaml': ['resources used.yaml'],
        'app/used.yaml': null,
        'app/unused.yaml': null,
        'app/deep/kustomization.yaml': [],
        '.github/workflows/ci.yaml': null,
      }).read,
    ).toEqual(['app/kustomization.yaml', 'app/used.yaml', 'x.yaml']);
  });

  it.each(['./nowhere', '../outside', 'x.yaml', 'a/../../b'])('is not there: %s', (path) => {
    expect(closure({ 'x.yaml': null, 'a/y.yaml': null }, path)).toMatchObject({ noSuchPath: true, read: [] });
  });

  it('may be the root of an empty tree', () => {
    expect(closure({})).toMatchObject({ noSuchPath: true });
  });
});

it('knows folders by prefix of whole names', () => {
  const index = tree({ 'a/x': null, 'a-b/x': null, 'a.b/x': null, b: null });
  expect(index.filesBelow('a').map(({ path }) => path)).toEqual(['a/x']);
  expect(index.filesBelow('')).toHaveLength(4);
  expect([index.isFolder('a'), index.isFolder('b'), index.isFolder('')]).toEqual([true, false, true]);
});
