// Makes the emulator a package of plain JavaScript, for machines without this repository: node scripts/build-emulator.mjs
// What it writes: dist/emulator-package, and beside it the package as `npm pack` makes it. Nothing is published.
import { chmodSync, cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from './npm.mjs';
import { run } from './run.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'dist/emulator-package');
const BIN = 'emulator/main.js';

/** Compiles what the command and `createPlatform` need, and nothing else. */
async function compile() {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [tsc, '--project', 'emulator/tsconfig.package.json'], { cwd: root });
  for (const file of globSync('emulator/**/*.{js,d.ts}', { cwd: folder })) {
    const path = join(folder, file);
    // The compiler changes imports only, not the addresses of threads, nor the imports of declarations.
    const code = readFileSync(path, 'utf8').replaceAll(/(['"])(\.[^'"\n]*)\.ts\1/g, '$1$2.js$1');
    writeFileSync(path, file === BIN ? `#!/usr/bin/env node\n${code}` : code);
  }
  chmodSync(join(folder, BIN), 0o755);
}

/** The packages that the compiled files import, with the versions of this repository. */
function dependencies({ dependencies, devDependencies, optionalDependencies }) {
  const needed = new Set();
  for (const file of globSync('emulator/**/*.js', { cwd: folder })) {
    for (const name of importsOf(readFileSync(join(folder, file), 'utf8'))) {
      if (/^[^./]/.test(name) && !isBuiltin(name)) {
        needed.add(name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
      }
    }
  }
  const known = { ...dependencies, ...devDependencies };
  const from = (versions, names) => Object.fromEntries(names.map((name) => [name, versions[name]]));
  const names = [...needed].sort();
  const unknown = names.find((name) => !known[name] && !optionalDependencies[name]);
  if (unknown) throw new Error(`The emulator imports ${unknown}, which package.json does not name.`);
  return {
    dependencies: from(
      known,
      names.filter((name) => known[name]),
    ),
    optionalDependencies: from(
      optionalDependencies,
      names.filter((name) => optionalDependencies[name]),
    ),
  };
}

/** All that a compiled module imports by name, at once or later. */
function importsOf(code) {
  const patterns = [
    /^(?:import|export)\b(?:[^'"`;]*\bfrom)?\s*['"]([^'"]+)['"]/gm,
    /\bimport\(['"]([^'"]+)['"]\)/g,
    /\bimport\.meta\.resolve\(['"]([^'"]+)['"]\)/g,
  ];
  return patterns.flatMap((pattern) => Array.from(code.matchAll(pattern), ([, name]) => name));
}

function writePackage() {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { version, license } = manifest;
  const own = {
    name: 'vonage-voice-emulator',
    version,
    description: 'A Vonage Voice platform on your machine, for any Voice application in any language.',
    license,
    type: 'module',
    // Where an upgrade can be ignored request by request.
    engines: { node: '>=24.9' },
    bin: { 'vonage-voice-emulator': BIN },
    exports: { '.': { types: './emulator/platform.d.ts', default: './emulator/platform.js' } },
    ...dependencies(manifest),
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(own, null, 2)}\n`);
  cpSync(join(root, 'emulator/README.md'), join(folder, 'README.md'));
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  for (const page of ['phone', 'inspector']) {
    cpSync(join(root, 'dist', page), join(folder, 'dist', page), { recursive: true });
  }
  return `${own.name}-${version}.tgz`;
}

try {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await compile();
  const file = writePackage();
  await npm(['pack', folder, '--pack-destination', join(root, 'dist')], root);
  console.log(`dist/${file}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
