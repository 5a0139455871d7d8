import type { GitFile } from '#libs/core';
import { fluxObject } from './flux-installation.js';

/** Where the sources of tests come from. */
export const REPOSITORY = 'https://git.example.com/org/fleet';
export const REVISION = '0123456789abcdef0123456789abcdef01234567';

/** A GitRepository by `namespace/name` that follows the branch main of a URL. */
export function gitRepository(path: string, url = REPOSITORY, spec: object = {}): object {
  const [namespace, name] = path.split('/');
  return {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name, namespace },
    spec: { url, ref: { branch: 'main' }, ...spec },
  };
}

/** The tree of a repository: what a collector says of its files, by path. */
export function gitTree(files: Readonly<Record<string, Omit<GitFile, 'path'>>>, url = REPOSITORY): object {
  return {
    kind: 'GitTree',
    url,
    ref: 'main',
    commit: REVISION,
    files: Object.entries(files).map(([path, facts]) => ({ path, ...facts })),
  };
}

/** Facts of a kustomization.yaml, from `field value` lines. */
export function kustomizationFile(...entries: readonly string[]): Omit<GitFile, 'path'> {
  const references = entries.map((entry, index) => {
    const [field = '', ...value] = entry.split(' ');
    return { pointer: `/${field.replaceAll('.', '/')}/${index}`, field, value: value.join(' ') };
  });
  return { kustomization: { references } };
}

/** A Kustomization by `namespace/name` of the GitRepository `fleet` in flux-system. */
export function kustomizationOf(path: string, spec: object = {}, more: object = {}): object {
  const sourceRef = { kind: 'GitRepository', name: 'fleet', namespace: 'flux-system' };
  return fluxObject('Kustomization', path, { path: './apps', sourceRef, ...spec }, more);
}
