/** Chromium's raw access to a track (W3C mediacapture-transform), which TypeScript's library does not know. */
declare class MediaStreamTrackProcessor {
  constructor(init: { track: MediaStreamTrack });
  readonly readable: ReadableStream<AudioData>;
}
