import { VonageClient, type VonageEvent } from '@vonage/client-sdk';
import type { TokenGrant } from '../../domain/api/page-api.ts';
import { createScope } from '../../ui/scope.ts';
import type { EndReason } from './call-state.ts';
import { messageOf } from './message-of.ts';
import { type Phone, PhoneError, type PhoneEvent, type PhoneFailure } from './phone.ts';

export { formatNumber } from '../../ui/numbers.ts';

type CancelReason = Parameters<VonageEvent['callInviteCancel']>[1];
type HangupReason = Parameters<VonageEvent['callHangup']>[2];

const cancelReasons: Record<CancelReason, EndReason> = {
  AnsweredElsewhere: 'answered-elsewhere',
  RejectedElsewhere: 'rejected-elsewhere',
  RemoteCancel: 'caller-gave-up',
  RemoteTimeout: 'nobody-answered',
};

const hangupReasons: Record<HangupReason, EndReason> = {
  LOCAL_HANGUP: 'you-hung-up',
  REMOTE_HANGUP: 'caller-hung-up',
  REMOTE_REJECT: 'caller-hung-up',
  REMOTE_NO_ANSWER_TIMEOUT: 'caller-hung-up',
  MEDIA_TIMEOUT: 'connection-lost',
};

/** Codes of a rejected `createSession`, as seen from `@vonage/client-sdk` 2.3.1. */
const sessionFailures: Record<string, PhoneFailure> = {
  'session:error:expired-token': 'token-expired',
  'session:error:invalid-token': 'token-refused',
  'session:error:empty-token': 'token-refused',
  'system:error:permission': 'token-refused',
  'internal:auth:authorization_error': 'token-refused',
  'session:error:max-open-sessions-permitted': 'session-limit',
  'session:error:invalid-session': 'session-unknown',
  'session:error:timeout': 'unreachable',
};

/** The real telephone: Vonage's Client SDK, and the only place that knows it. */
export function createPhone(sdk: TokenGrant['sdk'], listener: (event: PhoneEvent) => void): Phone {
  const { region, apiUrl, websocketUrl } = sdk;
  const client = new VonageClient({
    ...(apiUrl === undefined ? { region } : { apiUrl }),
    ...(websocketUrl === undefined ? {} : { websocketUrl }),
    // Both differ from the SDK's defaults: lost audio would end the call, and statistics go to a third party.
    autoReconnectMedia: true,
    rtcStatsTelemetry: false,
    loggingLevel: 'Error',
  });
  listen(client, listener);

  return {
    open: (token, sessionId) => ask(client.createSession(token, sessionId)),
    renew: (token) => ask(client.refreshSession(token)),
    close: () => ask(client.deleteSession()),
    dial: (number) => ask(client.serverCall({ to: number })),
    answer: (callId) => ask(client.answer(callId)),
    rejoin: (callId) => ask(client.reconnectCall(callId)),
    reject: (callId) => ask(client.reject(callId)),
    hangUp: (callId) => ask(client.hangup(callId)),
    async leave(callId) {
      // The SDK hangs up only calls that it has joined.
      await ask(client.reconnectCall(callId));
      await ask(client.hangup(callId));
    },
    setMuted(callId, muted) {
      // The SDK switches only the track that it opened itself.
      const track = audioSender(client, callId)?.track;
      if (track) {
        track.enabled = !muted;
      }
      return ask(muted ? client.mute(callId) : client.unmute(callId));
    },
    sendDigits: (callId, digits) => ask(client.sendDTMF(callId, digits)),
    watchMicrophone(callId, onChange) {
      const scope = createScope();
      const track = audioSender(client, callId)?.track;
      if (track) {
        scope.listen(track, 'ended', () => onChange(false));
        // The device is there and sends nothing, as when the system has muted it.
        scope.listen(track, 'mute', () => onChange(false));
        scope.listen(track, 'unmute', () => onChange(true));
      }
      return scope.close;
    },
    setSpeaker: async (deviceId) => {
      await client.getAudioOutputElement()?.setSinkId(deviceId);
    },
    setVolume(volume) {
      const player = client.getAudioOutputElement();
      if (player) {
        player.volume = volume;
      }
    },
    async statistics(callId) {
      const found: Record<string, unknown>[] = [];
      const reports = await client.getPeerConnection(callId)?.getStats();
      reports?.forEach((report) => void found.push(report));
      return found;
    },
    async replaceMicrophone(callId, track) {
      const sender = audioSender(client, callId);
      if (!sender) {
        throw new PhoneError('other', 'The call has no audio to replace.');
      }
      track.enabled = sender.track?.enabled ?? true;
      await ask(sender.replaceTrack(track));
    },
  };
}

function audioSender(client: VonageClient, callId: string): RTCRtpSender | undefined {
  // A telephone call has one medium.
  return client.getPeerConnection(callId)?.getSenders()[0];
}

function listen(client: VonageClient, listener: (event: PhoneEvent) => void): void {
  client.on('callInvite', (id, from, kind) =>
    listener({ type: 'invited', call: { id, from: from ?? '', kind } }),
  );
  client.on('callInviteCancel', (callId, reason) =>
    listener({ type: 'over', callId, reason: cancelReasons[reason] ?? 'caller-gave-up' }),
  );
  client.on('callHangup', (callId, _quality, reason) =>
    listener({ type: 'over', callId, reason: hangupReasons[reason] ?? 'caller-hung-up' }),
  );
  client.on('legStatusUpdate', (callId, legId, status) => {
    if (legId !== callId && (status === 'RINGING' || status === 'ANSWERED')) {
      const progress = status === 'RINGING' ? 'ringing' : 'answered';
      listener({ type: 'dial-progress', callId, progress });
    }
  });
  client.on('callMediaDisconnect', (callId) => listener({ type: 'over', callId, reason: 'connection-lost' }));
  client.on('callMediaReconnecting', (callId) => listener({ type: 'media-lost', callId }));
  client.on('callMediaReconnection', (callId) => listener({ type: 'media-back', callId }));
  client.on('callMediaError', (callId, error) =>
    listener({ type: 'noted', text: `audio trouble in ${callId}: ${error.message}` }),
  );
  client.on('mute', (callId, legId, muted) => {
    // A call has other legs, whose mute is not the agent's.
    if (legId === callId) {
      listener({ type: 'mute-changed', callId, muted });
    }
  });
  client.on('dtmf', (callId, legId, digits) => {
    // The platform repeats the agent's own keys too.
    if (legId !== callId) {
      listener({ type: 'keys-heard', callId, digits });
    }
  });
  client.on('reconnecting', () => listener({ type: 'session-reconnecting' }));
  client.on('reconnection', () => listener({ type: 'session-back' }));
  client.on('sessionError', (reason) =>
    listener({ type: 'session-lost', loss: reason === 'EXPIRED_TOKEN' ? 'expired' : 'transport' }),
  );
}

async function ask<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw asPhoneError(error);
  }
}

function asPhoneError(error: unknown): PhoneError {
  const message = messageOf(error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  if (typeof code === 'string') {
    return new PhoneError(sessionFailures[code] ?? 'other', `${code}: ${message}`);
  }
  // A fetch that failed has no code.
  return new PhoneError('unreachable', message);
}
