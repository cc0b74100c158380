import { randomBytes } from 'node:crypto';
import { readDialled } from '../../domain/desk/outbound.ts';
import type { OutboundRules } from '../../domain/desk/rules.ts';
import { lastWords, voicemail as voicemailNcco } from '../../domain/desk/script.ts';
import { textsFor } from '../../domain/desk/texts.ts';
import type { Ncco } from '../../domain/ncco/ncco.ts';
import { callerNumber } from '../../domain/webhooks/answer-request.ts';
import type { WebhookEvent } from '../../domain/webhooks/event-kind.ts';
import { readEvent } from '../../domain/webhooks/read-event.ts';
import type { Config } from '../config/config.ts';
import type { Roster } from '../people/roster.ts';
import { voicemailIn } from '../voicemail/note.ts';
import type { Routing } from './routing.ts';

/**
 * Seconds that the agent's page rings. Shorter than Vonage's default of 60, because most callers hang up
 * before that.
 */
const RINGING_SECONDS = 45;

/** Statuses of a called leg that nobody answered, for which the platform takes an NCCO. */
const NOT_ANSWERED: ReadonlySet<string | null> = new Set([
  'timeout',
  'rejected',
  'unanswered',
  'busy',
  'failed',
]);

/** Whether an event says that the agent was called in vain. The caller's own leg ends in other ways. */
function isNotAnswered(event: WebhookEvent, agent: string): boolean {
  const { status, to, direction } = readEvent(event);
  return NOT_ANSWERED.has(status) && to === agent && direction !== 'inbound';
}

/** Asks each caller to wait, then rings the first agent's page, as in Vonage's phone-to-app tutorial. */
export function directRouting(
  {
    agents,
    waitMessage,
    voiceLanguage,
    takesMessages,
    platform,
  }: Pick<Config, 'agents' | 'waitMessage' | 'voiceLanguage' | 'takesMessages' | 'platform'>,
  roster: Roster,
  outbound: () => OutboundRules,
): Routing {
  // There is always an agent: the last one cannot be removed.
  const called = () => roster.agents()[0] ?? agents[0];
  const dialled = (text: string) =>
    readDialled(text, { ours: platform.number ?? null, others: [], outbound: outbound() });
  const craftOf = (base: string | undefined) => ({
    base: base ?? '',
    language: voiceLanguage,
    texts: textsFor(voiceLanguage ?? 'en', {}),
  });

  /** An agent dials from her page. */
  function placed(to: string | undefined, baseUrl: string | undefined): Ncco {
    const found = dialled(to ?? '');
    const craft = craftOf(baseUrl);
    if (!('number' in found)) return lastWords(craft.texts.notDialled, craft);
    return [
      {
        action: 'connect',
        ...(platform.number !== undefined && { from: platform.number }),
        timeout: RINGING_SECONDS,
        endpoint: [{ type: 'phone', number: found.number }],
      },
    ];
  }

  return {
    readDialled: dialled,
    answer(call, [kind], baseUrl) {
      // A call of the desk, from before this server was told to route directly.
      if (kind !== 'answer' && kind !== 'fallback') {
        const craft = craftOf(baseUrl);
        return { reply: { status: 200, ncco: lastWords(craft.texts.apology, craft) }, when: 'now' };
      }
      if (call.fromUser !== undefined) {
        return { reply: { status: 200, ncco: placed(call.to, baseUrl) }, when: 'now' };
      }
      const caller = callerNumber(call);
      const ncco: Ncco = [
        {
          action: 'talk',
          text: waitMessage,
          ...(voiceLanguage !== undefined && { language: voiceLanguage }),
        },
        {
          action: 'connect',
          ...(caller !== undefined && { from: caller }),
          timeout: RINGING_SECONDS,
          // Its event may then be answered with what the caller hears next.
          eventType: 'synchronous',
          ...(baseUrl !== undefined && { eventUrl: [`${baseUrl}/voice/event`] }),
          endpoint: [{ type: 'app', user: called() }],
        },
      ];
      return { reply: { status: 200, ncco }, when: 'now' };
    },
    event(event, route, baseUrl) {
      const voicemail = voicemailIn(event, route);
      if (voicemail !== undefined) return { reply: { status: 200 }, when: 'stored', told: { voicemail } };
      if (baseUrl === undefined || !isNotAnswered(event, called())) {
        return { reply: { status: 200 }, when: 'stored' };
      }
      const craft = craftOf(baseUrl);
      if (!takesMessages)
        return { reply: { status: 200, ncco: lastWords(craft.texts.apology, craft) }, when: 'briefly' };
      const id = randomBytes(16).toString('hex');
      const { from, conversations } = readEvent(event);
      return {
        reply: { status: 200, ncco: voicemailNcco(id, craft.texts.apology, craft) },
        when: 'briefly',
        told: { voicemail: { kind: 'offered', id, call: conversations[0] ?? null, queue: null, from } },
      };
    },
  };
}
