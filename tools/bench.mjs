// `npm run bench [name…]`: measures the hot paths on this machine and prints times, memory and ratios. Never a test.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { root } from './ensure.mjs';

await build({ web: false });
const folder = path.join(root, 'test/bench');
const modules = readdirSync(folder).filter((file) => file.endsWith('.mjs'));
const wanted = process.argv.slice(2);
for (const file of modules) {
  const name = path.basename(file, '.mjs');
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  if (['support', 'audit-one', 'evaluate-one', 'rbac-one', 'simulator-process'].includes(name)) continue;
  const { run } = await import(path.join(folder, file));
  if (typeof run !== 'function') continue;
  console.log(`\n== ${name}`);
  for (const line of await run()) console.log(`  ${line}`);
}
