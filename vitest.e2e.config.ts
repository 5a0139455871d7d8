import { defineConfig } from 'vitest/config';

const conditions = ['source', 'node'];

/** Whole-system tests on real Kubernetes, Flux, PostgreSQL, Redis and a browser: one file at a time. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{apps,test}/**/*.e2e.spec.ts'],
    globalSetup: ['test/support/postgres-setup.ts', 'test/support/lab-setup.ts'],
    pool: 'forks',
    fileParallelism: false,
    reporters: ['default', './test/support/summary-reporter.ts'],
    // A browser on a busy machine: once more, then it counts.
    retry: 1,
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
});
