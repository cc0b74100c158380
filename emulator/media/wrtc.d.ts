/** What the emulator uses of @roamhq/wrtc, whose own types need a browser's. */
declare module '@roamhq/wrtc' {
  export interface MediaStreamTrack {
    readonly kind: 'audio' | 'video';
    stop(): void;
  }

  export interface SessionDescription {
    type: 'offer' | 'answer';
    sdp: string;
  }

  /** One entry of a stats report; which fields it has depends on `type`. */
  export interface StatsEntry {
    readonly type: string;
    readonly [field: string]: unknown;
  }

  export interface Codec {
    mimeType: string;
    clockRate: number;
    channels?: number;
    sdpFmtpLine?: string;
  }

  export interface RtpReceiver {
    readonly track: MediaStreamTrack;
    /** Null until a description is set. */
    readonly transport: {
      readonly state: 'new' | 'connecting' | 'connected' | 'closed' | 'failed';
    } | null;
  }

  export interface RtpTransceiver {
    readonly receiver: RtpReceiver;
    setCodecPreferences(codecs: Codec[]): void;
  }

  export interface PeerConnection {
    readonly connectionState: 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';
    readonly iceGatheringState: 'new' | 'gathering' | 'complete';
    readonly localDescription: SessionDescription | null;
    onconnectionstatechange: (() => void) | null;
    oniceconnectionstatechange: (() => void) | null;
    onicegatheringstatechange: (() => void) | null;
    onicecandidate: (() => void) | null;
    addTrack(track: MediaStreamTrack, ...streams: MediaStream[]): void;
    getTransceivers(): RtpTransceiver[];
    createOffer(): Promise<SessionDescription>;
    createAnswer(): Promise<SessionDescription>;
    setLocalDescription(description: SessionDescription): Promise<void>;
    setRemoteDescription(description: SessionDescription): Promise<void>;
    getStats(): Promise<Map<string, StatsEntry>>;
    close(): void;
  }

  export interface MediaStream {
    readonly id: string;
  }

  export interface AudioData {
    samples: Int16Array;
    sampleRate: number;
    bitsPerSample: number;
    channelCount: number;
    numberOfFrames: number;
  }

  export interface AudioSource {
    createTrack(): MediaStreamTrack;
    /** Takes exactly 10 ms. */
    onData(data: AudioData): void;
  }

  export interface AudioSink {
    ondata: ((data: AudioData) => void) | null;
    stop(): void;
  }

  const wrtc: {
    RTCPeerConnection: new (configuration: { iceServers: [] }) => PeerConnection;
    MediaStream: new (tracks: MediaStreamTrack[]) => MediaStream;
    RTCRtpSender: { getCapabilities(kind: 'audio'): { codecs: Codec[] } };
    nonstandard: {
      RTCAudioSource: new () => AudioSource;
      RTCAudioSink: new (track: MediaStreamTrack) => AudioSink;
    };
  };
  export default wrtc;
}
