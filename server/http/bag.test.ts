import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBag } from './bag.ts';

it('holds what was added and not taken out, in any order, each as often as it is there', () => {
  // A positive step takes out the one at that place among what is there; null adds one.
  const steps = fc.array(fc.option(fc.nat({ max: 20 })), { maxLength: 100 });
  fc.assert(
    fc.property(steps, (all) => {
      const bag = createBag<number>();
      const there: { thing: number; remove: () => void }[] = [];
      for (const [thing, step] of all.entries()) {
        if (step === null) there.push({ thing, remove: bag.add(thing) });
        else for (const gone of there.splice(step, 1)) gone.remove();
        expect(bag.all().toSorted((a, b) => a - b)).toEqual(there.map((each) => each.thing));
      }
    }),
  );
});

it('lets a thing be taken out once only, whatever came to its place', () => {
  const bag = createBag<string>();
  const remove = bag.add('a');
  bag.add('b');
  remove();
  remove();
  expect(bag.all()).toEqual(['b']);
});
