import { describe, expect, it } from 'vitest';
import { assertAudio, hasOpus, plainOffer } from './sdp.ts';

const head = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n';
const audio = 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n';

describe('a session description', () => {
  it.each([
    `${head}${audio}`,
    `${head}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n${audio}`,
    `${head}${audio}`.replaceAll('\r\n', '\n'),
  ])('with audio is valid', (sdp) => {
    expect(() => assertAudio(sdp, 'offer')).not.toThrow();
  });

  it.each([
    ['', 'The SDP offer is not a session description'],
    ['{"sdp":"v=0"}', 'The SDP offer is not a session description'],
    [head, 'The SDP offer has no audio'],
    [`${head}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n`, 'The SDP offer has no audio'],
    [`${head}m=audio 0 UDP/TLS/RTP/SAVPF 111\r\n`, 'The SDP offer refuses the audio (m=audio 0 '],
  ])('%j says what is wrong with it', (sdp, reason) => {
    expect(() => assertAudio(sdp, 'offer')).toThrow(reason);
  });

  it('reports whether it supports Opus', () => {
    expect(hasOpus(`${head}${audio}`)).toBe(true);
    expect(hasOpus(`${head}m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=rtpmap:0 PCMU/8000\r\n`)).toBe(false);
  });

  it('as a plain offer loses only extensions and feedback', () => {
    const extras = 'a=extmap:1 urn:x\r\na=rtcp-fb:111 transport-cc\r\n';
    expect(plainOffer(`${head}a=extmap-allow-mixed\r\n${audio}${extras}a=mid:0\r\n`)).toBe(
      `${head}a=extmap-allow-mixed\r\n${audio}a=mid:0\r\n`,
    );
    expect(plainOffer(`v=0\na=extmap:1 urn:x\na=mid:0\n`)).toBe('v=0\na=mid:0\n');
  });
});
