import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { levelDbfs, SAMPLE_RATE, toDbfs } from './pcm.ts';
import { createSpeaker } from './speech.ts';
import { type EspeakOptions, type SpeechEngine, startEspeak } from './speech-engine.ts';

const engines: SpeechEngine[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});

function start(options: EspeakOptions): SpeechEngine {
  const engine = startEspeak(options);
  engines.push(engine);
  return engine;
}

/** A thread with a test program instead of the speech engine. */
function thread(onMessage: string, beforehand = ''): URL {
  const program = `import { parentPort } from 'node:worker_threads'; ${beforehand};
    parentPort.on('message', (request) => { ${onMessage} });`;
  return new URL(`data:text/javascript,${encodeURIComponent(program)}`);
}

const say = (text: string) => ({ text, ssml: false });

describe('the thread of the speech engine', { timeout: 30_000 }, () => {
  it('gets one text at a time, and returns each result to its request', async () => {
    const program = thread(
      `if (busy) parentPort.postMessage({ error: 'two at once' }); busy = true;
       setTimeout(() => { busy = false; parentPort.postMessage({ samples: new Int16Array(request.text.length) }) }, 5);`,
      'let busy = false',
    );
    const engine = start({ program });
    const results = await Promise.all(['a', 'bcd', 'ef'].map((text) => engine.synthesize(say(text), ['en'])));
    expect(results.map((samples) => samples.length)).toEqual([1, 3, 2]);
    expect(engine.broken).toBeUndefined();
  });

  it('can fail on one text and speak the next', async () => {
    const program = thread(
      `parentPort.postMessage(request.text === 'bad' ? { error: 'cannot' } : { samples: new Int16Array(1) })`,
    );
    const engine = start({ program });
    await expect(engine.synthesize(say('bad'), [])).rejects.toThrow('cannot');
    await expect(engine.synthesize(say('good'), [])).resolves.toHaveLength(1);
  });

  it('is terminated if it hangs, and all waiting requests fail', async () => {
    const engine = start({ program: thread('for (;;) {}'), patienceMs: 50 });
    const results = await Promise.allSettled([
      engine.synthesize(say('a'), []),
      engine.synthesize(say('b'), []),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(engine.broken).toBe('no reply within 0.05 s');
  });

  it.each([
    ['throws', thread('throw new Error("out of memory")'), 'out of memory'],
    ['exits', thread('process.exit(3)'), 'its thread ended'],
    [
      'lacks the package',
      thread('', 'throw Object.assign(new Error(), { code: "ERR_MODULE_NOT_FOUND" })'),
      'the npm package espeak-ng is not installed',
    ],
  ])('is broken when it %s', async (_, program, reason) => {
    const engine = start({ program });
    await expect(engine.synthesize(say('a'), [])).rejects.toThrow(reason);
    await expect(engine.synthesize(say('b'), [])).rejects.toThrow(reason);
    expect(engine.broken).toBe(reason);
  });

  it('rejects waiting requests when it is closed', async () => {
    const engine = start({ program: thread('') });
    const waiting = engine.synthesize(say('a'), []).catch((error: Error) => error.message);
    await engine.close();
    expect(await waiting).toBe('it was closed');
  });
});

describe('a process', { timeout: 30_000 }, () => {
  it('can exit while its engine is idle, but not while it speaks', async () => {
    const speaks = thread('setTimeout(() => parentPort.postMessage({ samples: new Int16Array(7) }), 50)');
    const program = `
      import { startEspeak } from ${JSON.stringify(new URL('./speech-engine.ts', import.meta.url))};
      const engine = startEspeak({ program: new URL(${JSON.stringify(speaks)}) });
      engine.synthesize({ text: 'a', ssml: false }, []).then((samples) => console.log(samples.length));
    `;
    const ended = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
      timeout: 20_000,
    });
    await expect(ended).resolves.toMatchObject({ stdout: '7\n' });
  });
});

function espeakIsInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve('espeak-ng');
    return true;
  } catch {
    return false;
  }
}

// The package is optional: without it the tones of speech.test.ts are all there is.
describe.skipIf(!espeakIsInstalled())('espeak-ng', { timeout: 60_000 }, () => {
  const wait = 'Please wait while we connect you to an agent.';

  it('speaks at the level of all other audio', async () => {
    const engine = start({});
    const samples = await engine.synthesize(say(wait), ['en-gb']);
    expect(samples.length / SAMPLE_RATE).toBeGreaterThan(1.5);
    expect(samples.length / SAMPLE_RATE).toBeLessThan(4);
    expect(levelDbfs(samples)).toBeGreaterThan(-24);
    expect(levelDbfs(samples)).toBeLessThan(-19.5);
    expect(toDbfs(samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0))).toBeLessThan(-2.9);
  });

  it('has a voice for each language, or the closest one', async () => {
    const engine = start({});
    const [english, spanish, unknown] = await Promise.all([
      engine.synthesize(say('hello'), ['en-gb']),
      engine.synthesize(say('hello'), ['es-mx', 'es', 'en-gb']),
      engine.synthesize(say('hello'), ['xx-yy', 'xx', 'en-gb']),
    ]);
    expect(spanish).not.toEqual(english);
    expect(unknown).toEqual(english);
  });

  it('supports SSML, and reads options, tags and symbols as text', async () => {
    const log: string[] = [];
    const speaker = createSpeaker({ log: (line) => log.push(line), startEngine: () => start({}) });
    const seconds = async (text: string) => (await speaker.speak(text)).length / SAMPLE_RATE;
    expect(await seconds('<speak>Hello <break time="2s"/> you</speak>')).toBeGreaterThan(2);
    expect(await seconds('Hello you')).toBeLessThan(1);
    expect(await seconds('--version')).toBeGreaterThan(0.3);
    for (const text of ['<speak><<a "', '<', '\u0000x', '😀', '\ud800', '-', '%s%n', '..']) {
      expect(await seconds(text), text).toBeLessThan(5);
    }
    expect(log).toEqual([]);
  });
});
