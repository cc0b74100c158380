import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

export default defineConfig({
  root,
  base: './',
  publicDir: false,
  build: {
    outDir: resolve(root, '../../../dist/phone'),
    emptyOutDir: true,
    license: { fileName: 'licenses.txt' },
    target: 'es2024',
    // A strict content security policy takes files, not data: addresses.
    assetsInlineLimit: 0,
  },
});
