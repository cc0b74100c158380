import type { Ncco } from '../../domain/ncco/ncco.ts';
import { callerNumber } from '../../domain/webhooks/answer-request.ts';
import type { Config } from '../config/config.ts';
import type { Routing } from './routing.ts';

/**
 * Seconds that the agent's page may ring. Shorter than the platform's own 60: a caller who has heard
 * nothing but ringing for that long has given up.
 */
const RINGING_SECONDS = 45;

/** The agent who gets the calls: the first one. The list is never empty. */
export function calledAgent(agents: readonly [string, ...string[]]): string {
  return agents[0];
}

/** Each caller is asked to wait, then one agent's page rings: Vonage's tutorial. */
export function directRouting({
  agents,
  waitMessage,
  voiceLanguage,
}: Pick<Config, 'agents' | 'waitMessage' | 'voiceLanguage'>): Routing {
  return {
    answer(call, baseUrl) {
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
      return { status: 200, ncco };
    },
    event: () => ({ status: 200 }),
  };
}
