import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

export default defineConfig({
  root,
  base: './',
  publicDir: false,
  build: {
    outDir: resolve(root, '../dist/pages'),
    emptyOutDir: true,
    target: 'es2024',
    rollupOptions: { input: { agent: resolve(root, 'client_js.html') } },
  },
});
