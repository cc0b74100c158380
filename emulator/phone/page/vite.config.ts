import { defineConfig } from 'vite';
import { pageBuild } from '../../../ui/page-build.ts';

export default defineConfig(pageBuild(import.meta.dirname, '../../../dist/phone'));
