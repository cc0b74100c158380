import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { pageBuild } from '../ui/page-build.ts';

const root = import.meta.dirname;
const page = pageBuild(root, '../dist/pages');

/** What a page loads after it has painted, or has for itself alone. */
const NOT_AT_FIRST = new RegExp(
  [
    'libphonenumber',
    'icons/(bell-ring|languages|list-tree|sun-moon|circle-alert|circle-question-mark|download|ear|keyboard|phone-call|radio|triangle-alert|unplug|voicemail)[.]',
    'client/agent/views/(agent-sign-in|settings|event-log-view|keypad|wrap-up)[.]',
    'ui/(numbers|dialog|choice-select|json-text|shortcuts|list-keys|virtual-rows|curl|phone-keys|marked|party-names|page-frame)[.]',
    'client/(console|invitation|wall|agent/workspace)/',
    'client/session/(entrance|session-controller|sign-in-form)',
    'client/strings/(?!(passed-over-)?en[.])',
    'domain/(api/(call-)?search|webhooks/(lenient-fields|event-kind|identity)|desk/(figures|causes)|calls/)',
  ].join('|'),
);

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
        agent: resolve(root, 'client_js.html'),
        console: resolve(root, 'console.html'),
        invitation: resolve(root, 'invitation.html'),
        wall: resolve(root, 'wall.html'),
      },
      output: {
        // What all pages begin with is one file: in many small ones it would compress worse.
        codeSplitting: {
          groups: [{ name: 'shared', minShareCount: 2, test: (id) => !NOT_AT_FIRST.test(id) }],
        },
      },
    },
  },
});
