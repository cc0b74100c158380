import { afterEach, describe, expect, it, vi } from 'vitest';
import { clockOf, createRealWorld, createVirtualWorld, pause, type World } from './world.ts';

const START = Date.UTC(2026, 0, 1);
let world: World;

function create(seed = 1): World {
  world = createVirtualWorld({ seed, start: START });
  return world;
}

afterEach(() => world.close());

describe('a virtual world', () => {
  it('jumps from timer to timer, in order of time', async () => {
    create();
    const fired: [string, number][] = [];
    const note = (name: string) => () => fired.push([name, world.now() - START]);
    world.after(3_600_000, note('hour'));
    world.after(1000, note('second'));
    world.after(1000, note('the same second'));
    await vi.waitFor(() => expect(fired).toHaveLength(3));
    expect(fired).toEqual([
      ['second', 1000],
      ['the same second', 1000],
      ['hour', 3_600_000],
    ]);
  });

  it('runs immediate follow-ups before the next timer', async () => {
    create();
    const order: string[] = [];
    void pause(world, 10).then(async () => {
      order.push('first');
      for (let i = 0; i < 20; i += 1) await undefined;
      order.push('follows');
    });
    await pause(world, 11).then(() => order.push('second'));
    expect(order).toEqual(['first', 'follows', 'second']);
  });

  it('stands still while something is pending', async () => {
    create();
    const answer = Promise.withResolvers<void>();
    const waiting = world.trackPending(answer.promise);
    let fired = false;
    world.after(1, () => {
      fired = true;
    });
    await new Promise((done) => setTimeout(done, 20));
    expect(fired).toBe(false);
    expect(world.now()).toBe(START);
    answer.resolve();
    await waiting;
    await vi.waitFor(() => expect(fired).toBe(true));
  });

  it('settles things pending together in the order they began', async () => {
    create();
    const [slow, quick] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const order: string[] = [];
    const both = [
      world.trackPending(slow.promise).then(() => order.push('began first')),
      world.trackPending(quick.promise).then(() => order.push('began second')),
    ];
    quick.resolve();
    await new Promise((done) => setImmediate(done));
    slow.resolve();
    await Promise.all(both);
    expect(order).toEqual(['began first', 'began second']);
  });

  it('does not hold back what another pending thing waits for', async () => {
    create();
    const inner = Promise.withResolvers<void>();
    const outer = world.trackPending(inner.promise);
    await world.trackPending(Promise.resolve());
    inner.resolve();
    await expect(outer).resolves.toBeUndefined();
  });

  it('stands still while a request is being handled', async () => {
    create();
    const release = world.hold();
    let fired = false;
    world.after(1, () => {
      fired = true;
    });
    for (let i = 0; i < 10; i += 1) await new Promise((done) => setImmediate(done));
    expect(fired).toBe(false);
    release();
    release();
    await vi.waitFor(() => expect(fired).toBe(true));
  });

  it('continues after a failure', async () => {
    create();
    await expect(world.trackPending(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    await pause(world, 5);
    expect(world.now()).toBe(START + 5);
  });

  it('forgets a cancelled timer', async () => {
    create();
    let fired = false;
    const undo = world.after(5, () => {
      fired = true;
    });
    undo();
    await pause(world, 10);
    expect(fired).toBe(false);
  });

  it('gives the same IDs and random numbers for the same seed, and others for another', () => {
    const draw = ({ uuid, hex, random }: World) => [uuid(), hex(16), random(), random()];
    const [first, same, other] = [draw(create(7)), draw(create(7)), draw(create(8))];
    expect(same).toEqual(first);
    expect(other).not.toEqual(first);
    expect(first[0]).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(first[1]).toMatch(/^[\da-f]{32}$/);
  });

  it('gives a name the same chance for the same seed, whatever was drawn before', () => {
    const [first, later, other] = [create(7), create(7), create(8)];
    later.uuid();
    later.chanceOf('a caller');
    expect(later.chanceOf('an agent')).toBe(first.chanceOf('an agent'));
    expect(first.chanceOf('a caller')).not.toBe(first.chanceOf('an agent'));
    expect(other.chanceOf('an agent')).not.toBe(first.chanceOf('an agent'));
  });
});

describe('the clock for an application', () => {
  it('stands still while the application works, and goes on when the work fails', async () => {
    const clock = clockOf(create());
    const work = Promise.withResolvers<string>();
    const done = clock.during(work.promise);
    let fired = false;
    clock.after(60_000, () => {
      fired = true;
    });
    for (let i = 0; i < 10; i += 1) await new Promise((turn) => setImmediate(turn));
    expect(fired).toBe(false);
    expect(clock.now()).toBe(START);
    work.reject(new Error('the database is gone'));
    await expect(done).rejects.toThrow('the database is gone');
    await vi.waitFor(() => expect(fired).toBe(true));
    expect(clock.now()).toBe(START + 60_000);
  });

  it('is the machine’s where the platform’s is', async () => {
    const clock = clockOf(createRealWorld());
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
    await expect(clock.during(Promise.resolve(7))).resolves.toBe(7);
    const undo = clock.after(1, () => {
      throw new Error('was undone');
    });
    undo();
    await new Promise<void>((done) => clock.after(5, done));
  });
});
