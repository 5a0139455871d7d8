import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder, findPrograms, programsIn, sourceKey } from './binaries.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-binaries-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function place(name: string, ...programs: readonly string[]): Promise<string> {
  const target = path.join(folder, name);
  await mkdir(target);
  for (const program of programs) await writeFile(path.join(target, program), '', { mode: 0o755 });
  return target;
}

describe('where programs are looked for', () => {
  it('the first place wins, program by program', async () => {
    const given = await place('given', 'etcd');
    const assets = await place('assets', 'etcd', 'kube-apiserver');
    const cache = await place('cache', 'etcd', 'kube-apiserver', 'helm-controller');
    expect(findPrograms(cache, { PLIMSOLL_LAB_BIN: given, KUBEBUILDER_ASSETS: assets })).toEqual({
      etcd: path.join(given, 'etcd'),
      'kube-apiserver': path.join(assets, 'kube-apiserver'),
      'helm-controller': path.join(cache, 'helm-controller'),
    });
  });

  it('files that cannot be run, other files and missing folders are no programs', async () => {
    const given = await place('given', 'something-else');
    await writeFile(path.join(given, 'etcd'), '', { mode: 0o644 });
    expect(programsIn(given)).toEqual({});
    expect(programsIn(path.join(folder, 'nowhere'))).toEqual({});
    expect(programsIn('')).toEqual({});
    expect(findPrograms(undefined, {})).toEqual({});
  });
});

describe('the cache', () => {
  it('belongs to the pins and the version of Go', () => {
    expect(cacheFolder('go1.30.0', folder)).toBe(path.join(folder, `${sourceKey()}-go1.30.0`));
  });

  it('of another version of Go will do where Go is not installed', async () => {
    expect(cacheFolder(undefined, path.join(folder, 'nowhere'))).toBeUndefined();
    expect(cacheFolder(undefined, folder)).toBeUndefined();
    const earlier = await place(`${sourceKey()}-go1.20.0`);
    await place('0123456789abcdef-go1.20.0');
    expect(cacheFolder(undefined, folder)).toBe(earlier);
  });
});
