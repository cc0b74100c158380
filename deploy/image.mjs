// Copies what the server needs to run, and nothing else, into a folder: node deploy/image.mjs FOLDER
// The Dockerfile runs it after "npm ci" and "npm run build". Needs no network, no shell and no other package.
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = dirname(import.meta.dirname);

/** The server's own files. Its demo and its tunnel are for development. */
const OWN = ['domain', 'server', 'dist/pages', 'LICENSE'];
const NOT_OWN = /\.test\.ts$|\/testing\.ts$|^server\/commands\/(?:demo|tunnel)(?:\/|$)/;

/** Files of packages that are never read: Node runs no TypeScript there. Licences stay. */
const NOT_RUN = /\.(?:[cm]?tsx?|map|md|markdown)$/i;

/** The packages that the server needs, by package-lock.json: neither development packages nor optional ones. */
function packages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([path, { dev, optional, devOptional }]) => path !== '' && !dev && !optional && !devOptional)
    .map(([path]) => path);
}

function copyOwn(folder) {
  if (!existsSync(join(root, 'dist/pages/client_js.html')))
    throw new Error('The pages are not built. Run: npm run build');
  for (const path of OWN) {
    cpSync(join(root, path), join(folder, path), {
      recursive: true,
      filter: (source) => !NOT_OWN.test(source.slice(root.length + 1)),
    });
  }
  const { name, version, license, type, engines } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const manifest = { name, version, license, private: true, type, engines };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function copyPackages(folder) {
  for (const path of packages()) {
    if (!existsSync(join(root, path))) throw new Error(`${path} is not installed. Run: npm ci`);
    cpSync(join(root, path), join(folder, path), {
      recursive: true,
      // A package inside of another one has a line of its own in package-lock.json.
      filter: (source) => !NOT_RUN.test(source) && !source.startsWith(join(root, path, 'node_modules')),
    });
  }
}

/** What a folder holds, in megabytes. */
function megabytesIn(folder) {
  const files = globSync('**', { cwd: folder, withFileTypes: true }).filter((file) => file.isFile());
  const bytes = files.reduce(
    (sum, { parentPath, name }) => sum + readFileSync(join(parentPath, name)).length,
    0,
  );
  return (bytes / 1e6).toFixed(1);
}

try {
  const [given] = process.argv.slice(2);
  if (given === undefined) throw new Error('Usage: node deploy/image.mjs FOLDER');
  const folder = resolve(given);
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0) throw new Error(`${folder} is not empty.`);
  copyOwn(folder);
  copyPackages(folder);
  console.log(`${folder}: ${megabytesIn(folder)} MB`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
