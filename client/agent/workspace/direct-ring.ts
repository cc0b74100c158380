import type { CallDetail } from '../../../domain/api/console-api.ts';
import type { Call } from '../../../domain/calls/call.ts';
import type { RingChain, RingLink } from '../../../domain/desk/ring-chain.ts';
import type { LogEntry } from '../event-log.ts';

/** What is shown of why a call did not ring. */
export type ShownChain = Pick<RingChain, 'links' | 'broken' | 'reason' | 'sound' | 'tab' | 'notice'> & {
  /** Whether the page was connected, as far as the server knew. */
  isLineDown: boolean;
};

/**
 * Why a call did not ring at an agent whom no desk offers calls: what the server logged, and what this page saw. What
 * happened before the page was loaded is not known, and counts as no broken link.
 */
export function directRing(
  { call, entries }: { call: Pick<Call, 'legs'>; entries: CallDetail['entries'] },
  agent: string,
  log: readonly LogEntry[],
): ShownChain {
  const asked = entries.find(({ type }) => type === 'answer');
  const connects = asked?.reply.ncco?.some(({ action }) => action === 'connect') ?? false;
  const leg = call.legs.find(({ direction, to }) => direction === 'outbound' && to === agent);
  const legAt = leg?.startedAt ?? leg?.ringingAt ?? null;
  const told = (type: 'invited' | 'rang') =>
    log.find(
      ({ told: each }) =>
        each !== undefined &&
        'type' in each &&
        each.type === type &&
        (each.type === 'invited' ? each.call.id : each.callId) === leg?.uuid,
    );
  const rang = told('rang');
  const sound = rang?.told && 'type' in rang.told && rang.told.type === 'rang' ? rang.told.sound : null;
  const known: [RingLink, number | null][] = [
    ['webhook', asked?.receivedAt ?? null],
    ['answer', asked && connects ? asked.receivedAt + asked.took : null],
    ['leg', legAt],
  ];
  const loadedAt = log[0]?.at;
  if (legAt === null || (loadedAt !== undefined && loadedAt <= legAt)) {
    known.push(['invite', told('invited')?.at ?? null], ['ring', rang?.at ?? null]);
  }
  const links = known.map(([name, at]) => ({ name, at }));
  const isSilent = sound !== null && sound !== 'on';
  return {
    links,
    broken: isSilent ? 'ring' : (links.find(({ at }) => at === null)?.name ?? null),
    reason: null,
    sound: sound === null ? null : isSilent ? 'blocked' : 'played',
    tab: null,
    notice: null,
    isLineDown: false,
  };
}
