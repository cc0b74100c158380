import { createPrivateKey } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { privateKey } from '../testing.ts';
import { createSessions, SESSION_SECONDS } from './session-cookie.ts';

const codes = new Map([
  ['Alice', 'open sesame'],
  ['Bob', 'correct horse'],
]);

function sessions(using = codes, key = privateKey, clock = { ms: 1_700_000_000_000 }) {
  return { clock, sessions: createSessions(key, using, () => clock.ms) };
}

describe('a session', () => {
  it('says who somebody is, on every server that has the same application and codes', async () => {
    const value = await sessions().sessions.issue('Alice');
    const pkcs1 = createPrivateKey(privateKey).export({ type: 'pkcs1', format: 'pem' }).toString();
    expect(await sessions().sessions.read(value)).toBe('Alice');
    expect(await sessions(codes, pkcs1).sessions.read(value)).toBe('Alice');
  });

  it('ends after one long shift', async () => {
    const { sessions: ours, clock } = sessions();
    const value = await ours.issue('Alice');
    clock.ms += (SESSION_SECONDS - 1) * 1000;
    expect(await ours.read(value)).toBe('Alice');
    clock.ms += 1000;
    expect(await ours.read(value)).toBeUndefined();
  });

  it('ends when the code changes or the agent is gone, and others stay', async () => {
    const ours = sessions().sessions;
    const [alice, bob] = [await ours.issue('Alice'), await ours.issue('Bob')];
    const changed = sessions(
      new Map([
        ['Alice', 'open barley'],
        ['Bob', 'correct horse'],
      ]),
    ).sessions;
    expect([await changed.read(alice), await changed.read(bob)]).toEqual([undefined, 'Bob']);
    const without = sessions(new Map([['Bob', 'correct horse']])).sessions;
    expect([await without.read(alice), await without.read(bob)]).toEqual([undefined, 'Bob']);
  });

  it('cannot be forged', async () => {
    const { sessions: ours, clock } = sessions();
    const value = await ours.issue('Alice');
    const [head, , signature] = value.split('.');
    const bob = Buffer.from(JSON.stringify({ iss: 'switchboard', sub: 'Bob', exp: 9e9 })).toString(
      'base64url',
    );
    const later = new Date(clock.ms + 60_000);
    const forged = [
      undefined,
      '',
      'x',
      `${value}x`,
      `${head}.${bob}.${signature}`,
      new UnsecuredJWT().setIssuer('switchboard').setSubject('Alice').setExpirationTime(later).encode(),
      await new SignJWT()
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer('switchboard')
        .setSubject('Alice')
        .setExpirationTime(later)
        .sign(new TextEncoder().encode('open sesame'.padEnd(32, '.'))),
    ];
    for (const each of forged) expect(await ours.read(each)).toBeUndefined();
  });
});
