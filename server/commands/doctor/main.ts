import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { createAccount } from '../../vonage/sdk-account.ts';
import { hear, reach } from '../setup/reach.ts';
import type { Finding } from './checks.ts';
import { examine, lookAtDesk } from './doctor.ts';
import { doctorText, isHealthy } from './doctor-text.ts';

const USAGE = `npm run doctor

Checks this installation against your Vonage account, and suggests fixes: credentials, key, region, webhooks,
signature secret, clock, number, users, PUBLIC_URL, the store, and the desk file with its music. It changes nothing.

Exit code: 0 if there is no problem, 1 if there is one or there is nothing to check.`;

const [option] = process.argv.slice(2);
if (option === undefined) await run();
else if (option === '--help') console.log(USAGE);
else fail(`npm run doctor has no option ${JSON.stringify(option)}.`, 2);

async function run(): Promise<void> {
  const settings = loadConfig();
  if (!settings.ok) {
    const faults = settings.faults.map((fault) => `\n  - ${fault}`).join('');
    return fail(`These settings are wrong:${faults}\nCorrect them in the environment or in .env.`);
  }
  const findings = await findingsOf(settings.config);
  if (findings.length === 0) {
    return fail(
      'No Vonage application is configured: Switchboard runs with its emulator, so there is nothing to check.\nTo set up a real number, run "npm run setup".',
    );
  }
  process.stdout.write(doctorText(findings, process.stdout.isTTY === true && process.stdout.hasColors()));
  process.exitCode = isHealthy(findings) ? 0 : 1;
}

/** With the emulator, there is only the desk file to look at. */
async function findingsOf(config: Config): Promise<Finding[]> {
  const { platform } = config;
  if (platform.kind === 'emulator') return lookAtDesk(config, hear, Date.now());
  return examine({
    config: { ...config, platform },
    apiSecret: process.env.VONAGE_API_SECRET?.trim() || undefined,
    connect: createAccount,
    reach,
    hear,
    now: Date.now,
  });
}

function fail(words: string, code = 1): void {
  console.error(words);
  process.exitCode = code;
}
