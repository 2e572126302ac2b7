import { expect, test } from 'vitest';
import { HandOvers } from '../../src/subscribers/hand-overs.ts';
import { nextTurn } from '../../src/timers.ts';

/** Subscribers that are handed over when the test says so. */
class Subscribers {
  readonly handOvers: HandOvers = new HandOvers(() => new Promise((resolve) => this.#impatient.push(resolve)));
  /** Numbers of those that began, in order. */
  readonly began: number[] = [];
  readonly removals: (() => void)[];
  readonly #ends = new Map<number, (isDone: boolean) => void>();
  readonly #impatient: (() => void)[] = [];

  constructor(count: number) {
    this.removals = Array.from({ length: count }, (_, i) => this.handOvers.add(() => this.#begin(i)));
  }

  async end(number: number, isDone = true): Promise<void> {
    this.#ends.get(number)?.(isDone);
    await nextTurn();
  }

  /** Those that are under way take too long. */
  async takeTooLong(): Promise<void> {
    for (const resolve of this.#impatient.splice(0)) resolve();
    await nextTurn();
  }

  #begin(number: number): Promise<boolean> {
    this.began.push(number);
    return new Promise((resolve) => this.#ends.set(number, resolve));
  }
}

test('many subscribers are handed over ten at a time, each once for a token', async () => {
  const all = new Subscribers(12);
  all.handOvers.start('first');
  all.handOvers.start('first');
  expect(all.began).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  await all.end(4);
  expect(all.began.slice(10)).toEqual([10]);
  await all.end(0);
  expect(all.began.slice(10)).toEqual([10, 11]);
  for (let i = 0; i < 12; i += 1) await all.end(i);
  all.handOvers.start('first');
  expect(all.began).toHaveLength(12);
  all.handOvers.start('second');
  expect(all.began.slice(12)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('one that could not be handed over, or was no subscriber yet, has its turn when one waits again', async () => {
  const all = new Subscribers(2);
  all.handOvers.start('first');
  await all.end(0, false);
  await all.end(1);
  all.handOvers.start('first');
  expect(all.began).toEqual([0, 1, 0]);
});

test('one that is being handed over when the next token comes is handed over again after that', async () => {
  const all = new Subscribers(1);
  all.handOvers.start('first');
  all.handOvers.start('second');
  expect(all.began).toEqual([0]);
  await all.end(0);
  expect(all.began).toEqual([0, 0]);
  await all.end(0);
  all.handOvers.start('second');
  expect(all.began).toEqual([0, 0]);
});

test('one that is removed while it waits for its turn, or is handed over, is left alone', async () => {
  const all = new Subscribers(11);
  all.handOvers.start('first');
  all.removals[10]?.();
  all.removals[0]?.();
  await all.end(0);
  all.handOvers.start('second');
  for (let i = 1; i < 10; i += 1) await all.end(i);
  expect(all.began).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('ten that take too long, as a cache that is gone has them wait, hold the others up no longer, and are not begun twice', async () => {
  const all = new Subscribers(12);
  all.handOvers.start('first');
  await all.takeTooLong();
  expect(all.began.slice(10)).toEqual([10, 11]);
  all.handOvers.start('first');
  expect(all.began).toHaveLength(12);
  all.handOvers.start('second');
  await all.end(3);
  expect(all.began.slice(12)).toEqual([3]);
});
