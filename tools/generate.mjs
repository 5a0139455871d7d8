// `npm run generate [-- --check]`: writes every file that is made from source, or says which ones are out of date.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runnerImport } from 'vite';
import { root } from './ensure.mjs';

// Modules in tools/generate/, in this order: each sees the files that those before it wrote. A module exports
// `generate(root)` → [{path, content}], with paths from the root; `content: null` = the file must not be there.
const GENERATORS = ['catalog.ts', 'control-docs.ts', 'openapi.ts', 'web-client.ts'];

const check = process.argv.includes('--check');

async function load(name) {
  const conditions = ['source', 'node'];
  const { module } = await runnerImport(path.join(root, 'tools/generate', name), {
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    environments: { inline: { resolve: { conditions } } },
  });
  return module;
}

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : null);

let files = 0;
const different = [];
for (const name of GENERATORS) {
  const { generate } = await load(name);
  for (const { path: relative, content } of await generate(root)) {
    files += 1;
    const file = path.join(root, relative);
    if (read(file) === content) continue;
    different.push(relative);
    if (check) continue;
    if (content === null) {
      rmSync(file);
    } else {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }
}

if (different.length === 0) console.log(`All ${files} generated files are up to date.`);
else if (check) console.log(`Out of date:\n${different.map((file) => `  ${file}`).join('\n')}\nRun: npm run generate`);
else console.log(`Written:\n${different.map((file) => `  ${file}`).join('\n')}`);
process.exit(check && different.length > 0 ? 1 : 0);
