import type { OfferView } from '../../../domain/api/desk-api.ts';
import type { Why } from '../../../domain/desk/desk.ts';
import { type WhyRung, whyRung } from '../../../domain/desk/why.ts';
import { clock } from '../../../ui/clock.ts';
import { useNow } from '../../../ui/use-now.ts';
import type { Strings } from '../../strings/en.ts';
import { usePage } from './context.ts';

/** What the desk tells of a call that rings: where it comes from, how long it waited, why this agent. */
export function OfferDetails({ offer }: { offer: OfferView }) {
  const { agent, strings } = usePage();
  const words = strings.value.desk;
  const number = offer.to && agent.nameOf(offer.to);
  return (
    <>
      <p class="offer__line stage__detail">
        {number && <span>{strings.value.call.dialled(number)}</span>}
        <span>{words.queue(offer.queue)}</span>
      </p>
      <OfferTimes offer={offer} />
      <p class="offer__why">{nextWords(words, offer) ?? whyWords(words.why, offer.why)}</p>
    </>
  );
}

/** What answering leads to; null where it is a caller who waits, or `why` says more. */
function nextWords(words: Strings['desk'], { role, kind, by }: OfferView): string | null {
  switch (role) {
    case 'consult':
      return words.consultNext;
    case 'supervise':
      return '';
    case 'agent':
      // Nobody else could have been rung: a colleague named her, or the queue.
      if (by !== null) {
        return '';
      }
      return kind === 'callback' ? words.callbackNext : null;
  }
}

/** In no live region: it would be read out every second. */
function OfferTimes({ offer: { waitingSince, until, role, kind } }: { offer: OfferView }) {
  const { strings } = usePage();
  const words = strings.value.desk;
  const now = useNow(waitingSince);
  const waited = kind === 'callback' ? words.callbackWaited : words.waited;
  return (
    <p class="offer__line offer__times">
      {role === 'agent' && <span>{waited(clock(now - waitingSince))}</span>}
      {until !== null && (
        <span class="offer__left">{words.secondsLeft(Math.max(0, Math.ceil((until - now) / 1_000)))}</span>
      )}
    </p>
  );
}

/** One short line: `Idle longest: 4 min; Bob is on a call`. */
export function whyWords(words: Strings['desk']['why'], why: Why): string {
  const own = rungWords(words, whyRung(why));
  // Agents who declined or are in a call explain more than agents who are not connected.
  const [other] = [...why.passedOver].sort((a, b) => rank(a.because) - rank(b.because));
  const because = other && words.passedOver[other.because];
  return other && because ? `${own}; ${because(other.agent)}` : own;
}

function rungWords(words: Strings['desk']['why'], why: WhyRung): string {
  switch (why.is) {
    case 'only one free':
      return words.onlyYou;
    case 'idle longest':
      return words.longestIdle(idleWords(words, why.seconds));
  }
}

const TELLING: readonly string[] = ['refused this call', 'missed this call', 'busy', 'wrap-up', 'away'];

function rank(because: string): number {
  const place = TELLING.indexOf(because);
  return place === -1 ? TELLING.length : place;
}

function idleWords(words: Strings['desk']['why'], seconds: number): string {
  return seconds < 60 ? words.seconds(seconds) : words.minutes(Math.round(seconds / 60));
}
