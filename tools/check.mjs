// `npm run check`: everything that must hold before a commit. What it accepts, CI accepts.
import { spawn } from 'node:child_process';
import { root } from './ensure.mjs';

const STEPS = [
  ['format', ['node_modules/oxfmt/bin/oxfmt', '--check'], 'run: npm run format'],
  ['lint', ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'], 'the rule is named in each line'],
  ['typecheck', ['node_modules/typescript-native/bin/tsc', '--noEmit', '-p', 'tsconfig.json'], ''],
  [
    'boundaries and cycles',
    [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      'apps',
      'libs',
      'migrations',
      'test',
      'tools',
      '--config',
      '.dependency-cruiser.cjs',
    ],
    'see the rule of that name in .dependency-cruiser.cjs',
  ],
  ['dead code', ['node_modules/knip/bin/knip.js'], 'delete it, or use it'],
  ['generated files', ['tools/generate.mjs', '--check'], 'run: npm run generate'],
  [
    'API contract',
    ['node_modules/@redocly/cli/bin/cli.js', 'lint', 'docs/openapi.json'],
    'the rules are in redocly.yaml',
  ],
];

const only = process.argv.slice(2);
const steps = only.length === 0 ? STEPS : STEPS.filter(([name]) => only.some((word) => name.includes(word)));

// Nothing is sent anywhere.
const ENVIRONMENT = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

/** Runs one step; prints its output only where it fails. */
function run([name, args, hint]) {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: ENVIRONMENT });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      if (code === 0) console.log(`✔ ${name} (${seconds} s)`);
      else console.log(`✘ ${name} (${seconds} s)${hint ? ` · ${hint}` : ''}\n${output}`);
      resolve(code === 0);
    });
  });
}

let failed = 0;
for (const step of steps) if (!(await run(step))) failed += 1;
console.log(failed === 0 ? `All ${steps.length} checks passed.` : `${failed} of ${steps.length} checks failed.`);
process.exit(failed === 0 ? 0 : 1);
