import type { Ncco } from '../../domain/ncco/ncco.ts';
import { callerNumber } from '../../domain/webhooks/answer-request.ts';
import type { Config } from '../config/config.ts';
import type { Routing } from './routing.ts';

/**
 * Seconds that the agent's page rings. Shorter than Vonage's default of 60, because most callers hang up
 * before that.
 */
const RINGING_SECONDS = 45;

/** The agent who receives all calls: the first one. */
export function calledAgent(agents: readonly [string, ...string[]]): string {
  return agents[0];
}

/** Asks each caller to wait, then rings one agent's page, as in Vonage's phone-to-app tutorial. */
export function directRouting({
  agents,
  waitMessage,
  voiceLanguage,
}: Pick<Config, 'agents' | 'waitMessage' | 'voiceLanguage'>): Routing {
  return {
    answer(call, _route, baseUrl) {
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
          ...(baseUrl !== undefined && { eventUrl: [`${baseUrl}/voice/event`] }),
          endpoint: [{ type: 'app', user: calledAgent(agents) }],
        },
      ];
      return { reply: { status: 200, ncco }, when: 'now' };
    },
    event: () => ({ reply: { status: 200 }, when: 'stored' }),
  };
}
