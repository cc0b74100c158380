import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DeskView } from '../../../domain/api/desk-api.ts';
import { emptyFolder } from '../../../server/testing.ts';
import { startProgram } from '../../support/program.ts';

const DESK = `queues:
  sales:
    agents: [Alice]
  support:
    agents: [Bob]
otherNumbers:
  greeting: Welcome to Example.
  queue: support
`;

/** A server with the emulator, in a folder with this desk file. */
function start(desk: string) {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'desk.yaml'), desk);
  const environment = { PORT: '0', EMULATOR_PORT: '0', AGENTS: 'Alice,Bob' };
  return { folder, program: startProgram('server/main.ts', [], { folder, environment }) };
}

test('callers wait by the rules of the desk file, which is taken up again when it changes', async () => {
  const { folder, program } = start(DESK);
  await using server = program;
  const [, url = ''] = await server.prints(/Agent page +(http:\/\/127\.0\.0\.1:\d+)/);
  const [, phone = ''] = await server.prints(/Phone +(http:\/\/127\.0\.0\.1:\d+)/);
  await server.prints(/Callers wait for Alice, Bob by the rules of desk\.yaml\./);
  const session = await (await fetch(`${url}/api/session`)).json();
  expect(session).toMatchObject({ called: true });

  const called = await fetch(`${phone}/emulator/calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: '447700900000', to: '442038297050' }),
  });
  expect(called.ok).toBe(true);
  const desk = async (): Promise<DeskView> => JSON.parse(await (await fetch(`${url}/api/desk`)).text());
  await expect
    .poll(desk)
    .toMatchObject({ calls: [{ queue: 'support' }], queues: [{ name: 'sales' }, { name: 'support' }] });

  const write = (text: string) => {
    writeFileSync(join(folder, 'desk.new'), text);
    renameSync(join(folder, 'desk.new'), join(folder, 'desk.yaml'));
  };
  write(DESK.replace('Bob', 'Eve'));
  await server.prints(
    /rules before remain in force:\s+- desk\.yaml:5 queues\.support\.agents\[0\] must be one of/,
  );
  expect((await desk()).queues).toHaveLength(2);
  write('queues: {main: {}}\n');
  await server.prints(/The rules of desk\.yaml are in force\./);
  expect((await desk()).queues).toMatchObject([{ name: 'main' }]);
  expect((await desk()).calls).toMatchObject([{ state: expect.stringMatching(/waiting|greeting/) }]);
  expect(await server.stop()).toBe(0);
});

test('the server does not start with a wrong desk file, and says why', async () => {
  const { program } = start('queues:\n  main:\n    ringSeconds: soon\n');
  await program.prints(
    /Switchboard cannot start\. The desk file is wrong:\n {2}- desk\.yaml:3 queues\.main\.ringSeconds/,
  );
  await expect.poll(() => program.child.exitCode).toBe(1);
});
