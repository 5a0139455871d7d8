import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { GO_FOLDER } from './binaries.js';
import type { AdminClient, Manifest } from './admin-client.js';
import { eventually } from './poll.js';

const run = promisify(execFile);

/** Where each set of CustomResourceDefinitions comes from. source-controller is only read from, never built. */
const SOURCES = [
  { controller: 'kustomize-controller', module: 'kustomize-controller' },
  { controller: 'helm-controller', module: 'helm-controller' },
  { controller: 'notification-controller', module: 'notification-controller' },
  { controller: 'source-controller', download: 'github.com/fluxcd/source-controller@v1.9.6' },
] as const;

/**
 * The folder with Flux's own CustomResourceDefinitions, one sub-folder per controller. They are taken out of the
 * controllers' Go modules once and kept in `cache`, so that a later run needs no Go.
 * @throws Error where they are not kept yet and Go cannot get them.
 */
export async function ensureCrds(cache: string): Promise<string> {
  const folder = path.join(cache, 'crds');
  for (const source of SOURCES) {
    const target = path.join(folder, source.controller);
    if (existsSync(target)) continue;
    const bases = path.join(await moduleFolder(source), 'config/crd/bases');
    const temporary = `${target}.${process.pid}`;
    await mkdir(temporary, { recursive: true });
    for (const file of await readdir(bases)) await copyFile(path.join(bases, file), path.join(temporary, file));
    // Another run may have been faster; its files are the same.
    await rename(temporary, target).catch(() => rm(temporary, { recursive: true, force: true }));
  }
  return folder;
}

async function moduleFolder(source: (typeof SOURCES)[number]): Promise<string> {
  if ('download' in source) {
    const { stdout } = await run('go', ['mod', 'download', '-json', source.download]);
    return (JSON.parse(stdout) as { Dir: string }).Dir;
  }
  const cwd = path.join(GO_FOLDER, source.module);
  const name = `github.com/fluxcd/${source.controller}`;
  await run('go', ['mod', 'download', name], { cwd });
  const { stdout } = await run('go', ['list', '-mod=readonly', '-m', '-f', '{{.Dir}}', name], { cwd });
  return stdout.trim();
}

/** Every CustomResourceDefinition in `folder`. */
export async function readCrds(folder: string): Promise<Manifest[]> {
  const found: Manifest[] = [];
  for (const { controller } of SOURCES) {
    const files = await readdir(path.join(folder, controller));
    for (const file of files.filter((name) => name.endsWith('.yaml')).sort()) {
      const text = await readFile(path.join(folder, controller, file), 'utf8');
      for (const document of parseAllDocuments(text)) {
        const crd = document.toJS() as Manifest | null;
        if (crd !== null) found.push(crd);
      }
    }
  }
  return found;
}

/** Installs them and waits until the API server serves them. */
export async function installCrds(client: AdminClient, folder: string): Promise<void> {
  const crds = await readCrds(folder);
  await Promise.all(crds.map((crd) => client.apply(crd)));
  await Promise.all(crds.map((crd) => untilListed(client, crd)));
}

/** A kind that has just been established answers 429 for a moment. */
async function untilListed(client: AdminClient, crd: Manifest): Promise<void> {
  const { group, names, versions } = crd.spec as {
    group: string;
    names: { plural: string };
    versions: { name: string; served: boolean }[];
  };
  for (const { name } of versions.filter(({ served }) => served))
    await eventually(`${crd.metadata.name} ${name} is served`, async () => {
      const { status } = await client.request('GET', `/apis/${group}/${name}/${names.plural}?limit=1`);
      return status === 200 || undefined;
    });
}
