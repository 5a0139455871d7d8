// Installs dependencies when they are missing or older than the lock file. Uses Node's own modules only.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Plimsoll needs Node 20.19 or newer; this is ${process.versions.node}. Install a current Node and try again.`,
  );
  process.exit(2);
}

const mark = path.join(root, 'node_modules/.package-lock.json');
const lock = path.join(root, 'package-lock.json');
if (!existsSync(mark) || statSync(mark).mtimeMs < statSync(lock).mtimeMs - 1000) {
  console.error('Installing dependencies (npm ci), about a minute the first time …');
  const started = performance.now();
  const windows = process.platform === 'win32';
  const result = spawnSync(windows ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: windows,
  });
  if (result.status !== 0) {
    console.error(
      'npm ci failed (its output is above). Check the network or the registry, then run the command again.',
    );
    process.exit(result.status ?? 1);
  }
  console.error(`Dependencies installed in ${Math.round((performance.now() - started) / 1000)} s.`);
}
