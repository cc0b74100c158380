import { userInfo } from 'node:os';
import '../../vonage/no-debug-log.ts';
import { audit } from '../../audit/audit.ts';
import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { accessCodeFile } from '../../context.ts';
import { forgetCode, hashCode, newCode } from '../../people/access-codes.ts';
import { endSessions, readAccounts, saveAccount, seedAccounts } from '../../people/accounts.ts';
import { INVITATION_DAYS, invite, withdrawInvitations } from '../../people/invitations.ts';
import { openStore } from '../../store/store.ts';
import { tables } from '../../tables.ts';
import { accessOf } from '../../vonage/platform-access.ts';
import { createVonageApi, PlatformError } from '../../vonage/vonage.ts';
import { changeOf, listed } from './change.ts';
import { type AgentsCommand, readAgentsOptions } from './options.ts';

/** `npm run agents`: lists and changes who may sign in. */

const read = readAgentsOptions(process.argv.slice(2));
if (read.ok) {
  const settings = loadConfig();
  if (settings.ok) {
    await run(settings.config, read.command).catch((error: unknown) =>
      fail(error instanceof Error ? error.message : String(error)),
    );
  } else {
    fail(`These settings are wrong:${settings.faults.map((fault) => `\n  - ${fault}`).join('')}`);
  }
} else {
  (read.isHelp ? console.log : console.error)(read.words);
  process.exitCode = read.isHelp ? 0 : 2;
}

async function run(config: Config, command: AgentsCommand): Promise<void> {
  const { agents, databaseUrl, dataDir, platform } = config;
  const around = {
    now: Date.now(),
    agents,
    signsIn: platform.kind === 'vonage',
    configured: new Set(platform.kind === 'vonage' ? platform.accessCodes?.keys() : []),
  };
  const code = newCode();
  const codeHash = await hashCode(code);
  // What fails is said once, by the error.
  const store = await openStore({ databaseUrl, dataDir, tables, log: () => {} });
  try {
    const done = await store.write(async (transaction) => {
      await seedAccounts(transaction, agents, Math.round(around.now));
      const accounts = await readAccounts(transaction);
      if (command.kind === 'list') return { words: listed(accounts, around) };
      const change = changeOf(accounts, command, around);
      if ('fault' in change) return change;
      const { account, needsCode, invites } = change;
      const { name } = account;
      // Whoever is invited has a code that nobody knows: the server makes others for accounts that have none.
      const isUnknown = invites && account.codeHash === null;
      await saveAccount(transaction, needsCode || isUnknown ? { ...account, codeHash } : account);
      if (change.endsSessions) {
        await endSessions(transaction, name);
        await withdrawInvitations(transaction, name);
      }
      const token = invites ? await invite(transaction, name, around.now) : undefined;
      for (const { what, details } of change.recorded) {
        await audit(transaction, { who: null, what, of: name, from: operator(), details }, around.now);
      }
      return { ...change, token };
    });
    if ('fault' in done) return fail(done.fault);
    for (const line of done.words) console.log(line);
    if (!('account' in done)) return;
    const { name } = done.account;
    if (done.token !== undefined) {
      const base = config.publicUrl ?? `http://localhost:${config.port}`;
      console.log(`Send ${name} this link. It works once, until ${untilWhen(around.now)}:`);
      console.log(`${base}/invitation.html#${done.token}`);
      if (config.publicUrl === undefined) {
        console.log('It works only on this machine, because PUBLIC_URL is not set.');
      }
    }
    if (done.needsCode) console.log(`Access code, shown only now: ${code}`);
    // A code in the file would no longer be the right one.
    if (done.endsSessions) forgetCode(accessCodeFile(config), name);
    if (done.needsUser) await makeUser(config, name);
  } finally {
    await store.close();
  }
}

/** Who runs this command, for the audit trail. */
function operator(): string {
  try {
    return `npm run agents, as ${userInfo().username}`;
  } catch {
    // Users without an entry in the system's list, as in some containers.
    return 'npm run agents';
  }
}

function untilWhen(now: number): string {
  return new Date(now + INVITATION_DAYS * 86_400_000).toISOString().slice(0, 10);
}

/** Vonage can only connect calls to users that it knows. */
async function makeUser({ platform }: Config, name: string): Promise<void> {
  if (platform.kind === 'emulator') {
    console.log(`The server creates the Vonage user ${name} in its emulator.`);
    return;
  }
  try {
    await createVonageApi(accessOf(platform)).ensureUser(name);
    console.log(`The Vonage user ${name} is there.`);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    console.error(
      `The Vonage user ${name} cannot be created yet: ${error.message}. The server tries again when ${name} signs in.`,
    );
  }
}

function fail(words: string): void {
  console.error(words);
  process.exitCode = 1;
}
