import { type Exchange, TELEPHONE_NETWORK } from '../calls/exchange.ts';
import type { Leg } from '../calls/leg.ts';
import type { Action, LegControl, Programs, Services } from './action.ts';
import { askApplication } from './ask-application.ts';
import { carryOut } from './carry-out.ts';
import { readNcco } from './ncco.ts';
import { playStream, speak } from './play.ts';

/** @param parts what the actions need of the rest of the platform. */
export function createPrograms(parts: Omit<Services, 'programs'>): Programs {
  const controls = new WeakMap<Leg, LegControl>();
  const programs: Programs = {
    of(leg) {
      const known = controls.get(leg);
      if (known) return known;
      const made = createControl(leg, services);
      controls.set(leg, made);
      return made;
    },
    async runAt(address, leg) {
      const { exchange, url } = services;
      const ncco = await askApplication(leg, exchange, { answer: address, url });
      if (ncco.ok) await carryOut(ncco.actions, leg, services, leg.over);
    },
  };
  const services: Services = { ...parts, programs };
  return programs;
}

function createControl(leg: Leg, services: Services): LegControl {
  let replaced: AbortController | undefined;

  function run(actions: Action[]): void {
    replaced?.abort();
    replaced = new AbortController();
    const signal = AbortSignal.any([replaced.signal, leg.over]);
    const done = carryOut(actions, leg, services, signal).then((because) => {
      if (!signal.aborted) leg.finish({ cause: 'hung-up-there', ...(because && { because }) });
    });
    done.catch((error: unknown) => services.exchange.fail(leg, error));
  }

  const talk = createSlot(leg);
  const stream = createSlot(leg);
  return {
    run,
    transfer(actions) {
      services.exchange.transfer(leg, services.exchange.openConversation(leg.application));
      run(actions);
    },
    startTalk: (settings) => talk.start((signal) => speak(settings, { leg, services, signal })),
    stopTalk: () => talk.stop(),
    startStream: (settings) => stream.start((signal) => playStream(settings, { leg, services, signal })),
    stopStream: () => stream.stop(),
  };
}

/** Holds one thing that is played beside the NCCO. */
function createSlot(leg: Leg) {
  let current: AbortController | undefined;
  return {
    start(play: (signal: AbortSignal) => Promise<unknown>): void {
      current?.abort();
      const mine = new AbortController();
      current = mine;
      void play(AbortSignal.any([mine.signal, leg.over])).finally(() => {
        if (current === mine) current = undefined;
      });
    },
    stop(): boolean {
      const was = current;
      was?.abort();
      current = undefined;
      return was !== undefined;
    },
  };
}

/**
 * Takes a call that comes in from a phone or a page: asks the application what to do with it, and has that done.
 * Another phone rings without asking anyone.
 */
export async function takeInboundCall(
  leg: Leg,
  exchange: Exchange,
  programs: Programs,
  url: string,
): Promise<void> {
  if (leg.channel.type === 'phone') leg.report('ringing');
  leg.report('started');
  // A page's own sound is there before it calls; Vonage counts the call from then on.
  if (leg.channel.type === 'app') leg.answer();
  const phone = { action: 'connect', endpoint: [{ type: 'phone', number: leg.to }] };
  const advice =
    leg.application === TELEPHONE_NETWORK
      ? readNcco([phone])
      : await askApplication(leg, exchange, { ...leg.application.webhooks, url });
  if (!advice.ok) {
    leg.finish({ cause: 'hung-up-there', because: 'application-error', text: advice.reason });
    return;
  }
  programs.of(leg).run(advice.actions);
}
