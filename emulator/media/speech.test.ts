import { describe, expect, it } from 'vitest';
import { createSpeaker } from './speech.ts';
import type { SpeechEngine } from './speech-engine.ts';
import { renderToneWords } from './tones.ts';

interface FakeEngine extends SpeechEngine {
  broken: string | undefined;
  closed: boolean;
}

/** An engine that a test leads: it answers with as many samples as the text has characters. */
function createFakeEngine() {
  const asked: { text: string; voices: string[] }[] = [];
  const engine: FakeEngine = {
    broken: undefined,
    closed: false,
    async synthesize({ text }, voices) {
      asked.push({ text, voices });
      if (engine.broken) throw new Error(engine.broken);
      if (text === 'unspeakable') throw new Error('no voice spoke');
      return new Int16Array(text.length);
    },
    async close() {
      engine.closed = true;
    },
  };
  return { engine, asked };
}

function setUp() {
  const log: string[] = [];
  const engines: ReturnType<typeof createFakeEngine>[] = [];
  const speaker = createSpeaker({
    log: (line) => log.push(line),
    startEngine() {
      const fake = createFakeEngine();
      engines.push(fake);
      return fake.engine;
    },
  });
  const latest = () => engines.at(-1) ?? expect.unreachable();
  return { speaker, log, engines, latest };
}

describe('the speaker', () => {
  it('starts its engine on first use, or when warmed up', async () => {
    const { speaker, engines } = setUp();
    await speaker.speak(' ');
    expect(engines).toHaveLength(0);
    speaker.warm();
    speaker.warm();
    await speaker.speak('hello');
    expect(engines).toHaveLength(1);
  });

  it('renders each text once per language', async () => {
    const { speaker, latest } = setUp();
    const [first, again] = await Promise.all([speaker.speak('hello'), speaker.speak('hello')]);
    await speaker.speak('hello', { language: 'es-ES' });
    expect(first).toBe(again);
    expect(await speaker.speak('hello')).toBe(first);
    expect(latest().asked).toEqual([
      { text: 'hello', voices: ['en-gb'] },
      { text: 'hello', voices: ['es-es', 'es', 'en-gb'] },
    ]);
  });

  it('plays nothing for empty text', async () => {
    const { speaker } = setUp();
    expect(await speaker.speak('\u0000 \n')).toHaveLength(0);
  });

  it('plays tones for an unspeakable text, warns once, and continues', async () => {
    const { speaker, log, engines } = setUp();
    expect(await speaker.speak('unspeakable')).toEqual(renderToneWords('unspeakable'));
    expect(await speaker.speak('unspeakable', { language: 'fr-FR' })).toEqual(renderToneWords('unspeakable'));
    expect(await speaker.speak('hello')).toHaveLength(5);
    expect(log).toEqual(['Spoken texts are played as short tones: no speech (no voice spoke).']);
    expect(engines).toHaveLength(1);
  });

  it('replaces an engine that failed after it had spoken', async () => {
    const { speaker, engines, latest, log } = setUp();
    await speaker.speak('hello');
    latest().engine.broken = 'its thread ended';
    expect(await speaker.speak('hello there')).toHaveLength(11);
    expect(engines).toHaveLength(2);
    expect(log).toEqual([]);
  });

  it('does not try again with an engine that never spoke', async () => {
    const { speaker, engines, latest, log } = setUp();
    speaker.warm();
    latest().engine.broken = 'the npm package espeak-ng is not installed';
    for (const text of ['one', 'two words', 'three']) {
      expect(await speaker.speak(text)).toEqual(renderToneWords(text));
    }
    expect(engines).toHaveLength(1);
    expect(log).toEqual([
      'Spoken texts are played as short tones: no speech (the npm package espeak-ng is not installed).',
    ]);
  });

  it('plays tones if no engine can be started', async () => {
    const log: string[] = [];
    const speaker = createSpeaker({
      log: (line) => log.push(line),
      startEngine() {
        throw new Error('no threads');
      },
    });
    speaker.warm();
    expect(await speaker.speak('hello')).toEqual(renderToneWords('hello'));
    expect(log).toHaveLength(1);
  });

  it('closes its engine, starts no other, and logs nothing', async () => {
    const { speaker, engines, latest, log } = setUp();
    await speaker.speak('hello');
    await speaker.close();
    expect(latest().engine.closed).toBe(true);
    expect(await speaker.speak('later')).toEqual(renderToneWords('later'));
    speaker.warm();
    expect(engines).toHaveLength(1);
    expect(log).toEqual([]);
  });
});
