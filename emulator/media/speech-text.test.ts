import { describe, expect, it } from 'vitest';
import { speechText, voicesFor } from './speech-text.ts';

describe('speechText', () => {
  it('leaves words unchanged', () => {
    const text = '¿Cómo está? 5 < 6 & 😀 <b>';
    expect(speechText(text)).toEqual({ text, ssml: false });
  });

  it.each(['', '  \n', '\u0000\u0007\u009f'])('finds nothing to say in %j', (text) => {
    expect(speechText(text).text).toBe('');
  });

  it('replaces control characters by spaces', () => {
    expect(speechText('one\u0000two\r\nthree\u001b[2J').text).toBe('one two  three [2J');
  });

  it('does not allow phonemes', () => {
    expect(speechText('[[h@loU]] [[[').text).not.toContain('[[');
  });

  it('has 1500 characters at most and never ends in half a character', () => {
    const { text } = speechText(`x${'😀'.repeat(1000)}`);
    expect(text.length).toBe(1500);
    expect(text.isWellFormed()).toBe(true);
    expect(speechText('\ud800 lone').text.isWellFormed()).toBe(true);
  });

  it.each([
    ['<speak>Hello</speak>', true],
    [' <SPEAK version="1.0">Hello', true],
    ['<speaker>', false],
    ['Hello <speak>', false],
  ])('%j is SSML: %s', (text, ssml) => {
    expect(speechText(text).ssml).toBe(ssml);
  });
});

describe('voicesFor', () => {
  it.each([
    ['en-US', ['en-us', 'en', 'en-gb']],
    ['es-MX', ['es-mx', 'es', 'en-gb']],
    ['es_ES', ['es-es', 'es', 'en-gb']],
    ['es-US', ['es-419', 'es', 'en-gb']],
    ['no-NO', ['no-no', 'nb', 'en-gb']],
    ['arb', ['ar', 'en-gb']],
    ['cmn-CN', ['cmn-cn', 'cmn', 'en-gb']],
    ['xx-YY', ['xx-yy', 'xx', 'en-gb']],
    ['en-GB', ['en-gb', 'en']],
  ])('%s is tried as %j', (language, voices) => {
    expect(voicesFor(language)).toEqual(voices);
  });

  it.each([undefined, '', '--voices', '../../x', 'e', 'en us', '-v', 'en-\n'])(
    'an invalid language (%j) counts as English',
    (language) => {
      expect(voicesFor(language)).toEqual(['en-gb']);
    },
  );
});
