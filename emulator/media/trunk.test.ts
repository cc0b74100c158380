import { describe, expect, it } from 'vitest';
import { createTrunk } from './trunk.ts';

const FRAME = new Int16Array(480).fill(7);

describe('a trunk', () => {
  it('carries what is said at either end to the other, and not back', () => {
    const ends = createTrunk();
    for (const [speaker, listener] of [ends, ends.toReversed()]) {
      const heard: Int16Array[] = [];
      const echo: Int16Array[] = [];
      const undo = [
        listener?.onFrame((frame) => heard.push(frame)),
        speaker?.onFrame((frame) => echo.push(frame)),
      ];
      speaker?.send(FRAME);
      for (const stop of undo) stop?.();
      speaker?.send(FRAME);
      expect([heard, echo]).toEqual([[FRAME], []]);
    }
  });

  it('is lost at one end when the other closes', () => {
    const [near, far] = createTrunk();
    const states: string[] = [];
    far.onState(() => states.push(far.state));
    near.close();
    near.close();
    expect([near.state, states]).toEqual(['closed', ['lost']]);
    far.close();
    expect(far.state).toBe('closed');
  });
});
