import type { Played } from '../media/room.ts';
import { nameOf } from './endpoint.ts';
import { type Leg, liveLegs } from './leg.ts';

/** What a leg heard from one moment to another, in milliseconds since 1970 of the platform's clock. */
export interface Heard {
  from: number;
  /** Now, where it goes on. */
  to: number;
  /** `voice`: another in the call can be heard, whether or not they speak. */
  hears: Played['hears'] | 'voice' | 'silence';
  /** The words of a text, without the tags of SSML. */
  text?: string;
  /** Of music, and of a ringback tone that the application chose. */
  url?: string;
  /** Whose voices can be heard, also beneath what is played: users by their names, telephones by their numbers. */
  of?: string[];
}

/** What a leg has heard since it was answered. */
export interface Hearing {
  /** To be called whenever it may hear something else. */
  update(): void;
  /** Oldest first, without a gap; of a long call the latest. */
  spans(): Heard[];
}

/** Some hours of a waiting loop. */
const MOST_SPANS = 1000;
/** Of several things that are played, the one that is listened to. */
const RANKS = ['text', 'tone', 'ringback', 'music'] as const;

interface Span {
  from: number;
  played: Played | undefined;
  /** Whose voices could be heard at some time in it, and whose since the last change. */
  earlier: readonly string[];
  of: readonly string[];
  changed: number;
}

/** Follows what a leg hears by what is played and who is in the call, not by its sound: nobody need listen. */
export function createHearing(leg: Leg): Hearing {
  const { world } = leg;
  const spans: Span[] = [];

  function update(): void {
    if (leg.answeredAt === undefined || leg.end) return;
    const now = world.now();
    const { played, of } = soundOn(leg);
    // What takes no time is not heard.
    if (spans.at(-1)?.from === now) spans.pop();
    const last = spans.at(-1);
    const goesOn = last?.played === played && (played !== undefined || last?.of.join() === of.join());
    if (last && goesOn) Object.assign(last, { earlier: voicesIn(last, now), of, changed: now });
    else spans.push({ from: now, played, earlier: [], of, changed: now });
    if (spans.length > MOST_SPANS) spans.shift();
  }

  return {
    update,
    spans() {
      const end = leg.facts().endedAt ?? world.now();
      return spans
        .map((span, index) => describe(span, spans[index + 1]?.from ?? end))
        .filter(({ from, to }) => from < to);
    },
  };
}

function voicesIn({ earlier, of, changed }: Span, to: number): string[] {
  return [...new Set(changed < to ? [...earlier, ...of] : earlier)];
}

function describe(span: Span, to: number): Heard {
  const { from, played } = span;
  const of = voicesIn(span, to);
  const hears = played?.hears ?? (of.length > 0 ? 'voice' : 'silence');
  return { from, to, ...played, hears, ...(of.length > 0 && { of }) };
}

function soundOn(leg: Leg): Pick<Span, 'played' | 'of'> {
  const { conversation, port } = leg;
  if (port.earmuffed) return { played: undefined, of: [] };
  const playing = [...conversation.room.playing, ...port.playing];
  const ranked = RANKS.map((rank) => playing.findLast(({ hears }) => hears === rank));
  const voices = liveLegs(conversation).filter(
    (other) => other !== leg && hasVoice(other) && conversation.room.carries(other.port, port),
  );
  return {
    played: ranked.find((one) => one !== undefined),
    of: voices.map(({ channel }) => nameOf(channel)),
  };
}

/** A leg without a device has a voice, too. */
function hasVoice({ answeredAt, media, port }: Leg): boolean {
  return answeredAt !== undefined && !port.muted && (media === undefined || media === 'connected');
}
