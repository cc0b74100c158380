import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { emptyFolder } from '../testing.ts';
import { createOutput } from './output.ts';

function slowReader() {
  const written: string[] = [];
  let finish = () => {};
  const output = createOutput(
    {
      write(text, done) {
        written.push(text);
        finish = done;
      },
      writeNow: (text) => void written.push(text),
    },
    (count) => `${count} missing\n`,
  );
  return { written, output, reads: () => finish() };
}

it('unread output is bounded, and says what is missing once it is read', async () => {
  const { written, output, reads } = slowReader();
  output.print('first\n');
  await expect.poll(() => written).toEqual(['first\n']);
  const line = `${'x'.repeat(999)}\n`;
  for (let i = 0; i < 5_000; i += 1) output.print(line);
  expect(written).toHaveLength(1);
  reads();
  expect(written[1]).toBe(`${line.repeat(1_000)}4000 missing\n`);
  output.print('later\n');
  reads();
  expect(written[2]).toBe('later\n');
});

it('pending output is written when the process exits', async () => {
  const { written, output } = slowReader();
  output.print('first\n');
  await expect.poll(() => written).toEqual(['first\n']);
  output.print('last\n');
  output.flush();
  expect(written).toEqual(['first\n', 'last\n']);
});

/** A program that prints far more than a terminal or pipe can buffer, then continues. */
function chatter() {
  const folder = emptyFolder();
  const [file, alive] = [join(folder, 'chatter.mjs'), join(folder, 'alive')];
  writeFileSync(
    file,
    `import { writeFileSync } from 'node:fs';
    import { createOutput, standardOutput } from ${JSON.stringify(new URL('output.ts', import.meta.url).href)};
    const output = createOutput(standardOutput(process.stdout), (count) => count + ' missing');
    let turns = 0;
    setInterval(() => {
      output.print('x'.repeat(10_000) + '\\n');
      turns += 1;
      if (turns === 300) writeFileSync(${JSON.stringify(alive)}, '');
    }, 1);`,
  );
  return { file, alive };
}

function endLater(child: ChildProcess): void {
  onTestFinished(() => void child.kill('SIGKILL'));
}

it('an unread pipe does not block the process', { timeout: 30_000 }, async () => {
  const { file, alive } = chatter();
  endLater(spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] }));
  await expect.poll(() => existsSync(alive), { timeout: 20_000 }).toBe(true);
});

const hasTerminals = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

it.skipIf(!hasTerminals)('a stopped terminal does not block the process', { timeout: 30_000 }, async () => {
  const { file, alive } = chatter();
  const command = `exec '${process.execPath}' '${file}'`;
  endLater(spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] }));
  await expect.poll(() => existsSync(alive), { timeout: 20_000 }).toBe(true);
});
