import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { addressOf, hostOf, protocolOf } from './sender.ts';

/** A request from an address with headers. */
function requestFrom(remoteAddress: string, headers: Record<string, string>): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
  const request = new IncomingMessage(socket);
  Object.assign(request.headers, headers);
  return request;
}

const forwarded = {
  host: '127.0.0.1:3000',
  'x-forwarded-for': '198.51.100.9, 203.0.113.7, ::1',
  'x-forwarded-host': 'calls.example.com, inner',
  'x-forwarded-proto': 'https,http',
};

describe('how a request was sent', () => {
  it.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])('is taken from a proxy at %s', (address) => {
    const request = requestFrom(address, forwarded);
    expect([addressOf(request), hostOf(request), protocolOf(request)]).toEqual([
      '203.0.113.7',
      'calls.example.com',
      'https',
    ]);
  });

  it.each(['203.0.113.1', '10.127.0.1', '::2'])('cannot be claimed by a sender at %s', (address) => {
    const request = requestFrom(address, forwarded);
    expect([addressOf(request), hostOf(request), protocolOf(request)]).toEqual([
      address,
      '127.0.0.1:3000',
      'http',
    ]);
  });

  it('is taken from the connection without a proxy', () => {
    const request = requestFrom('127.0.0.1', { host: 'localhost' });
    expect([addressOf(request), hostOf(request), protocolOf(request)]).toEqual([
      '127.0.0.1',
      'localhost',
      'http',
    ]);
  });
});
