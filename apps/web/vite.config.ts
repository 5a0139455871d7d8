import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** #libs/core has one function that hashes; the dashboard does not use it, and a browser has no node:crypto. */
const withoutNodeCrypto: Plugin = {
  name: 'without-node-crypto',
  enforce: 'pre',
  resolveId: (id) => (id === 'node:crypto' ? '\0node-crypto' : null),
  load: (id) => (id === '\0node-crypto' ? 'export const createHash = undefined;' : null),
};

const FIRST_LOAD_LIMIT = 250 * 1024;

/** Fails the build where the first page would load more than the budget: script and style of the entry, compressed. */
const firstLoadBudget: Plugin = {
  name: 'first-load-budget',
  generateBundle(_options, bundle) {
    const entry = Object.values(bundle).find((file) => file.type === 'chunk' && file.isEntry);
    if (entry?.type !== 'chunk') return;
    const styles = Object.keys(bundle).filter((name) => name.endsWith('.css'));
    const bytes = [entry.fileName, ...entry.imports, ...styles].reduce((sum, name) => {
      const file = bundle[name];
      if (file === undefined) return sum;
      return sum + gzipSync(file.type === 'chunk' ? file.code : file.source).length;
    }, 0);
    if (bytes > FIRST_LOAD_LIMIT) {
      this.error(`The first load is ${bytes} bytes compressed; the limit is ${FIRST_LOAD_LIMIT}. Load a part lazily.`);
    }
  },
};

export default defineConfig({
  plugins: [withoutNodeCrypto, react(), firstLoadBudget],
  // `source`: #libs/* are read as TypeScript.
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  // The API replaces it in each answer by a fresh nonce of its Content-Security-Policy.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // Nothing may become a data: URL that the policy does not allow.
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:3000', '/problems': 'http://127.0.0.1:3000' } },
});
