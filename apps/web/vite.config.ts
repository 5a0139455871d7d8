import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** #libs/core has one function that hashes; the dashboard does not use it, and a browser has no node:crypto. */
const withoutNodeCrypto: Plugin = {
  name: 'without-node-crypto',
  enforce: 'pre',
  resolveId: (id) => (id === 'node:crypto' ? '\0node-crypto' : null),
  load: (id) => (id === '\0node-crypto' ? 'export const createHash = undefined;' : null),
};

export default defineConfig({
  plugins: [withoutNodeCrypto, react()],
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
