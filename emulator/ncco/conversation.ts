import { z } from 'zod';
import { type Conversation, liveLegs } from '../calls/leg.ts';
import { samplesSource } from '../media/source.ts';
import { startRecording } from '../recordings/recording.ts';
import { type ActionContext, aborted, defineAction } from './action.ts';
import { audience, eventFields, eventTarget, flag, listenAs, oneUrl, webUrl } from './fields.ts';
import { loadSound } from './play.ts';
import { announceRecording } from './record.ts';

/** Vonage's own limit (NCCO reference, conversation). */
const MOST_MEMBERS = 50;

const schema = z
  .looseObject({
    name: z.string().min(1),
    // Vonage's published schema has it as a text, its documentation as an array.
    musicOnHoldUrl: z
      .union([oneUrl, webUrl.transform((url): [string] => [url])], 'must be an array of exactly one URL')
      .optional(),
    startOnEnter: flag.default(true),
    endOnExit: flag.default(false),
    record: flag.default(false),
    mute: flag.optional(),
    ...audience,
    ...eventFields,
  })
  .refine(({ mute, canSpeak }) => !mute || canSpeak === undefined, {
    path: ['mute'],
    message: 'is not supported together with canSpeak',
  });

type ConversationAction = z.infer<typeof schema>;

const recorded = new WeakSet<Conversation>();

/** `conversation`: brings the leg together with all who say the same name, for as long as it lasts. */
export const conversation = defineAction('conversation', schema, async (action, context) => {
  const { leg, services, signal } = context;
  const { exchange } = services;
  leg.answer();
  const meeting = exchange.namedConversation(leg.application, action.name);
  if (liveLegs(meeting).length >= MOST_MEMBERS) {
    exchange.reportError(
      leg.conversation,
      `NCCO conversation: "${action.name}" has ${MOST_MEMBERS} members already`,
    );
    return undefined;
  }
  exchange.transfer(leg, meeting);
  listenAs(leg, action);
  if (action.endOnExit) endWith(context, meeting);
  if (action.record) recordMeeting(action, meeting, context);
  if (action.startOnEnter) meeting.begin();
  if (meeting.begun) greet(meeting);
  else if (action.musicOnHoldUrl) void playHoldMusic(action.musicOnHoldUrl[0], meeting, context);
  await aborted(signal);
  return undefined;
});

/** Tells the members that someone else is there. */
function greet(meeting: Conversation): void {
  const members = liveLegs(meeting);
  if (members.length > 1) for (const member of members) member.join();
}

/** The moderator's going ends it for all. */
function endWith({ leg }: ActionContext, meeting: Conversation): void {
  const end = () => {
    for (const member of liveLegs(meeting)) member.finish({ cause: 'hung-up-there' });
  };
  leg.observe({ ended: end, moved: (_leg, from) => from === meeting && end() });
}

/** Records it once, from its beginning to its end, whichever member asked for it. */
function recordMeeting(
  action: ConversationAction,
  meeting: Conversation,
  { leg, services }: ActionContext,
): void {
  if (recorded.has(meeting)) return;
  recorded.add(meeting);
  const begin = () => {
    const recording = startRecording(meeting.room, { channels: 1 }, leg.world);
    meeting.over.addEventListener('abort', () => {
      const settings = { events: eventTarget(action) };
      void announceRecording(recording.stop(), { conversation: meeting }, settings, services);
    });
  };
  if (meeting.begun) begin();
  else meeting.onBegun(begin);
}

async function playHoldMusic(address: string, meeting: Conversation, context: ActionContext): Promise<void> {
  const { leg, services, signal } = context;
  const loaded = await loadSound(address, 'musicOnHoldUrl', context);
  if (signal.aborted || meeting.begun) return;
  if (!loaded.ok) return services.exchange.reportError(meeting, `Music on hold ${address} ${loaded.reason}`);
  const playback = leg.port.play(samplesSource(loaded.samples, { loop: 0 }), {
    hears: 'music',
    url: address,
  });
  signal.addEventListener('abort', playback.stop, { once: true });
  meeting.onBegun(playback.stop);
}
