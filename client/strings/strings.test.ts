import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../ui/entries.ts';
import type { Language } from '../../ui/language.ts';
import { en, type Strings } from './en.ts';
import { es } from './es.ts';

const texts: Readonly<Record<Language, Strings>> = { en, es };

describe.each(entriesOf(texts))('in %s', (_language, strings) => {
  it('no other control’s name contains the name of an action', () => {
    const { rejoin, ...names } = strings.actions;
    // "End & answer" names both on purpose: it does both, and Answer is not there beside it.
    const controls = [
      rejoin(14),
      strings.line.retry,
      strings.sound.blocked,
      strings.microphone.check,
      strings.signIn.submit,
      strings.signIn.signOut,
      strings.log.copy,
      strings.call.openPhone,
      strings.settings.allowNotifications,
    ];
    for (const name of Object.values(names)) {
      expect(controls.filter((control) => control.toLowerCase().includes(name.toLowerCase()))).toEqual([]);
    }
  });
});
