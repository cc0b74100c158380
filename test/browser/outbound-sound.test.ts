import { expect, test } from 'vitest';
import { hears } from './support/ears.ts';
import { AGENT_TONE, CALLER_TONE, setScene } from './support/scene.ts';

const CUSTOMER = '+44 7700 900123';

/** dBFS of a microphone's steady tone, of which the SDK's noise suppression takes some 20 dB. */
const DAMPED = -60;

const scene = setScene({
  environment: { AGENTS: 'Alice,Bob' },
  desk: (rules) => ({ ...rules, outbound: { countries: ['GB'], prefixes: ['447700900'], except: [] } }),
});

async function dials(agent: Awaited<ReturnType<typeof scene.agent>>, number: string): Promise<void> {
  await agent.sees('Lines are open for calls');
  await agent.click('Dial');
  await agent.page.getByRole('textbox', { name: 'Number to call' }).fill(number);
  await agent.click('Call number');
}

test('an agent calls a telephone: both hear each other, and the agent wraps up', async () => {
  const customer = await scene.caller();
  await customer.ownsNumber(CUSTOMER);
  const alice = await scene.agent({ name: 'Alice' });
  await dials(alice, CUSTOMER);
  await alice.sees(`Ringing at ${CUSTOMER}…`);
  await customer.sees('Incoming call from +44 20 3829 7050');
  await customer.click('Answer');
  await alice.sees(`In call with ${CUSTOMER}`);
  await Promise.all([hears(alice.page, [CALLER_TONE]), hears(customer.page, [AGENT_TONE], DAMPED)]);
  await customer.click('Hang up');
  await alice.sees('Call ended: customer hung up');
  await alice.sees('Wrap-up');

  await alice.page.getByRole('textbox', { name: 'Note on this call' }).fill('Wants ten');
  await alice.page.getByText('Saved', { exact: true }).waitFor();
  await alice.click('End wrap-up');
  await alice.sees('Lines are open for calls');
  const again = scene.stack.platform.call({ from: CUSTOMER.replace(/\D/g, '') });
  await alice.sees(`Incoming call from ${CUSTOMER}`);
  const caller = alice.page.getByRole('region', { name: 'Caller' });
  await caller.getByText('Wants ten').first().waitFor();
  again.hangUp();
  await alice.sees('Call ended: missed, caller hung up');
  await alice.page
    .getByRole('listitem')
    .filter({ hasText: /Caller hung up/ })
    .getByRole('button', {
      name: `Call back ${CUSTOMER}`,
    })
    .click();
  await alice.sees(`Ringing at ${CUSTOMER}…`);
  await alice.click('Hang up');
});

test.each([
  ['is busy', { does: 'busy' }, 'Call ended: the number is busy'],
  ['declines', { does: 'reject', after: 2 }, 'Call ended: they declined'],
] as const)('a telephone that %s: the agent is told, and the line is open again', async (_, rule, words) => {
  const phone = scene.stack.platform.phone('447700900124', rule);
  const alice = await scene.agent({ name: 'Alice' });
  await dials(alice, '07700 900124');
  await alice.sees(words);
  await alice.sees('Lines are open for calls');
  phone.close();
});

test('a telephone that nobody answers rings until the agent hangs up', async () => {
  const phone = scene.stack.platform.phone('447700900125', { does: 'ring' });
  const alice = await scene.agent({ name: 'Alice' });
  await dials(alice, '07700 900125');
  await alice.sees('Ringing at +44 7700 900125…');
  await alice.click('Hang up');
  await alice.sees('Call ended: you hung up');
  await expect.poll(() => phone.call).toBeUndefined();
  await alice.sees('Lines are open for calls');
  phone.close();
});

test('a number that may not be called is refused in words', async () => {
  const alice = await scene.agent({ name: 'Alice' });
  await dials(alice, '112');
  await alice.page.getByText('Emergency and other short numbers can’t be called from here').waitFor();
  expect(await alice.status()).toBe('Lines are open for calls');
});
