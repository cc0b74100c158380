import type { Belief } from '../belief.ts';
import { NotTried } from '../belief.ts';
import { share, windowsOf } from '../sound.ts';

/** Seconds of speech, long enough to be looked at in the middle. */
const SPEECH =
  'Thank you for waiting. You are the next caller in line, and one of our agents will be with you very soon.';

/** How legs live, move, hear and end. */
export const calls: Belief[] = [
  {
    id: 'app-leg-events',
    sentence:
      'A leg that the API calls tells started, answered and completed, once each and in this order, and no ringing',
    source: 'document: transcript of the phone-to-app tutorial; the order of arrival is assumed',
    async attempt(stage) {
      const [user] = stage.pages;
      const leg = await stage.post(user);
      const invite = await stage.invitation(user);
      await stage.answer(user, invite);
      await stage.needs('an "answered"', () => stage.statuses(leg).includes('answered'));
      await stage.hangUp(user, invite);
      await stage.needs('a "completed"', () => stage.statuses(leg).includes('completed'));
      await stage.quiet();
      const seen = stage.statuses(leg).join(', ');
      return { isSame: seen === 'started, answered, completed', seen };
    },
  },
  {
    id: 'invite-from',
    sentence: 'The callInvite of a leg that the API calls has the `from` number of the request',
    source: 'assumed',
    async attempt(stage) {
      const [user] = stage.pages;
      await stage.post(user);
      const { from } = await stage.invitation(user);
      return { isSame: from === stage.number, seen: `from "${from}", the request had "${stage.number}"` };
    },
  },
  {
    id: 'rejected-no-completed',
    sentence: 'A leg that its user rejects tells rejected, and no completed follows',
    source: 'document: Voice webhook reference',
    async attempt(stage) {
      const [user] = stage.pages;
      const leg = await stage.post(user);
      await stage.reject(user, await stage.invitation(user));
      await stage.sees(() => stage.statuses(leg).includes('rejected'));
      await stage.quiet();
      const statuses = stage.statuses(leg);
      const isSame = statuses.includes('rejected') && !statuses.includes('completed');
      return { isSame, seen: statuses.join(', ') };
    },
  },
  {
    id: 'hangup-while-ringing',
    sentence:
      'A leg that is hung up by the API while it rings tells cancelled, then completed; the page stops ringing',
    source: 'document: Voice API reference; the events are assumed',
    async attempt(stage) {
      const [user] = stage.pages;
      const leg = await stage.post(user);
      await stage.invitation(user);
      await stage.must(leg, { action: 'hangup' });
      const stops = await stage.sees(() => stage.told(user).some(({ name }) => name === 'cancel'));
      await stage.sees(() => stage.statuses(leg).includes('completed'));
      const statuses = stage.statuses(leg).filter((status) => status !== 'started');
      return {
        isSame: stops && statuses.join() === 'cancelled,completed',
        seen: `${statuses.join(', ') || 'no event'}; the page ${stops ? 'stops ringing' : 'goes on ringing'}`,
      };
    },
  },
  {
    id: 'connect-ends-both',
    sentence: "When the called party of a connect hangs up, the caller's call is completed, too",
    source: 'document: NCCO reference, connect',
    async attempt(stage) {
      const [alice, bob] = stage.pages;
      const { caller, invite } = await stage.connected(alice, bob);
      await stage.hangUp(bob, invite);
      const isSame = await stage.sees(() => stage.statuses(caller).includes('completed'));
      return { isSame, seen: `the caller: ${stage.statuses(caller).join(', ')}` };
    },
  },
  {
    id: 'called-leg-after-transfer',
    sentence:
      'When the caller of a connect is transferred away, the called leg stays up, alone in its conversation',
    source: 'assumed',
    async attempt(stage) {
      const [alice, bob] = stage.pages;
      const { caller, called } = await stage.connected(alice, bob);
      await stage.pause(stage.pace.quiet / 2);
      await stage.transfer(caller, { ncco: stage.stay() });
      await stage.quiet();
      const isOver = stage.statuses(called).includes('completed');
      const seen = isOver ? 'completed' : await stage.statusOf(called);
      return { isSame: !isOver && seen === 'answered', seen: `the called leg is ${seen}` };
    },
  },
  {
    id: 'transfer-events',
    sentence:
      'A transfer to an NCCO with `conversation` tells two transfer events: into a new conversation, then into the named one',
    source: 'assumed',
    async attempt(stage) {
      const [user] = stage.pages;
      const leg = await stage.answered(user);
      await stage.transfer(leg, { ncco: stage.stay() });
      const transfers = () =>
        stage
          .events(leg)
          .map(({ payload }) => payload)
          .filter((payload) => 'conversation_uuid_to' in payload);
      await stage.needs('a transfer event', () => transfers().length > 0);
      await stage.quiet();
      const [first, second, ...more] = transfers();
      const isChain = second !== undefined && first?.conversation_uuid_to === second.conversation_uuid_from;
      return {
        isSame: isChain && more.length === 0,
        seen: `${transfers().length} transfer events${second ? (isChain ? ', one continuing the other' : ', unrelated') : ''}`,
      };
    },
  },
  {
    id: 'end-on-exit-moved',
    sentence: 'When a leg with endOnExit is transferred away, its conversation ends for all others',
    source: 'assumed',
    async attempt(stage) {
      const [alice, bob] = stage.pages;
      const name = stage.name();
      const moderator = await stage.answered(alice, {
        ncco: [{ action: 'conversation', name, endOnExit: true }],
      });
      const other = await stage.answered(bob, { ncco: [{ action: 'conversation', name }] });
      // Until both have joined, nobody leaves anything.
      await stage.pause(stage.pace.quiet / 2);
      await stage.transfer(moderator, { ncco: stage.stay() });
      await stage.quiet();
      const isSame = stage.statuses(other).includes('completed');
      return { isSame, seen: `the other leg is ${isSame ? 'completed' : 'still up'}` };
    },
  },
  {
    id: 'transfer-of-ended',
    sentence: 'A transfer of a leg that has ended is answered with 400, and of an unknown one with 404',
    source: 'document: Voice API reference; which status is for which is assumed',
    async attempt(stage) {
      const [user] = stage.pages;
      const leg = await stage.answered(user);
      await stage.must(leg, { action: 'hangup' });
      await stage.needs('a "completed"', () => stage.statuses(leg).includes('completed'));
      const change = { action: 'transfer', destination: { type: 'ncco', ncco: stage.wait() } };
      const ended = await stage.control(leg, change);
      const unknown = await stage.control('00000000-0000-4000-8000-000000000000', change);
      return { isSame: ended === 400 && unknown === 404, seen: `ended ${ended}, unknown ${unknown}` };
    },
  },
  {
    id: 'event-url-after-transfer',
    sentence: 'The `event_url` of a leg that the API calls holds after a transfer',
    source: 'assumed',
    async attempt(stage) {
      const [user] = stage.pages;
      const leg = await stage.answered(user, {
        ncco: stage.wait(),
        event_url: [stage.url('/own-events')],
        event_method: 'POST',
      });
      await stage.transfer(leg, { ncco: stage.stay() });
      await stage.pause(stage.pace.quiet / 2);
      const mark = stage.arrivals().length;
      await stage.must(leg, { action: 'hangup' });
      await stage.needs('a "completed"', () => stage.statuses(leg).includes('completed'));
      const last = stage
        .arrivals()
        .slice(mark)
        .find(({ payload }) => payload.uuid === leg && payload.status === 'completed');
      const isSame = last?.path === '/own-events';
      return {
        isSame,
        seen: `completed came to ${isSame ? 'its own' : 'another'} event URL`,
      };
    },
  },
  {
    id: 'app-call-rate',
    sentence:
      'Calls to app users count: of four created at once, three are made and one is answered with 429',
    source: 'document: Voice API, capacity (3 calls a second); that app users count is assumed',
    async attempt(stage) {
      const [alice, bob, carol] = stage.pages;
      // What was called before counts no more.
      await stage.pause(Math.max(2000, stage.pace.quiet / 2));
      const answers = await Promise.all(
        [alice, bob, carol, alice].map((user) => stage.tryToCall(user, { ncco: stage.wait() })),
      );
      const statuses = answers.map(({ status }) => status).sort();
      return { isSame: statuses.join() === '201,201,201,429', seen: statuses.join(', ') };
    },
  },
  {
    id: 'stream-while-earmuffed',
    sentence: 'A leg that is earmuffed does not hear a stream that is played to it',
    source: 'assumed',
    async attempt(stage) {
      const [user] = stage.pages;
      const leg = await stage.answered(user);
      await stage.must(leg, { action: 'earmuff' });
      await stage.must(leg, { stream_url: [stage.url('/tone.wav')], loop: 0 }, '/stream');
      await stage.pause(stage.pace.quiet / 2);
      const during = share(await stage.listens(user, 1500), ({ tone }) => tone);
      await stage.must(leg, { action: 'unearmuff' });
      if (!(await stage.hearsTone(user)) && during < 0.2)
        throw new NotTried('The stream was never heard, earmuffed or not.');
      const isSame = during < 0.2;
      return { isSame, seen: `heard ${percent(during)} of the time while earmuffed` };
    },
  },
  {
    id: 'talk-over-music',
    sentence: 'Speech by the API to a caller with hold music is heard over the music, which plays on',
    source: 'assumed',
    async attempt(stage) {
      const [user] = stage.pages;
      const leg = await stage.answered(user, {
        ncco: [
          {
            action: 'conversation',
            name: stage.name(),
            startOnEnter: false,
            musicOnHoldUrl: [stage.url('/tone.wav')],
          },
        ],
      });
      if (!(await stage.hearsTone(user))) throw new NotTried('The hold music was never heard.');
      await stage.must(leg, { text: SPEECH, level: 1 }, '/talk');
      const from = Date.now();
      const heard = async () => windowsOf(await user.heard(from, Date.now()));
      let windows = await heard();
      for (const end = from + stage.pace.patience; Date.now() < end; windows = await heard()) {
        // Enough of it to tell gaps between words from a pause of the music.
        if (windows.filter(({ other, tone }) => other || !tone).length >= 12) break;
        await stage.pause(200);
      }
      const spoken = windows.filter(({ other }) => other);
      if (spoken.length < 5) {
        const music = share(windows, ({ tone }) => tone);
        throw new NotTried(`No speech was heard; music ${percent(music)} of the time.`);
      }
      const music = share(spoken, ({ tone }) => tone);
      return { isSame: music > 0.5, seen: `music in ${percent(music)} of the time with speech` };
    },
  },
];

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
