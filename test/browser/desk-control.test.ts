import { expect, test } from 'vitest';
import type { ControlRequest, DeskView } from '../../domain/api/desk-api.ts';
import type { SupervisionMode } from '../../domain/desk/controls.ts';
import { axeFindsNothingInAnyLight } from './support/axe.ts';
import { heardSince, strongest } from './support/ears.ts';
import type { AgentAtPage, CallerAtPhone } from './support/people.ts';
import { CALLER_TONE, setScene } from './support/scene.ts';

const ALICE_TONE = 700;
/** Far from Alice's: a loud tone is heard a little beside its own pitch, too. */
const BOB_TONE = 1600;
const CAROL_TONE = 2200;
/** What is quieter is not heard, dBFS. */
const HEARD = -50;

const scene = setScene({
  environment: { AGENTS: 'Alice,Bob,Carol', WAIT_MESSAGE: 'One moment' },
  ownBrowsers: { Alice: ALICE_TONE, Bob: BOB_TONE, Carol: CAROL_TONE },
  desk: (rules) => rules,
});

const CALLER = '+44 7700 900000';

interface People {
  alice: AgentAtPage;
  bob: AgentAtPage;
  caller: CallerAtPhone;
}

/** Alice talks to the caller, and Bob is free. */
async function inCall(): Promise<People> {
  const alice = await scene.agent({ name: 'Alice' });
  await alice.sees('Lines are open for calls');
  const caller = await scene.caller();
  await caller.dials();
  await alice.answers();
  await hears(caller, ALICE_TONE);
  const bob = await scene.agent({ name: 'Bob' });
  await bob.sees('Lines are open for calls');
  // The SDK reports it where the desk ended the leg first.
  scene.expectsComplaints();
  return { alice, bob, caller };
}

test('the caller on hold hears music in place of the agent, until the agent resumes', async () => {
  const { alice, caller } = await inCall();
  await alice.click('Hold');
  await alice.sees('On hold');
  await alice.page.getByText(/^The caller hears hold music for 0:\d\d$/).waitFor();
  expect(await alice.button('Hold').getAttribute('aria-pressed')).toBe('true');
  await hearsNo(caller, ALICE_TONE);
  await axeFindsNothingInAnyLight(alice.page);
  await alice.click('Hold');
  await alice.sees(`In call with ${CALLER}`);
  await hears(caller, ALICE_TONE);
  await hears(alice, CALLER_TONE);
});

test('a call that is passed on at once rings at the other agent, who talks to the caller', async () => {
  const { alice, bob, caller } = await inCall();
  await alice.click('Transfer');
  await alice.page.getByRole('radio', { name: /^Bob/ }).check();
  await axeFindsNothingInAnyLight(alice.page);
  await alice.click('Send now');
  await bob.answers();
  await hears(caller, BOB_TONE);
  await hears(bob, CALLER_TONE);
  await alice.page.getByText(/^Wrap-up 0:\d\d$/).waitFor();
  await bob.click('Hang up');
  await caller.sees(/^Call ended/);
});

test('an agent asks another one first, who declines, then helps; she brings all together, and leaves', async () => {
  const { alice, bob, caller } = await inCall();
  await asks(alice, 'Bob');
  await alice.sees('On hold');
  await bob.sees(/^Incoming call from Alice/);
  await bob.click('Reject');
  await alice.page.getByText('The second call failed: Bob declined the call.').waitFor();
  expect(await alice.status()).toBe('On hold');
  await asks(alice, 'Bob');
  await bob.answersColleague('Alice');
  await alice.page.getByText('You are talking to Bob', { exact: true }).waitFor();
  await hears(alice, BOB_TONE);
  await hears(bob, ALICE_TONE);
  await hearsNo(caller, BOB_TONE);
  await axeFindsNothingInAnyLight(alice.page, bob.page);

  await alice.click('Merge');
  await alice.page.getByText('You, the caller and Bob are talking', { exact: true }).waitFor();
  await hears(caller, BOB_TONE);
  await hears(caller, ALICE_TONE);

  await alice.click('Hand over');
  await bob.sees(`In call with ${CALLER}`);
  await hearsNo(caller, ALICE_TONE);
  await hears(caller, BOB_TONE);
  await bob.button('Hold').waitFor();
  await bob.click('Hang up');
  await caller.sees(/^Call ended/);
});

test('whom a supervisor hears, and who hears the supervisor, is as chosen; also after a transfer', async () => {
  const { alice, bob, caller } = await inCall();
  const carol = await scene.agent({ name: 'Carol' });
  await carol.sees('Lines are open for calls');
  await supervises('listen');
  await carol.sees(`Listen to the call with ${CALLER}`);
  await carol.click('Answer');
  await Promise.all([hears(carol, ALICE_TONE), hears(carol, CALLER_TONE)]);
  await alice.page.getByText('Carol is listening', { exact: true }).waitFor();
  await Promise.all([hearsNo(alice, CAROL_TONE), hearsNo(caller, CAROL_TONE)]);

  await supervises('whisper');
  await hears(alice, CAROL_TONE);
  await alice.page.getByText(/^Carol is coaching you/).waitFor();
  await hearsNo(caller, CAROL_TONE);
  await alice.click('Transfer');
  await alice.page.getByRole('radio', { name: /^Bob/ }).check();
  await alice.click('Send now');
  await bob.answers();
  await hears(bob, CAROL_TONE);
  await hears(caller, BOB_TONE);
  await hearsNo(caller, CAROL_TONE);

  await supervises('barge');
  await hears(caller, CAROL_TONE);
  await caller.click('Hang up');
  await carol.sees(/^Call ended/);
});

/** Carol joins the only call as a supervisor, or changes how she is in it. */
async function supervises(mode: SupervisionMode): Promise<void> {
  const desk = `${scene.stack.agentUrl}api/desk`;
  const { calls }: DeskView = await (await fetch(desk)).json();
  const answer = await fetch(`${desk}/calls/${calls[0]?.id}/control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ agent: 'Carol', action: 'supervise', mode } satisfies ControlRequest),
  });
  expect(answer.status).toBe(200);
  await answer.body?.cancel();
}

/** An agent puts her caller on hold, and calls another agent. */
async function asks(agent: AgentAtPage, name: string): Promise<void> {
  await agent.click('Transfer');
  await agent.page.getByRole('radio', { name: new RegExp(`^${name}`) }).check();
  await agent.click('Ask first');
}

test('the keyboard alone is enough: answer, hold, note, transfer and hang up', async () => {
  const alice = await scene.agent({ name: 'Alice' });
  await alice.sees('Lines are open for calls');
  const caller = await scene.caller();
  await caller.dials();
  await alice.sees(/^Incoming call from/);
  const { keyboard } = alice.page;
  scene.expectsComplaints();
  await keyboard.press('Alt+a');
  await alice.sees(/^In call with/);
  await alice.button('Hold').and(alice.page.locator('[aria-disabled=false]')).waitFor();
  await keyboard.press('Alt+o');
  await alice.sees('On hold');
  await keyboard.press('Alt+n');
  await alice.page.locator('[data-note]:focus').waitFor();
  await keyboard.type('Asks for ? and o');
  await keyboard.press('Alt+o');
  expect(await alice.status()).toBe('On hold');
  // Leaving the field saves it.
  await keyboard.press('Tab');
  await alice.page.getByText('Saved', { exact: true }).waitFor();
  await keyboard.press('Alt+o');
  await alice.sees(`In call with ${CALLER}`);
  await keyboard.press('Alt+x');
  await alice.page.getByRole('dialog').waitFor();
  await keyboard.press('Escape');
  await alice.page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect.poll(() => alice.page.evaluate(() => document.activeElement?.textContent)).toBe('Transfer');
  // The button ignores presses in its first half second.
  await alice.button('Hang up').and(alice.page.locator('[aria-disabled=false]')).waitFor();
  await keyboard.press('Alt+u');
  await alice.sees('Call ended: you hung up');
});

async function hears(person: AgentAtPage | CallerAtPhone, hertz: number): Promise<void> {
  await expect.poll(() => loudness(person, hertz), { timeout: 20_000 }).toBeGreaterThan(HEARD);
}

async function hearsNo(person: AgentAtPage | CallerAtPhone, hertz: number): Promise<void> {
  await expect.poll(() => loudness(person, hertz), { timeout: 20_000 }).toBeLessThan(HEARD);
}

/** How loud a tone was in the last moment. */
async function loudness(person: AgentAtPage | CallerAtPhone, hertz: number): Promise<number> {
  return strongest(await heardSince(person.page, Date.now() - 800), hertz);
}
