import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Credentials } from '../../src/index.ts';
import { FakeConnection } from '../support/fake-connection.ts';
import { type Bench, bench } from '../support/bench.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** A connection that came and went; in a function of its own, so that no frame holds it. */
function comeAndGo({ clock, manager }: Bench, credentials: Credentials): WeakRef<object> {
  const connection = new FakeConnection(() => clock.now());
  const registration = manager.register(connection);
  registration.authenticated(credentials);
  registration.release();
  return new WeakRef(connection);
}

test('reauth/close-unsubscribes: a connection that is released is not held in memory by the manager', async () => {
  const world = bench();
  const credentials = await world.manager.credentials();
  const released = Array.from({ length: 10 }, () => comeAndGo(world, credentials));
  // What a WeakRef was made of lives until the end of this turn.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(released.filter((each) => each.deref() !== undefined)).toEqual([]);
  world.manager.close();
});
