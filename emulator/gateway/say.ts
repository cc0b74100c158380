import { randomUUID } from 'node:crypto';
import type { Leg } from '../calls/leg.ts';
import { samplesSource } from '../media/source.ts';
import type { Speaker } from '../media/speech.ts';
import type { AppCalls } from './app-calls.ts';
import { type Member, textSaid } from './messages.ts';

/** `say` of the Client SDK: speaks a text to everybody in the call. @returns the answer that the SDK expects. */
export function say(
  leg: Leg,
  member: Member,
  request: { text: string; level?: number | undefined; loop?: number | undefined },
  speaker: Speaker,
  calls: AppCalls,
) {
  const body = {
    say_id: randomUUID(),
    text: request.text,
    level: request.level ?? 1,
    loop: request.loop ?? 1,
  };
  const message = textSaid('audio:say', leg, member, body);
  calls.announce(leg, message);
  const speak = async () => {
    const samples = await speaker.speak(body.text);
    if (leg.end) return;
    await leg.conversation.room.play(samplesSource(samples, { loop: body.loop })).ended;
    calls.announce(leg, textSaid('audio:say:done', leg, member, { say_id: body.say_id }));
  };
  void speak();
  return { id: message.id, type: message.type, timestamp: message.timestamp, body };
}
