import { describe, expect, it } from 'vitest';
import { placeEntries } from './placement.ts';

const named = (callId: string, legUuid: string | null) => ({ callId, legUuid });
const byLeg = (legUuid: string) => ({ callId: null, legUuid });
const nothing = new Map<string, string | null>();

describe('an entry', () => {
  it('belongs to the call that it names', () => {
    expect(placeEntries([named('CON-1', 'a'), named('CON-2', null)], nothing)).toEqual({
      callIds: ['CON-1', 'CON-2'],
      legs: [{ uuid: 'a', call_id: 'CON-1' }],
      moves: [],
    });
  });

  it('that names a leg alone belongs to the call of the leg, be that named before, later or with it', () => {
    const known = new Map([['a', 'CON-1']]);
    expect(placeEntries([byLeg('a')], known)).toEqual({ callIds: ['CON-1'], legs: [], moves: [] });
    expect(placeEntries([byLeg('b'), named('CON-2', 'b')], nothing)).toEqual({
      callIds: ['CON-2', 'CON-2'],
      legs: [{ uuid: 'b', call_id: 'CON-2' }],
      moves: [],
    });
  });

  it('of a leg that nobody named yet waits in a call of its own, and moves when somebody does', () => {
    expect(placeEntries([byLeg('a')], nothing)).toEqual({
      callIds: ['leg:a'],
      legs: [{ uuid: 'a', call_id: null }],
      moves: [],
    });
    expect(placeEntries([named('CON-1', 'a')], new Map([['a', null]]))).toEqual({
      callIds: ['CON-1'],
      legs: [{ uuid: 'a', call_id: 'CON-1' }],
      moves: [{ legUuid: 'a', from: 'leg:a', to: 'CON-1' }],
    });
  });

  it('of a leg that was in two calls belongs to the same one in whatever order they were named', () => {
    const [first, second] = [named('CON-1', 'a'), named('CON-2', 'a')];
    const place = (call: string, ...entries: Parameters<typeof placeEntries>[0]) => {
      const { legs, moves } = placeEntries(entries, new Map([['a', call]]));
      return { legs, moves };
    };
    expect(place('CON-1', second)).toEqual({ legs: [], moves: [] });
    expect(place('CON-2', first)).toEqual({
      legs: [{ uuid: 'a', call_id: 'CON-1' }],
      moves: [{ legUuid: 'a', from: 'CON-2', to: 'CON-1' }],
    });
    for (const entries of [
      [first, second, byLeg('a')],
      [byLeg('a'), second, first],
    ]) {
      expect(placeEntries(entries, nothing).legs).toEqual([{ uuid: 'a', call_id: 'CON-1' }]);
    }
  });

  it('that takes the name of a waiting call is no reason to move anything', () => {
    expect(placeEntries([named('leg:a', 'a')], new Map([['a', null]]))).toEqual({
      callIds: ['leg:a'],
      legs: [{ uuid: 'a', call_id: 'leg:a' }],
      moves: [],
    });
  });
});
