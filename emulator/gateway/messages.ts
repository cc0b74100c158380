import type { Progress } from '../calls/exchange.ts';
import type { Conversation, Leg } from '../calls/leg.ts';
import type { LegEnd } from '../calls/leg-end.ts';
import type { Message } from './sessions.ts';

/** What the Client SDK is told of a call. Every field here is required by its parser (Client SDK 2.3.1). */

/** A member of a conversation: the user of an app leg. */
export interface Member {
  id: string;
  user: { id: string; name: string };
}

/** @param caller the endpoint that calls */
export function memberInvited(leg: Leg, member: Member, caller: object, offer: string): Message {
  return {
    ...envelope('member:invited', leg, member),
    application_id: leg.application.id,
    body: {
      conversation: { conversation_id: leg.conversation.id, name: leg.conversation.name, display_name: null },
      member_id: member.id,
      user: member.user,
      media: { audio_settings: { enabled: true, earmuffed: false, muted: false } },
      channel: {
        id: leg.uuid,
        type: 'app',
        leg_ids: [leg.uuid],
        from: caller,
        to: { type: 'app', user: member.user.name },
      },
      sdp: offer,
    },
  };
}

/** @param knock the id of the page's own call, where it made one */
export function memberJoined(leg: Leg, member: Member, knock?: string): Message {
  const channel = { id: leg.uuid, type: 'app', ...(knock && { knocking_id: `knocker:${knock}` }) };
  return {
    ...envelope('member:joined', leg, member),
    // The SDK's statistics of a call begin with the application that it reads here.
    application_id: leg.application.id,
    body: { member_id: member.id, user: member.user, channel },
  };
}

/** How far another leg of a call is. @param party who is on it: the SDK passes over what it is told of its own user */
export function legProgress(
  leg: Leg,
  party: Member['user'],
  history: readonly { status: Progress; date: string }[],
): Message {
  const { conversation, channel, direction, uuid } = leg;
  return {
    type: 'leg:status:update',
    id: conversation.nextEventId(),
    cid: conversation.id,
    timestamp: new Date().toISOString(),
    _embedded: { from_user: party },
    body: {
      direction,
      leg_id: uuid,
      status: history.at(-1)?.status,
      type: channel.type,
      statusHistory: history.slice(),
    },
  };
}

/** A leg is over: `member:left` first, which ends the ringing, then `rtc:hangup`, which ends the call. */
export function legOver(leg: Leg, member: Member, end: LegEnd): [Message, Message] {
  const reason = hangupReason(end);
  return [
    {
      ...envelope('member:left', leg, member),
      body: {
        member_id: member.id,
        user: member.user,
        channel: { id: leg.uuid, type: 'app' },
        ...(end.cause === 'rejected' && { reason: { code: 'REMOTE_REJECT', text: end.text ?? '' } }),
      },
    },
    {
      ...envelope('rtc:hangup', leg, member),
      body: {
        channel: { id: leg.uuid, type: 'app' },
        bandwidth: { bytes_in: 0, bytes_out: 0 },
        reason: { text: end.text ?? '', ...reason },
        quality: {
          mos_score: 4.5,
          quality_percentage: 100,
          jitter_min_var: 0,
          jitter_max_var: 0,
          jitter_loss_rate: 0,
          jitter_burst_rate: 0,
          flaw_total: 0,
          packet_cnt: 0,
          packet_loss_perc: 0,
        },
        direction: leg.direction,
      },
    },
  ];
}

/** The SIP code decides what a ringing page shows: 487 is "nobody answered", any other is "the caller gave up". */
function hangupReason(end: LegEnd): { code: string; sip_code: number } {
  switch (end.cause) {
    case 'hung-up-here':
      return { code: end.code ?? 'LOCAL_HANGUP', sip_code: 200 };
    case 'rejected':
      return { code: 'REMOTE_REJECT', sip_code: 603 };
    case 'ring-timeout':
    case 'unreachable':
      return { code: 'RING_TIMER', sip_code: 487 };
    case 'length-limit':
      return { code: 'LENGTH_TIMER', sip_code: 200 };
    case 'no-media':
    case 'media-lost':
    case 'failed':
      return { code: 'MEDIA_TIMEOUT', sip_code: 500 };
    default:
      return { code: 'REMOTE_HANGUP', sip_code: 200 };
  }
}

export function rtcAnswer(leg: Leg, answer: string): Message {
  return {
    type: 'rtc:answer',
    id: leg.conversation.nextEventId(),
    cid: leg.conversation.id,
    body: { rtc_id: leg.uuid, answer },
  };
}

/** The leg is in another conversation now, as another member than before. */
export function rtcTransfer(leg: Leg, member: Member, earlier: Member, from: Conversation): Message {
  return {
    ...envelope('rtc:transfer', leg, member),
    body: {
      was_member: earlier.id,
      user_id: member.user.id,
      transferred_from: from.id,
      channel: { id: leg.uuid, type: 'app' },
    },
  };
}

/** Mute and earmuff as the platform has carried them out: the SDK fires its own events only on these. */
export function audioSwitched(
  what: 'mute' | 'earmuff',
  on: boolean,
  leg: Leg,
  member: Member,
): Message & { id: number } {
  const { conversation } = leg;
  return {
    type: `audio:${what}:${on ? 'on' : 'off'}`,
    id: conversation.nextEventId(),
    cid: conversation.id,
    from: member.id,
    timestamp: new Date().toISOString(),
    body: { rtc_id: leg.uuid },
  };
}

/** Keys pressed by the person on `sender`, who may be on a phone. */
export function digitsPressed(sender: Leg, digits: string, member?: Member): Message & { id: number } {
  const { conversation } = sender;
  return {
    type: 'audio:dtmf',
    id: conversation.nextEventId(),
    cid: conversation.id,
    ...(member && { from: member.id }),
    timestamp: new Date().toISOString(),
    body: { digit: digits, channel: { id: sender.uuid, type: sender.channel.type } },
  };
}

export function textSaid(
  type: 'audio:say' | 'audio:say:done',
  leg: Leg,
  member: Member,
  body: object,
): Message & { id: number } {
  return { ...envelope(type, leg, member), body };
}

function envelope(type: string, leg: Leg, member: Member) {
  return {
    type,
    id: leg.conversation.nextEventId(),
    cid: leg.conversation.id,
    from: member.id,
    timestamp: new Date().toISOString(),
  };
}
