// `npm test`: installs what is missing, then runs the whole suite (or the files and filters given).
import { spawnSync } from 'node:child_process';
import { root } from './ensure.mjs';

const result = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
