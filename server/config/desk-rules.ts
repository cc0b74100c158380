import { statSync } from 'node:fs';
import { builtInDesk, type DeskBasis, type DeskSettings } from '../../domain/desk/built-in.ts';
import type { Clock } from '../clock.ts';
import { fingerprint, loadDeskFile } from './desk-file.ts';

/** The stamp of a file that does not exist. */
const ABSENT = 'ENOENT';

/** Milliseconds between two looks at the desk file. */
const LOOK_MS = 2_000;

interface DeskRulesOptions {
  /** Undefined: the built-in rules. */
  file: string | undefined;
  /** Where there is no file: one that is taken up as soon as it is there. */
  laterFile?: string | undefined;
  /** What the desk file refers to, as of now. */
  basis: () => DeskBasis;
  /** Whether someone whom the rules name takes calls now. */
  isAgent: (name: string) => boolean;
  clock: Clock;
  /** Called when the rules of a changed file are in force. */
  onChange?: (file: string, fingerprint: string) => void;
  note: (line: string) => void;
  warning: (line: string) => void;
}

/** The rules by which the desk works now. */
export interface RulesInForce {
  current(): DeskSettings;
  /** Equal on servers with the same rules. */
  fingerprint(): string;
  /** Takes up that the agents have changed. */
  refresh(): void;
  close(): void;
}

/**
 * Reads the desk file and watches it: a changed one is taken up, a wrong one leaves the rules in force. Throws an
 * Error in words if it is wrong from the beginning.
 */
export function openDeskRules(options: DeskRulesOptions): RulesInForce {
  const { file, laterFile, basis, isAgent, clock, onChange, note, warning } = options;
  const watched = file ?? laterFile;
  if (watched === undefined) {
    const read = () => inForce(builtInDesk(basis()), isAgent);
    let desk = read();
    return {
      current: () => desk,
      fingerprint: () => fingerprint(desk),
      refresh() {
        desk = read();
      },
      close() {},
    };
  }
  const path = watched;
  let isBuiltIn = file === undefined;
  let handled = isBuiltIn ? ABSENT : stampOf(path);
  const load = () =>
    isBuiltIn && handled === ABSENT
      ? { ok: true as const, desk: builtInDesk(basis()) }
      : loadDeskFile(path, basis());
  const first = load();
  if (!first.ok) throw new Error(`The desk file is wrong:${listed(first.faults)}\ndocs/desk.md explains it.`);
  let desk = inForce(first.desk, isAgent);
  let mark = fingerprint(desk);
  let read = stampOf(path);
  let changed: string | undefined;
  let isWrong = false;
  let cancel = clock.after(LOOK_MS, look);

  function look(): void {
    cancel = clock.after(LOOK_MS, look);
    const stamp = stampOf(path);
    if (stamp === handled) changed = undefined;
    // A file that is being written is read when it looks the same twice.
    else if (stamp !== changed) changed = stamp;
    else {
      handled = stamp;
      changed = undefined;
      takeUp();
    }
  }

  function takeUp(): void {
    const stamp = stampOf(path);
    const loaded = load();
    if (!loaded.ok) {
      isWrong = true;
      warning(`The desk file is wrong, so the rules before remain in force:${listed(loaded.faults)}`);
      return;
    }
    const before = mark;
    desk = inForce(loaded.desk, isAgent);
    mark = fingerprint(desk);
    // People who come and go change what the rules mean, but not the rules.
    const isSameFile = stamp === read;
    read = stamp;
    if (isBuiltIn && handled === ABSENT) return;
    const isNew = isBuiltIn;
    isBuiltIn = false;
    if (isNew || mark !== before) {
      note(`The rules of ${path} are in force.`);
      if (!isSameFile) onChange?.(path, mark);
    } else if (isWrong) note(`${path} is right again. The rules are the same as before.`);
    isWrong = false;
  }

  return { current: () => desk, fingerprint: () => mark, refresh: takeUp, close: () => cancel() };
}

/** The rules with only those agents who take calls now: the file may name others, too. */
function inForce({ rules, texts }: DeskSettings, isAgent: (name: string) => boolean): DeskSettings {
  const queues = Object.fromEntries(
    Object.entries(rules.queues).map(([name, queue]) => [
      name,
      { ...queue, agents: queue.agents.filter(isAgent) },
    ]),
  );
  return { rules: { ...rules, queues }, texts };
}

/** Changes when the file is written, replaced or removed. */
function stampOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  }
}

function listed(faults: readonly string[]): string {
  return faults.map((fault) => `\n  - ${fault}`).join('');
}
