import { describe, expect, it } from 'vitest';
import { textsOf } from '../../ui/testing.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { workspaceEn } from './workspace-en.ts';
import { workspaceEs } from './workspace-es.ts';

const samples = () => [3];

describe('the Spanish texts', () => {
  const spanish = textsOf(es, samples);

  it('exist for each English one', () => {
    expect(spanish.map(([path]) => path)).toEqual(textsOf(en, samples).map(([path]) => path));
    expect(spanish.filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('are translated, except for the product’s name', () => {
    const english = new Map(textsOf(en, samples));
    const same = spanish.filter(([path, text]) => english.get(path) === text).map(([path]) => path);
    expect(same).toEqual(['.product']);
  });
});

describe('the Spanish texts of the panes', () => {
  const spanish = textsOf(workspaceEs, samples);

  it('exist for each English one, and are translated', () => {
    expect(spanish.map(([path]) => path)).toEqual(textsOf(workspaceEn, samples).map(([path]) => path));
    expect(spanish.filter(([, text]) => text.trim() === '')).toEqual([]);
    const english = new Map(textsOf(workspaceEn, samples));
    expect(spanish.filter(([path, text]) => english.get(path) === text)).toEqual([]);
  });
});

describe.each([
  ['English', en],
  ['Spanish', es],
])('in %s', (_name, strings) => {
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
