// Builds server and dashboard where a source is newer than the last build.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './ensure.mjs';

const SERVER = ['apps/api', 'apps/worker', 'apps/cli', 'libs', 'migrations'];
const COMMON = ['package.json', 'package-lock.json', '.swcrc'];

/** Newest modification time below the given files and folders, and how many files there are (a deletion counts too). */
function fingerprint(places) {
  let newest = 0;
  let files = 0;
  const visit = (place) => {
    const stat = statSync(place, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) {
      for (const name of readdirSync(place)) {
        if (name !== 'node_modules' && name !== 'dist') visit(path.join(place, name));
      }
      return;
    }
    files += 1;
    newest = Math.max(newest, stat.mtimeMs);
  };
  for (const place of places) visit(path.join(root, place));
  return `${process.versions.node} ${files} ${newest}`;
}

function step(name, places, output, script) {
  const file = path.join(root, output, '.built');
  const wanted = fingerprint(places);
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) return;
  rmSync(path.join(root, output), { recursive: true, force: true });
  const started = performance.now();
  const windows = process.platform === 'win32';
  const result = spawnSync(windows ? 'npm.cmd' : 'npm', ['run', '-s', script], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: windows,
  });
  if (result.status !== 0) {
    console.error(`Building the ${name} failed (its output is above).`);
    process.exit(1);
  }
  writeFileSync(file, wanted);
  console.error(`Built the ${name} in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

export async function build({ web }) {
  step('server', [...SERVER, ...COMMON], 'dist', 'build:server');
  if (web) step('dashboard', ['apps/web', 'libs/core', ...COMMON], 'apps/web/dist', 'build:web');
}
