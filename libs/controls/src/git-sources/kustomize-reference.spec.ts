import { describe, expect, it } from 'vitest';
import { shownReference, targetOf } from './kustomize-reference.js';

const FLOATING = { kind: 'remoteBase', pinned: false };
const PINNED = { kind: 'remoteBase', pinned: true };
const FILE = { kind: 'remoteFile' };
const local = (path: string) => ({ kind: 'local', path });
const COMMIT = '0123456789abcdef0123456789abcdef01234567';

describe('an entry of resources', () => {
  it.each<[string, object]>([
    // files of this repository
    ['deployment.yaml', local('deployment.yaml')],
    ['../base', local('../base')],
    ['./github.com/o/r', local('./github.com/o/r')],
    ['gitlab.com/o/r', local('gitlab.com/o/r')],
    ['example.com/o/r//base?ref=v1', local('example.com/o/r//base?ref=v1')],
    ['/abs/path', local('/abs/path')],
    ['', local('')],
    ['github.com', local('github.com')],
    ['github.com/o', local('github.com/o')],
    ['git@github.com', local('git@github.com')],
    ['git@host:repo', local('git@host:repo')],
    ['apiVersion: v1\nkind: ConfigMap', { kind: 'inline' }],
    // files elsewhere
    ['https://raw.githubusercontent.com/o/r/main/x.yaml', FILE],
    ['http://example.com/x.yml', FILE],
    ['HTTPS://example.com/x.json', FILE],
    ['https://github.com/o/r/releases/download/v1/install.yaml', FILE],
    ['https://github.com/o/r/archive/v1.tar', FILE],
    ['https://example.com/manifests', FILE],
    ['https://example.com/x.yaml?token=abc', FILE],
    ['https://gitlab.com/o/r/-/raw/main/x.yaml?ref=main', FILE],
    [`https://raw.githubusercontent.com/o/r/${COMMIT}/x.yaml`, FILE],
    // repositories
    ['github.com/o/r', FLOATING],
    ['GitHub.com/o/r//base', FLOATING],
    ['github.com:o/r', FLOATING],
    ['github.com/o/r//base?ref=v1.2', FLOATING],
    [`github.com/o/r//base?ref=${COMMIT}`, PINNED],
    [`github.com/o/r//base?ref=${COMMIT.toUpperCase()}`, PINNED],
    [`github.com/o/r//base?ref=${COMMIT.slice(1)}`, FLOATING],
    [`github.com/o/r?version=${COMMIT}`, PINNED],
    [`github.com/o/r?version=${COMMIT}&ref=main`, FLOATING],
    [`github.com/o/r?ref=${COMMIT}&version=main`, PINNED],
    [`github.com/o/r?ref=${'a'.repeat(64)}`, PINNED],
    [`github.com/o/r//base#${COMMIT}`, FLOATING],
    ['https://github.com/o/r', FLOATING],
    ['https://github.com/o/r/tree/main/base', FLOATING],
    ['https://user@github.com/o/r', FLOATING],
    ['https://github.com/o/r.git', FLOATING],
    ['https://example.com/o/r.git/base', FLOATING],
    ['https://example.com/o/r//base', FLOATING],
    ['https://example.com/o/r?ref=main', FLOATING],
    [`https://example.com/o/r?timeout=90s&ref=${COMMIT}`, PINNED],
    ['https://dev.azure.com/org/project/_git/repo/base', FLOATING],
    ['git@github.com:o/r.git', FLOATING],
    ['git@gitlab.com:o/r//base?ref=v1', FLOATING],
    ['deploy@host.example:o/r', FLOATING],
    ['ssh://git@host.example:7999/o/r.git', FLOATING],
    ['SSH://host.example/o/r', FLOATING],
    ['git::https://host.example/o/r.git', FLOATING],
    ['git::github.com/o/r', FLOATING],
    ['file:///srv/repo', FLOATING],
    ['https://example.com/o/r.git//deploy/x.yaml', FLOATING],
  ])('%s', (value, expected) => {
    expect(targetOf({ field: 'resources', value })).toEqual(expected);
  });

  it.each(['bases', 'components', 'generators', 'transformers', 'validators'])('is like one of %s', (field) => {
    expect(targetOf({ field, value: 'github.com/o/r' })).toEqual(FLOATING);
    expect(targetOf({ field, value: '../x' })).toEqual(local('../x'));
  });
});

describe('an entry that can only be a file', () => {
  it.each<[string, string, object]>([
    ['patches.path', 'https://example.com/p.yaml', FILE],
    ['patches.path', 'https://github.com/o/r', FILE],
    ['patches.path', 'github.com/o/r/p.yaml', local('github.com/o/r/p.yaml')],
    ['patchesStrategicMerge', 'http://example.com/p', FILE],
    ['patchesStrategicMerge', 'kind: X\nmetadata: {}', { kind: 'inline' }],
    ['patchesJson6902.path', 'patch.json', local('patch.json')],
    ['crds', 'https://example.com/crd.json', FILE],
    ['configurations', 'https://example.com/c.yaml', FILE],
    ['openapi.path', 'https://example.com/schema.json', FILE],
    ['replacements.path', 'r.yaml', local('r.yaml')],
    ['configMapGenerator.files', 'https://example.com/f', FILE],
    ['configMapGenerator.files', 'key=https://example.com/f', FILE],
    ['configMapGenerator.files', 'https://example.com/f?a=b', FILE],
    ['configMapGenerator.files', 'key=dir/file.ini', local('dir/file.ini')],
    ['secretGenerator.files', 'token=token.encrypted', local('token.encrypted')],
    ['secretGenerator.files', 'dir/a=b', local('dir/a=b')],
    ['secretGenerator.envs', 'secrets.env', local('secrets.env')],
    ['helmCharts', 'https://charts.example.com', { kind: 'helmChart' }],
    ['helmChartInflationGenerator', 'x', { kind: 'helmChart' }],
  ])('%s: %s', (field, value, expected) => {
    expect(targetOf({ field, value })).toEqual(expected);
  });

  it('is no component', () => {
    expect(targetOf({ field: 'components', value: 'https://example.com/o/r/x.yaml' })).toEqual(FLOATING);
  });
});

it.each([
  ['https://user:hunter2@example.com/x.yaml', 'https://example.com/x.yaml'],
  ['https://example.com/x.yaml?token=hunter2', 'https://example.com/x.yaml'],
  ['github.com/o/r//base?ref=v1&sshkey=hunter2', 'github.com/o/r//base?ref=v1'],
  ['https://x.example/o/r?timeout=9&ref=v1', 'https://x.example/o/r?timeout=9&ref=v1'],
  ['git@github.com:o/r.git', 'git@github.com:o/r.git'],
])('%s is shown as %s', (value, shown) => {
  expect(shownReference({ field: 'resources', value })).toBe(shown);
});
