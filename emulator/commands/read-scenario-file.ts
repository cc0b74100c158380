import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ReadyScenario } from '../scenario/scenario.ts';
import { readScenario } from '../scenario/scenario.ts';
import { WrongUse } from './command.ts';

/**
 * Reads a scenario from a JSON file, or from the default export of a TypeScript or JavaScript module.
 * Throws in words that name the file and the place of each fault.
 * @param folder against which the path is meant.
 */
export async function readScenarioFile(path: string, folder: string): Promise<ReadyScenario> {
  const file = resolve(folder, path);
  const value = /\.[cm]?[jt]s$/.test(path) ? await loadModule(file) : await readJson(file);
  const read = readScenario(value);
  if (read.ok) return read.scenario;
  throw new WrongUse(read.faults.map((fault) => `${path}: ${fault}`).join('\n'));
}

async function loadModule(file: string): Promise<unknown> {
  const loaded: unknown = await import(pathToFileURL(file).href).catch((error: Error) => {
    throw new WrongUse(`${file}: ${error.message}`);
  });
  if (typeof loaded === 'object' && loaded !== null && 'default' in loaded) return loaded.default;
  throw new WrongUse(`${file}: must have a scenario as its default export`);
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new WrongUse(`${file}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new WrongUse(`${file}: is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}
