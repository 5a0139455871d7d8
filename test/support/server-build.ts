import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const CACHE = path.join(ROOT, 'node_modules/.cache/plimsoll-test-build');
const SOURCES = ['apps/api', 'apps/worker', 'apps/cli', 'libs', 'migrations'];
const KEEP_MS = 3_600_000;

let built: Promise<string> | undefined;

/**
 * A JavaScript build of the programs, for tests that run one as a process of its own. Made once for a state of the
 * sources and shared by all test files.
 *
 * @returns the folder that holds `apps`, `libs` and `migrations`, such as `<folder>/apps/worker/src/main.js`
 */
export function serverBuild(): Promise<string> {
  built ??= build();
  return built;
}

async function build(): Promise<string> {
  const folder = path.join(CACHE, await fingerprint());
  const dist = path.join(folder, 'dist');
  if (existsSync(folder)) return dist;
  // Built aside and renamed, so that another test file never sees a half-made build.
  const draft = `${folder}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  const sources = SOURCES.filter((source) => existsSync(path.join(ROOT, source)));
  const args = [
    ...sources,
    '-d',
    path.join(draft, 'dist'),
    '--config-file',
    '.swcrc',
    '--ignore',
    '**/*.spec.ts,**/test/**',
  ];
  const result = spawnSync(process.execPath, ['node_modules/@swc/cli/bin/swc.js', ...args, '--quiet'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(`building the programs failed:\n${result.stdout}${result.stderr}`);
  // Packages are found further up in node_modules; only the aliases need a manifest here.
  const imports = { '#libs/*': './dist/libs/*/src/index.js', '#migrations': './dist/migrations/index.js' };
  await writeFile(path.join(draft, 'package.json'), JSON.stringify({ type: 'module', imports }));
  await rename(draft, folder).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
  await removeOld();
  return dist;
}

/** Changes when a source file is added, removed or written. */
async function fingerprint(): Promise<string> {
  let files = 0;
  let newest = (await stat(path.join(ROOT, '.swcrc'))).mtimeMs;
  for (const source of SOURCES.filter((source) => existsSync(path.join(ROOT, source)))) {
    for (const entry of await readdir(path.join(ROOT, source), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.name.includes('.spec.')) continue;
      files += 1;
      newest = Math.max(newest, (await stat(path.join(entry.parentPath, entry.name))).mtimeMs);
    }
  }
  return `${files}-${Math.round(newest)}`;
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(CACHE)) {
    const { mtimeMs } = await stat(path.join(CACHE, name)).catch(() => ({ mtimeMs: Date.now() }));
    if (mtimeMs < Date.now() - KEEP_MS) await rm(path.join(CACHE, name), { recursive: true, force: true });
  }
}
