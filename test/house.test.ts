import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** The top-level folders, each with the folders that its sources may import from. */
const rooms: Record<string, readonly string[]> = {
  domain: ['domain'],
  server: ['server', 'domain'],
  ui: ['ui'],
  client: ['client', 'ui', 'domain'],
  emulator: ['emulator', 'ui'],
  conformance: ['conformance', 'emulator', 'scripts'],
  scripts: ['scripts'],
};

interface Import {
  /** Path of the importing file, relative to the root. */
  file: string;
  /** A path relative to the root, or a package name; `node:` for a built-in module. */
  target: string;
  isDynamic: boolean;
}

const imports = Object.keys(rooms)
  .flatMap((room) => globSync(`${room}/**/*.{ts,tsx,mjs,mts}`, { cwd: root }))
  .flatMap(importsOf);

function importsOf(file: string): Import[] {
  const source = readFileSync(join(root, file), 'utf8');
  const { module, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  const statically = [
    ...module.staticImports.map((each) => each.moduleRequest.value),
    ...module.staticExports.flatMap((each) =>
      each.entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
    ),
  ];
  const dynamically = module.dynamicImports
    .map(({ moduleRequest: { start, end } }) => source.slice(start, end))
    .filter((specifier) => /^['"]/.test(specifier))
    .map((specifier) => specifier.slice(1, -1));
  return [
    ...statically.map((specifier) => ({ file, target: targetOf(file, specifier), isDynamic: false })),
    ...dynamically.map((specifier) => ({ file, target: targetOf(file, specifier), isDynamic: true })),
  ];
}

function targetOf(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return relative(root, resolve(root, dirname(file), specifier));
  if (specifier.startsWith('node:')) return 'node:';
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

const roomOf = (path: string) => path.split('/', 1)[0] ?? '';
const isFile = ({ target }: Import) => target.includes('/') && !target.startsWith('@');
const isPackage = (each: Import) => !isFile(each) && each.target !== 'node:';
const isForTests = ({ file }: Import) => /(\.test\.tsx?|test-[\w-]+\.ts|\/testing\.tsx?)$/.test(file);
const shown = ({ file, target }: Import) => `${file} imports ${target}`;

/** The first folder below a top-level one, or a page's whole folder; other files stand for themselves. */
function folderOf(path: string): string {
  const [room = '', folder = '', inner] = path.split('/');
  if (inner === undefined) return path;
  return path.startsWith('emulator/phone/page/') ? 'emulator/phone/page' : `${room}/${folder}`;
}

/** Import cycles, including types: for each folder or file, the imports that are part of one. */
function circlesIn(room: string, unitOf: (path: string) => string): string[][] {
  const crossing = imports.filter(
    (each) =>
      isFile(each) &&
      !isForTests(each) &&
      roomOf(each.file) === room &&
      roomOf(each.target) === room &&
      unitOf(each.file) !== unitOf(each.target),
  );
  const reached = (from: string, seen = new Set<string>()): Set<string> => {
    for (const { file, target } of crossing) {
      const to = unitOf(target);
      if (unitOf(file) !== from || seen.has(to)) continue;
      seen.add(to);
      reached(to, seen);
    }
    return seen;
  };
  const reach = new Map(crossing.map(({ file }) => [unitOf(file), reached(unitOf(file))]));
  const inCircle = [...reach].filter(([unit, all]) => all.has(unit)).map(([unit]) => unit);
  return inCircle.map((unit) =>
    crossing
      .filter(({ file, target }) => unitOf(file) === unit && reach.get(unitOf(target))?.has(unit))
      .map(shown),
  );
}

describe('the source tree', () => {
  it('has sources in every folder', () => {
    expect(new Set(imports.map(({ file }) => roomOf(file)))).toEqual(new Set(Object.keys(rooms)));
  });

  it('imports downward only, and only server/main.ts loads the emulator', () => {
    const wrong = imports.filter(
      (each) =>
        isFile(each) &&
        !rooms[roomOf(each.file)]?.includes(roomOf(each.target)) &&
        !(isForTests(each) && roomOf(each.target) === 'test') &&
        !(each.file === 'server/main.ts' && each.target === 'emulator/platform.ts' && each.isDynamic),
    );
    expect(wrong.map(shown)).toEqual([]);
  });

  it.each(['client', 'domain', 'emulator', 'scripts'])(
    'has no import cycle between the folders of %s',
    (room) => {
      expect(circlesIn(room, folderOf)).toEqual([]);
    },
  );

  it('has no import cycle between the files of the emulator', () => {
    expect(circlesIn('emulator', (path) => path)).toEqual([]);
  });

  it('keeps the client’s pages apart: shared code is beside them or in ui/', () => {
    const pageOf = (path: string) => /^client\/(agent|console|invitation|wall)\//.exec(path)?.[1];
    const wrong = imports.filter(({ file, target }) => {
      const [from, to] = [pageOf(file), pageOf(target)];
      return to !== undefined && from !== to && roomOf(file) === 'client';
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  it('lets only pages use ui/', () => {
    const isPage = /^(ui|client|emulator\/phone\/page|emulator\/inspector)\//;
    const wrong = imports.filter(({ file, target }) => roomOf(target) === 'ui' && !isPage.test(file));
    expect(wrong.map(shown)).toEqual([]);
  });

  it.each([
    ['@vonage/server-sdk', /^server\/vonage\//],
    ['@vonage/jwt', /^server\/vonage\//],
    ['@vonage/client-sdk', /^client\/agent\/vonage-phone\.ts$/],
  ])('imports %s in one place only', (name, place) => {
    const wrong = imports.filter(({ file, target }) => target === name && !place.test(file));
    expect(wrong.filter(({ file }) => roomOf(file) !== 'emulator').map(shown)).toEqual([]);
  });

  it('runs in production on its dependencies alone, and loads optional ones only when asked to', () => {
    const {
      dependencies,
      optionalDependencies,
    }: Record<string, Record<string, string>> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const isThere = ({ target, isDynamic }: Import) =>
      target in (dependencies ?? {}) || (isDynamic && target in (optionalDependencies ?? {}));
    const wrong = imports
      .filter((each) => ['server', 'domain'].includes(roomOf(each.file)) && !isForTests(each))
      .filter((each) => isPackage(each) && !isThere(each));
    expect(wrong.map(shown)).toEqual([]);
  });

  it('does no I/O in its core', () => {
    const wrong = imports
      .filter((each) => roomOf(each.file) === 'domain' && !isForTests(each))
      .filter((each) => !isFile(each) && each.target !== 'zod')
      // The arithmetic of dates and zones, and no clock: the time is passed in.
      .filter(({ file, target }) => !(file === 'domain/desk/hours.ts' && target === 'temporal-polyfill'))
      // The numbering plans of countries, which are data.
      .filter(({ file, target }) => !(file === 'domain/desk/outbound.ts' && target === 'libphonenumber-js'));
    expect(wrong.map(shown)).toEqual([]);
  });

  it('includes every test with a longer run in a command that soaks', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const soaked = globSync(
      [...Object.keys(rooms), 'test'].map((room) => `${room}/**/*.test.{ts,tsx}`),
      {
        cwd: root,
      },
    ).filter((file) => importsOf(file).some(({ target }) => target === 'test/support/soak.ts'));
    expect(soaked).not.toEqual([]);
    const commands = Object.keys(scripts).filter((name) => /^soak(:|$)/.test(name));
    const run = commands.flatMap((name) => String(scripts[name]).split(' '));
    const isRun = (file: string) => run.some((each) => each === file || file.startsWith(`${each}/`));
    expect(soaked.filter((file) => !isRun(file))).toEqual([]);
  });

  it('can install itself without any package', () => {
    const wrong = imports.filter((each) => each.file.endsWith('.mjs') && isPackage(each));
    expect(wrong.map(shown)).toEqual([]);
  });
});
