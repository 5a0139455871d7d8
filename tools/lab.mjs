// `npm run lab`: brings up a real fleet by hand. Installs what is missing, and runs the TypeScript of test/lab as it is.
import { root } from './ensure.mjs';

const { runnerImport } = await import('vite');
const conditions = ['source', 'node'];
const { module } = await runnerImport('./test/lab/main.ts', {
  root,
  configFile: false,
  logLevel: 'warn',
  resolve: { conditions },
  ssr: { resolve: { conditions } },
});
try {
  process.exitCode = await module.main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
