import { describe, expect, it } from 'vitest';
import { consoleEn } from '../client/strings/console-en.ts';
import { consoleEs } from '../client/strings/console-es.ts';
import { en as agentEn } from '../client/strings/en.ts';
import { es as agentEs } from '../client/strings/es.ts';
import { invitationEn } from '../client/strings/invitation-en.ts';
import { invitationEs } from '../client/strings/invitation-es.ts';
import { wallEn } from '../client/strings/wall-en.ts';
import { wallEs } from '../client/strings/wall-es.ts';
import { workspaceEn } from '../client/strings/workspace-en.ts';
import { workspaceEs } from '../client/strings/workspace-es.ts';
import { en as inspectorEn } from '../emulator/inspector/strings/en.ts';
import { es as inspectorEs } from '../emulator/inspector/strings/es.ts';
import { en as phoneEn } from '../emulator/phone/page/strings/en.ts';
import { es as phoneEs } from '../emulator/phone/page/strings/es.ts';
import { entriesOf } from '../ui/entries.ts';
import { type Language, languages } from '../ui/language.ts';
import { textsOf } from '../ui/testing.ts';

interface PageTexts {
  texts: Readonly<Record<Language, unknown>>;
  /** Arguments for texts that are functions. */
  samples: (path: string) => readonly unknown[];
  /** What a translation must contain where the English text does. */
  values: RegExp;
  /** Paths of texts that are the same in English. */
  same: Readonly<Record<Exclude<Language, 'en'>, readonly string[]>>;
}

const NAMED = new Proxy<Record<string, string>>({}, { get: (_, name) => `<${String(name)}>` });

const PAGES: Readonly<Record<string, PageTexts>> = {
  'agent page': {
    texts: { en: agentEn, es: agentEs },
    samples: () => [97],
    values: /97/g,
    same: { es: ['.product'] },
  },
  workspace: {
    texts: { en: workspaceEn, es: workspaceEs },
    samples: () => [97],
    values: /97/g,
    same: { es: [] },
  },
  invitation: {
    texts: { en: invitationEn, es: invitationEs },
    samples: () => ['NAME'],
    values: /NAME/g,
    same: { es: ['.product'] },
  },
  console: {
    texts: { en: consoleEn, es: consoleEs },
    samples: () => ['97', 4],
    values: /97/g,
    same: { es: ['.product', '.ladder.parties.vonage', '.step.json'] },
  },
  wall: {
    texts: { en: wallEn, es: wallEs },
    samples: () => [97, '4'],
    values: /97/g,
    same: { es: ['.product', '.agentsDay.seconds', '.manage.cancel'] },
  },
  'emulator’s phone': {
    texts: { en: phoneEn, es: phoneEs },
    samples: () => ['NUMBER', 'WHY'],
    values: /NUMBER|WHY|\b7\b|15|https|localhost/g,
    same: { es: ['.page.inspector'] },
  },
  inspector: {
    texts: { en: inspectorEn, es: inspectorEs },
    samples: (path) => (path.startsWith('.hints') ? [NAMED] : ['<ONE>', '<TWO>']),
    values: /<\w+>|\/emulator\/\w+|Bearer|200|205/g,
    same: {
      es: [
        '.page.title',
        '.page.har',
        '.filter.outcomes.2xx',
        '.filter.outcomes.3xx',
        '.filter.outcomes.4xx',
        '.filter.outcomes.5xx',
        '.request.kinds.websocket',
        '.request.kinds.rest',
        '.request.kinds.client-sdk',
        '.request.kinds.control',
        '.request.ncco',
      ],
    },
  },
};

const translations = entriesOf(languages).flatMap(([language, name]) =>
  language === 'en' ? [] : [{ language, name }],
);

describe.each(translations)('in $name', ({ language }) => {
  describe.each(entriesOf(PAGES))('the texts of the %s', (_page, { texts, samples, values, same }) => {
    const english = textsOf(texts.en, samples);
    const translated = textsOf(texts[language], samples);
    const ofEnglish = new Map(english);

    it('are those that there are in English, and say something', () => {
      expect(translated.map(([path]) => path)).toEqual(english.map(([path]) => path));
      expect(translated.filter(([, text]) => text.trim() === '')).toEqual([]);
    });

    it('are translated, except for words that both languages share', () => {
      const untranslated = translated.filter(([path, text]) => ofEnglish.get(path) === text);
      expect(untranslated.map(([path]) => path)).toEqual(same[language]);
    });

    it('have the same values in them', () => {
      const told = (all: typeof english) => all.map(([path, text]) => [path, text.match(values) ?? []]);
      expect(told(translated)).toEqual(told(english));
    });
  });
});
