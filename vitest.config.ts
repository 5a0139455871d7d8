import { defineConfig } from 'vitest/config';

// `source` makes #libs/* resolve to TypeScript sources. Never add `import` or `module` here: vitest hands these
// to `node --conditions`, and CommonJS packages then load twice.
const conditions = ['source', 'node'];
const base = { resolve: { conditions }, ssr: { resolve: { conditions } } };
const roots = '{apps,libs,migrations,test,tools}';

export default defineConfig({
  ...base,
  test: {
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', './test/support/summary-reporter.ts'],
    projects: [
      {
        ...base,
        test: {
          name: 'unit',
          // Nothing to keep apart: these tests share no state, and loading every module once halves their time.
          isolate: false,
          include: [`${roots}/**/*.spec.ts`],
          exclude: ['**/*.{db,lab,e2e}.spec.ts', '**/node_modules/**'],
          testTimeout: 20_000,
        },
      },
      {
        ...base,
        test: {
          name: 'db',
          include: [`${roots}/**/*.db.spec.ts`],
          globalSetup: ['test/support/postgres-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...base,
        test: {
          name: 'lab',
          include: [`${roots}/**/*.lab.spec.ts`],
          globalSetup: ['test/support/postgres-setup.ts', 'test/support/lab-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
