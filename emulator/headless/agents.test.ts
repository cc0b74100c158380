import { describe, expect, it } from 'vitest';
import { type Application, startApplication } from '../../test/integration/support/application.ts';
import { createPlatform, type Platform } from '../platform.ts';
import type { AgentBehaviour } from './agents.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const NCCO = [{ action: 'connect', endpoint: [{ type: 'app', user: 'Alice' }], timeout: 60 }];

/** Runs calls on a clock that waits for nothing. */
async function scene(
  behaviour: AgentBehaviour | undefined,
  act: (platform: Platform, application: Application) => Promise<void>,
): Promise<void> {
  await using application = await startApplication(NCCO);
  await using platform = await createPlatform({
    answerUrl: application.answerUrl,
    eventUrl: application.eventUrl,
    virtual: { seed: 1, start: START },
  });
  if (behaviour) platform.agent('Alice', behaviour);
  await act(platform, application);
}

/** What becomes of a call: the statuses of Alice's leg, and the second at which the last one came. */
async function outcome(platform: Platform, application: Application) {
  const seen = application.events.length;
  const began = platform.world.now();
  await platform.call().over;
  await platform.settled();
  const own = application.events.slice(seen).filter(({ to }) => to === 'Alice');
  const last = Date.parse(String(own.at(-1)?.timestamp));
  return { statuses: own.map(({ status }) => status), second: Math.round((last - began) / 1000) };
}

describe('a headless agent', () => {
  it.each<[string, AgentBehaviour, { statuses: string[]; second: number }]>([
    [
      'vanishes in a call: the platform gives the call up as it does with lost sound',
      { does: 'answer', vanishAfter: 5 },
      { statuses: ['started', 'answered', 'completed'], second: 30 },
    ],
    [
      'vanishes, and is back in time',
      { does: 'answer', vanishAfter: 5, backAfter: 20, hangUpAfter: 10 },
      { statuses: ['started', 'answered', 'completed'], second: 35 },
    ],
    [
      'vanishes, and is back too late',
      { does: 'answer', vanishAfter: 5, backAfter: 26, hangUpAfter: 100 },
      { statuses: ['started', 'answered', 'completed'], second: 30 },
    ],
    [
      'vanishes while it rings, and is back to answer',
      {
        does: 'ring',
        for: 3,
        next: { does: 'away', for: 10, next: { does: 'answer', after: 2, hangUpAfter: 1 } },
      },
      { statuses: ['started', 'answered', 'completed'], second: 16 },
    ],
    [
      'opens a page, and lets it ring',
      { does: 'away', for: 10, next: { does: 'ring' } },
      { statuses: ['started', 'timeout', 'completed'], second: 60 },
    ],
    [
      'is away all the time',
      { does: 'away' },
      { statuses: ['started', 'unanswered', 'completed'], second: 60 },
    ],
  ])('%s', async (_what, behaviour, expected) => {
    await scene(behaviour, async (platform, application) => {
      expect(await outcome(platform, application)).toEqual(expected);
    });
  });

  it('treats the first, the second and all further calls by a rule each', async () => {
    const rules: AgentBehaviour = [{ does: 'reject' }, { does: 'away' }, { does: 'answer', hangUpAfter: 1 }];
    await scene(rules, async (platform, application) => {
      const lasts: unknown[] = [];
      for (let call = 0; call < 4; call += 1)
        lasts.push((await outcome(platform, application)).statuses.at(1));
      expect(lasts).toEqual(['rejected', 'unanswered', 'answered', 'answered']);
    });
  });

  it('treats a call as code decides', async () => {
    const seen: unknown[] = [];
    const decide: AgentBehaviour = (call) => {
      seen.push(call);
      return call.count % 2 === 1 ? { does: 'answer', hangUpAfter: 1 } : { does: 'reject' };
    };
    await scene(decide, async (platform, application) => {
      expect((await outcome(platform, application)).statuses).toContain('answered');
      expect((await outcome(platform, application)).statuses).toContain('rejected');
      expect(seen).toEqual(
        [1, 2].map((count) => ({ from: '447700900000', count, over: expect.any(Promise) })),
      );
    });
  });

  it('refuses a rule that contradicts itself when it is set', async () => {
    await scene(undefined, async (platform) => {
      expect(() => platform.agent('Alice', { does: 'answer', backAfter: 1 })).toThrow(/needs vanishAfter/);
    });
  });

  it('calls a phone, and the application is asked as for a page', async () => {
    await scene(undefined, async (platform, application) => {
      platform.phone('447700900123', { does: 'answer', hangUpAfter: 5 });
      application.answer = () => ({
        body: [{ action: 'connect', endpoint: [{ type: 'phone', number: '447700900123' }] }],
      });
      const call = platform.agent('Alice').dial({ to: '447700900123', ticket: 7 });
      await call.until('connected');
      expect(await call.over).toMatchObject({ cause: 'hung-up-there', because: 'hung-up-here' });
      expect(application.asked[0]).toMatchObject({
        from_user: 'Alice',
        to: '447700900123',
        custom_data: JSON.stringify({ to: '447700900123', ticket: 7 }),
      });
      await platform.settled();
      expect(application.events.map(({ from, status }) => `${from} ${status}`)).toEqual([
        'null started',
        'null answered',
        'Alice started',
        'Alice ringing',
        'Alice answered',
        'Alice completed',
        'null completed',
      ]);
    });
  });

  it('calls another, who sees who calls', async () => {
    const seen: unknown[] = [];
    const answer: AgentBehaviour = (call) => {
      seen.push(call.from);
      return { does: 'answer' };
    };
    await scene(answer, async (platform) => {
      const { leg, until, hangUp, over } = platform.agent('Bob').dial();
      await until('connected');
      expect(leg.conversation.legs).toHaveLength(2);
      hangUp();
      await over;
      expect(seen).toEqual(['Bob']);
    });
  });
});
