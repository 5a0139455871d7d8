// `npm start`: installs what is missing, builds what is stale, then `plimsoll up`. Arguments go to `plimsoll up`.
import path from 'node:path';
import { build } from './build.mjs';
import { root } from './ensure.mjs';

process.env.PLIMSOLL_DATA_DIR ??= path.join(root, '.data');
await build({ web: true });
process.argv.splice(2, 0, 'up');
await import('../dist/apps/cli/src/main.js');
