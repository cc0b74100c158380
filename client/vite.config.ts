import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import { pageBuild } from '../ui/page-build.ts';

const root = import.meta.dirname;
const page = pageBuild(root, '../dist/pages');

/** What a page loads after it has painted, or has for itself alone. */
const NOT_AT_FIRST = /libphonenumber|ui\/(numbers|dialog|json-text|time-words)\.|client\/console\//;

export default defineConfig({
  ...page,
  build: {
    ...page.build,
    // The telephone is one chunk of 1.3 MB on purpose: it is loaded after the page has painted.
    chunkSizeWarningLimit: 1_500,
    rollupOptions: {
      input: {
        agent: resolve(root, 'client_js.html'),
        console: resolve(root, 'console.html'),
        wall: resolve(root, 'wall.html'),
      },
      output: {
        // What all pages begin with is one file: in many small ones it would compress worse.
        codeSplitting: {
          groups: [{ name: 'shared', minShareCount: 3, test: (id) => !NOT_AT_FIRST.test(id) }],
        },
      },
    },
  },
});
