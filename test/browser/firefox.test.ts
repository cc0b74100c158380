import { expect, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { EAR_RATE, type Heard, heardSince, hearsTone } from './support/ears.ts';
import { findFirefox, openFirefox } from './support/firefox.ts';
import { CallerAtPhone } from './support/people.ts';
import { startRealMode } from './support/real-mode-stack.ts';

const CODE = 'correct horse battery';

/** Tones of the two microphones, Hz. */
const [AGENT_TONE, CALLER_TONE] = [700, 1500];

test('a whole call in Firefox: an agent signs in and answers, both hear each other, she hangs up', async ({
  skip,
}) => {
  const path = findFirefox();
  if (path === undefined) return skip('the PATH has no firefox-esr and no firefox');
  await using stack = new AsyncDisposableStack();
  const { serverUrl, platformUrl } = stack.use(await startRealMode(CODE));
  const chromium = stack.use(await startBrowser({ microphone: CALLER_TONE }));
  const agent = stack.use(
    await openFirefox(`${serverUrl}/`, {
      path,
      microphone: AGENT_TONE,
      prepare: `() => (${growEars})(${EAR_RATE})`,
    }),
  );
  const listen = async (): Promise<Heard> => {
    const from = Date.now();
    return { from, samples: JSON.parse(String(await agent.evaluate('window.listen()'))) };
  };

  await agent.types('Your name', 'Alice');
  await agent.types('Access code', CODE);
  await agent.click('Sign in');
  await agent.sees('Call status', 'Lines are open for calls');
  const caller = new CallerAtPhone((await chromium.open(`${platformUrl}/`)).page);
  await caller.dials();
  await agent.sees('Call status', 'Incoming call from +44 7700 900000');
  await agent.click('Answer');
  await agent.sees('Call status', 'In call with +44 7700 900000');
  await caller.sees('In call with +44 20 3829 7050');

  await expectToHear(listen, CALLER_TONE);
  const from = Date.now();
  await expectToHear(() => heardSince(caller.page, from), AGENT_TONE);
  await agent.click('Hang up');
  await agent.sees('Call status', 'Call ended: you hung up');
  await caller.sees('Call ended: the other side hung up');
  expect(agent.complaints).toEqual([]);
});

async function expectToHear(listen: () => Promise<Heard>, hertz: number): Promise<void> {
  await expect
    .poll(async () => hearsTone(await listen(), hertz))
    .toEqual({ isHeard: true, isThisTone: true });
}

/**
 * Lets the page record what it hears. Firefox has no track processor, and its audio contexts stand still on a machine
 * without loudspeakers; recorders do not. Runs in the page.
 */
function growEars(rate: number): void {
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('track', ({ track }) => {
        const listen = async () => {
          const recorder = new MediaRecorder(new MediaStream([track]));
          const recorded = new Promise<Blob>((done) => {
            recorder.ondataavailable = ({ data }) => done(data);
          });
          recorder.start();
          setTimeout(() => recorder.stop(), 1_000);
          const file = await (await recorded).arrayBuffer();
          const sound = await new OfflineAudioContext(1, rate, rate).decodeAudioData(file);
          return JSON.stringify([...sound.getChannelData(0)]);
        };
        Object.assign(window, { listen });
      });
    }
  };
}
