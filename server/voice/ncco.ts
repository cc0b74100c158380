import type { Ncco } from '../../domain/ncco/ncco.ts';

/**
 * Seconds that the agent's page may ring. Shorter than the platform's own 60: a caller who has heard
 * nothing but ringing for that long has given up.
 */
const RINGING_SECONDS = 45;

export interface Connection {
  /** Name of the app user who is called. */
  agent: string;
  /** The caller's number, E.164 without `+`; undefined where it is withheld. */
  caller: string | undefined;
  waitMessage: string;
  /** BCP 47 tag of the message; undefined for the platform's default, en-US. */
  language: string | undefined;
  /** Where events of this connection go; undefined for the event URL of the application. */
  eventUrl: string | undefined;
}

/** Asks the caller to wait, then rings the agent's page. */
export function connectToAgent({ agent, caller, waitMessage, language, eventUrl }: Connection): Ncco {
  return [
    { action: 'talk', text: waitMessage, ...(language !== undefined && { language }) },
    {
      action: 'connect',
      ...(caller !== undefined && { from: caller }),
      timeout: RINGING_SECONDS,
      ...(eventUrl !== undefined && { eventUrl: [eventUrl] }),
      endpoint: [{ type: 'app', user: agent }],
    },
  ];
}
