import { loadConfig } from '../../config/load-config.ts';
import { createAccount } from '../../vonage/sdk-account.ts';
import { reach } from '../setup/reach.ts';
import { examine } from './doctor.ts';
import { doctorText, isHealthy } from './doctor-text.ts';

const settings = loadConfig();
if (!settings.ok) {
  const faults = settings.faults.map((fault) => `\n  - ${fault}`).join('');
  fail(`These settings are wrong:${faults}\nCorrect them in the environment or in .env.`);
} else if (settings.config.platform.kind === 'emulator') {
  fail(
    'No Vonage application is configured: Switchboard runs with its emulator, so there is nothing to check.\nTo set up a real number, run "npm run setup".',
  );
} else {
  const { platform } = settings.config;
  const findings = await examine({
    config: { ...settings.config, platform },
    apiSecret: process.env.VONAGE_API_SECRET?.trim() || undefined,
    connect: createAccount,
    reach,
    now: Date.now,
  });
  process.stdout.write(doctorText(findings, process.stdout.isTTY === true && process.stdout.hasColors()));
  process.exitCode = isHealthy(findings) ? 0 : 1;
}

function fail(words: string): void {
  console.error(words);
  process.exitCode = 1;
}
