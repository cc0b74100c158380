// npm run licences: checks the licences of all packages in the lock file, and writes NOTICE.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Licences that ask for no more than to be named, or for changes of the package itself to be published. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MPL-2.0',
  'Unlicense',
]);

/** Packages whose licence is another one, or not told in the usual way, and why they may be used. */
const EXCEPTIONS = {
  '@vonage/client-sdk':
    'Vonage’s terms of use (https://www.vonage.com/legal/communications-apis/terms-of-use/). The agent page loads it to talk to Vonage.',
  'espeak-ng':
    'GPL-3.0-or-later. Optional: only the emulator loads it, to speak texts; it is part of no page, and production does not need it.',
  'rtc-stats-adapter': 'Apache-2.0, which its package.json writes as "Apache 2.0". It is part of no page.',
  'xmlhttprequest-ssl': 'MIT, by its file LICENSE. It is part of no page.',
};

/** The packages of a lock file: name, version, licence, and whether production needs them. */
export function packagesIn(lock) {
  const all = Object.entries(lock.packages ?? {})
    .filter(([path, { link }]) => path !== '' && !link)
    .map(([path, { version, license, dev = false }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      license: license ?? null,
      isForProduction: !dev,
    }));
  const byKey = new Map(all.map((each) => [`${each.name} ${each.version} ${each.isForProduction}`, each]));
  return [...byKey.values()].toSorted((a, b) =>
    `${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1,
  );
}

/** Whether a licence may be used: of several to choose from, one of them. */
function isAllowed(license) {
  return license
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((each) => ALLOWED.has(each));
}

/** What is wrong with the licences of packages, in words. */
export function faultsIn(packages) {
  return packages
    .filter(({ name, license }) => !Object.hasOwn(EXCEPTIONS, name) && !isAllowed(license ?? ''))
    .map(
      ({ name, version, license }) =>
        `${name} ${version} has ${license === null ? 'no licence' : `the licence ${license}`}.`,
    );
}

/** The text of NOTICE. */
export function noticeOf(packages) {
  const production = packages.filter(({ isForProduction }) => isForProduction);
  const names = new Set(packages.map(({ name }) => name));
  const others = Object.entries(EXCEPTIONS).filter(([name]) => names.has(name));
  return [
    'Switchboard',
    'Copyright (c) 2026 The Switchboard authors. Licensed under the MIT License, see LICENSE.',
    '',
    'It uses these packages in production. Each has the text of its licence in node_modules. What the pages',
    'contain is named, with the texts of the licences, in licenses.txt beside the built pages.',
    '',
    ...production.map(({ name, version, license }) => `${name} ${version}: ${license ?? 'see below'}`),
    '',
    'Packages with a licence of another kind:',
    '',
    ...others.map(([name, words]) => `${name}: ${words}`),
    '',
  ].join('\n');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = resolve(import.meta.dirname, '..');
  const packages = packagesIn(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  const faults = faultsIn(packages);
  for (const fault of faults) console.error(fault);
  writeFileSync(join(root, 'NOTICE'), noticeOf(packages));
  console.log(
    `${packages.length} packages, ${faults.length} with a licence that is not allowed. NOTICE is written.`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
}
