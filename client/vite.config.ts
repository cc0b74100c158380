import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { pageBuild } from '../ui/page-build.ts';

const root = import.meta.dirname;
const page = pageBuild(root, '../dist/pages');

const AGENT_PAGE = resolve(root, 'client_js.html');

/** Icons that the agent page shows later, or never: by the package's index, each page reaches all of them. */
const ICONS_LATER =
  /icons\/(bell-ring|languages|list-tree|sun-moon|circle-alert|circle-question-mark|download|ear|keyboard|phone-call|radio|triangle-alert|unplug|voicemail)[.]/;

interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

/** What a page loads before it paints: all that its HTML file reaches by static imports. */
function reachedFrom(entry: string, modules: Modules): ReadonlySet<string> {
  const reached = new Set([entry]);
  for (const id of reached)
    for (const each of modules.getModuleInfo(id)?.importedIds ?? []) reached.add(each);
  return reached;
}

let atFirst: ReadonlySet<string> | undefined;

/** What only other pages share must not be in the file with which the agent page begins. */
function chunkOf(id: string, modules: Modules): string | null {
  atFirst ??= reachedFrom(AGENT_PAGE, modules);
  return atFirst.has(id) && !ICONS_LATER.test(id) ? 'shared' : null;
}

/** Files that keep their names: an installed page and its service worker are known by their addresses. */
const FIXED: Readonly<Record<string, string>> = {
  'manifest.webmanifest': 'manifest.json',
  'icon.svg': 'icon.svg',
  'notices.js': 'agent/notices.js',
};

function fixedFiles(): Plugin {
  return {
    name: 'fixed-files',
    apply: 'build',
    generateBundle() {
      for (const [fileName, source] of Object.entries(FIXED)) {
        this.emitFile({ type: 'asset', fileName, source: readFileSync(resolve(root, source), 'utf8') });
      }
    },
    transformIndexHtml: (_html, { path }) =>
      path.endsWith('client_js.html')
        ? [
            { tag: 'link', attrs: { rel: 'manifest', href: './manifest.webmanifest' }, injectTo: 'head' },
            // What the page asks first, asked while its script is still on its way.
            {
              tag: 'link',
              attrs: { rel: 'preload', href: './api/session', as: 'fetch', crossorigin: 'anonymous' },
              injectTo: 'head-prepend',
            },
          ]
        : [],
  };
}

export default defineConfig({
  ...page,
  plugins: [fixedFiles()],
  build: {
    ...page.build,
    // The telephone is one chunk of 1.3 MB on purpose: it is loaded after the page has painted.
    chunkSizeWarningLimit: 1_500,
    rollupOptions: {
      input: {
        agent: AGENT_PAGE,
        console: resolve(root, 'console.html'),
        invitation: resolve(root, 'invitation.html'),
        wall: resolve(root, 'wall.html'),
      },
      output: {
        // What all pages begin with is one file: in many small ones it would compress worse.
        codeSplitting: {
          groups: [{ name: chunkOf, minShareCount: 2 }],
        },
      },
    },
  },
});
