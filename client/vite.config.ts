import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

/** What a page loads after it has painted, or has for itself alone. */
const NOT_AT_FIRST = /libphonenumber|ui\/(numbers|dialog|json-text|time-words)\.|client\/console\//;

export default defineConfig({
  root,
  base: './',
  publicDir: false,
  build: {
    outDir: resolve(root, '../dist/pages'),
    emptyOutDir: true,
    license: { fileName: 'licenses.txt' },
    target: 'es2024',
    // Inlined files would be `data:` addresses, which the page's security policy forbids.
    assetsInlineLimit: 0,
    // The telephone is one chunk of 1.3 MB on purpose: it is loaded after the page has painted.
    chunkSizeWarningLimit: 1_500,
    rollupOptions: {
      input: { agent: resolve(root, 'client_js.html'), console: resolve(root, 'console.html') },
      output: {
        // What both pages begin with is one file: in many small ones it would compress worse.
        codeSplitting: {
          groups: [{ name: 'shared', minShareCount: 2, test: (id) => !NOT_AT_FIRST.test(id) }],
        },
      },
    },
  },
});
