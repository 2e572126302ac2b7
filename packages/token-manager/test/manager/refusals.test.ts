import { expect, test } from 'vitest';
import { logIn, wrongPass } from '../support/fake-connection.ts';
import { bench, hour, minute, outcome, second } from '../support/bench.ts';

test('connect/refused: a refused handshake forces one request at once, is reported, and others wait for the new token', async () => {
  const { clock, provider, manager, of } = bench();
  const refused = await manager.credentials();
  await clock.advance(5 * second);
  for (let i = 0; i < 200; i += 1) manager.reject(refused, wrongPass());
  expect(manager.current).toBeUndefined();
  const fresh = outcome(manager.credentials());
  await clock.advance(0);
  expect(provider.requests.map(({ force }) => force)).toEqual([false, true]);
  expect(fresh.value?.password).not.toBe(refused.password);
  expect(of('refused')).toHaveLength(1);
  expect(of('refused')[0]?.error).toMatchObject({
    code: 'ERR_AUTH_REFUSED',
    message: expect.stringContaining(provider.objectId),
  });
});

test('connect/refused: fresh tokens refused too stay in use, and others are asked for more and more slowly', async () => {
  const { clock, provider, manager, gaps } = bench();
  manager.reject(await manager.credentials(), wrongPass());
  const endAt = clock.now() + 30 * minute;
  while (clock.now() < endAt) {
    await clock.advance(2 * second);
    // The client tries again every two seconds, with whatever there is.
    const { current } = manager;
    expect(current).toBeDefined();
    if (current !== undefined) manager.reject(current, wrongPass());
  }
  expect(provider.requests.length).toBeLessThan(15);
  const last = gaps().slice(-2);
  expect(last.every((gap) => gap > minute)).toBe(true);
});

test('connect/refused: each token that is refused is told once, however many connections it meets', async () => {
  const { clock, manager, of } = bench();
  manager.reject(await manager.credentials(), wrongPass());
  await clock.advance(second);
  const another = await manager.credentials();
  for (let i = 0; i < 200; i += 1) manager.reject(another, wrongPass());
  expect(of('refused')).toHaveLength(2);
});

test('a listener of `refused` that closes the connection: no AUTH goes to it any more', async () => {
  const world = bench();
  const { connection, registration } = await logIn(world);
  connection.script.push(wrongPass(), wrongPass());
  world.manager.subscribe(({ type }) => {
    if (type === 'refused' && world.of('refused').length > 1) registration.release();
  });
  await world.clock.advance(hour);
  expect(world.of('refused').length).toBeGreaterThan(1);
  expect(connection.auths).toHaveLength(2);
});

test('one server that refuses every token for an hour costs the other connections a few AUTHs, not a storm', async () => {
  const world = bench();
  const bad = await logIn(world);
  const good = await logIn(world);
  bad.connection.script.push(...Array.from({ length: 10_000 }, wrongPass));
  await world.clock.advance(2 * hour);
  expect(good.connection.auths.length).toBeLessThan(20);
  expect(world.manager.current).toBeDefined();
});

test('an ordinary refresh forgets refusals: the next one is answered at once again', async () => {
  const { clock, provider, manager } = bench();
  manager.reject(await manager.credentials(), wrongPass());
  await clock.advance(70 * minute);
  const before = provider.requests.length;
  expect(provider.requests.at(-1)?.force).toBe(false);
  manager.reject(await manager.credentials(), wrongPass());
  expect(provider.requests.length - before).toBe(1);
  expect(provider.requests.at(-1)?.force).toBe(true);
});

test('a provider that has no other token than the refused one: it is served again, and nobody waits for ever', async () => {
  const { clock, provider, manager, of } = bench();
  const only = provider.issue();
  provider.script.push(only, only, only);
  const first = await manager.credentials();
  manager.reject(first, wrongPass());
  const again = outcome(manager.credentials());
  await clock.advance(second);
  expect(again.value?.password).toBe(only.value);
  expect(of('token')).toHaveLength(1);
  manager.reject(first, wrongPass());
  expect(manager.current?.password).toBe(only.value);
  await clock.advance(2 * second);
  expect(provider.requests).toHaveLength(3);
});

test('reauth/refused: one forced request and one retry at once, then an event and paced backoff', async () => {
  const world = bench();
  const { clock, provider, of } = world;
  const { connection } = await logIn(world);
  connection.script.push(...Array.from({ length: 100 }, wrongPass));
  // Renewed at 24 min; a lone connection stands in the middle of the window.
  await clock.advance(24.5 * minute + 900);
  const { auths } = connection;
  expect(auths.slice(1).map(({ at }, i) => at - (auths[i]?.at ?? 0))).toEqual([0, 750]);
  expect(connection.passwords.slice(1)).toEqual(auths.slice(1).map(() => world.manager.current?.password));
  expect(connection.passwords[0]).not.toBe(connection.passwords[1]);
  expect(provider.requests.map(({ force }) => force)).toEqual([false, true, true]);
  expect(of('reauthentication-failed').slice(0, 2)).toMatchObject(
    [1, 2].map((i) => ({
      attempt: i + 1,
      error: { code: 'ERR_AUTH_REFUSED', cause: { message: wrongPass().message } },
      retryAt: auths[i + 1]?.at ?? clock.now() - 150 + 1500,
    })),
  );
});

test('reauth/refused: a further token does not make the tries more frequent', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  connection.script.push(...Array.from({ length: 100 }, wrongPass));
  await world.clock.advance(24.5 * minute + 3 * second);
  const { auths } = connection;
  // The third token comes a second after the second, and waits for its turn like a repetition of that would.
  expect(world.of('token')).toHaveLength(4);
  expect(auths.slice(1).map(({ at }, i) => at - (auths[i]?.at ?? 0))).toEqual([0, 750, 1750]);
});

test('reauth/refused: where the provider has no other token, those that took it keep it, and those that wait for their turn keep that', async () => {
  const world = bench();
  const fleet = await Promise.all(Array.from({ length: 10 }, () => logIn(world)));
  const only = world.provider.issue({ expiresAt: world.clock.now() + 2 * hour });
  world.provider.script.push(...Array.from({ length: 10 }, () => only));
  fleet[5]?.connection.script.push(wrongPass());
  await world.clock.advance(25 * minute);
  for (const [i, { connection }] of fleet.entries()) {
    expect(connection.auths).toHaveLength(i === 5 ? 2 : 1);
  }
  const instants = fleet.map(
    ({ connection }) => (connection.auths[0]?.at ?? 0) - (fleet[0]?.connection.auths[0]?.at ?? 0),
  );
  expect(instants).toEqual(fleet.map((_, i) => 6 * second * i));
});

test('reauth/refused: every failure tells a time to come', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  connection.script.push(...Array.from({ length: 10_000 }, wrongPass));
  let told = 0;
  world.manager.subscribe((event) => {
    if (event.type !== 'reauthentication-failed') return;
    told += 1;
    expect(event.retryAt).toBeGreaterThan(world.clock.now());
  });
  await world.clock.advance(3 * hour);
  expect(told).toBeGreaterThan(50);
});

test('reauth/refused: an ordinary refresh is tried in its turn, and its refusal is told with the next try', async () => {
  const world = bench();
  const { clock, of } = world;
  const { connection, registration } = await logIn(world);
  const first = await world.manager.credentials();
  connection.script.push(...Array.from({ length: 1000 }, wrongPass));
  await clock.advance(55 * minute);
  registration.disconnected();
  registration.authenticated(first);
  connection.script.length = 0;
  await clock.advance(second);
  expect(connection.passwords.at(-1)).toBe(world.manager.current?.password);
  expect(of('reauthenticated')).toHaveLength(1);
  expect(of('reauthentication-failed').every(({ retryAt }, i, all) => retryAt > (all[i - 1]?.retryAt ?? 0))).toBe(true);
});

test('reauth/refused: where the provider has no other token, the refused one is tried again, paced', async () => {
  const world = bench();
  const { clock, provider, manager } = world;
  const { connection } = await logIn(world);
  const only = provider.issue({ expiresAt: clock.now() + 2 * hour });
  provider.script.push(...Array.from({ length: 10 }, () => only));
  connection.script.push(wrongPass());
  await clock.advance(24.5 * minute);
  expect(connection.passwords).toEqual([only.value]);
  expect(manager.current?.password).toBe(only.value);
  await clock.advance(375);
  expect(connection.passwords).toEqual([only.value, only.value]);
  expect(world.of('reauthenticated')).toHaveLength(1);
});

test('reauth/refused: while the provider has nothing else to give, the refused token is not sent again, also not at the deadline', async () => {
  const world = bench();
  const { clock, provider } = world;
  const { connection } = await logIn(world);
  connection.script.push(wrongPass());
  await clock.advance(24.4 * minute);
  provider.script.push(...Array.from({ length: 1000 }, () => new Error('no route')));
  await clock.advance(33.5 * minute);
  expect(connection.auths).toHaveLength(1);
  provider.script.length = 0;
  await clock.advance(minute);
  expect(connection.auths).toHaveLength(2);
});

test('reauth/refused: a refusal that the manager answers by a request is told with the time of a next try', async () => {
  const world = bench();
  const { connection, registration } = await logIn(world);
  connection.script.push(wrongPass(), wrongPass());
  // Parked from its first AUTH on, through an ordinary refresh that lets the manager forget the refusal.
  const authenticate = connection.authenticate.bind(connection);
  connection.authenticate = (credentials) => {
    connection.free = false;
    return authenticate(credentials);
  };
  await world.clock.advance(85 * minute);
  expect(connection.auths).toHaveLength(1);
  connection.free = true;
  registration.resume();
  await world.clock.advance(0);
  expect(world.of('reauthentication-failed')).toMatchObject([{ attempt: 2, retryAt: world.clock.now() + 750 }]);
  expect(world.provider.requests.at(-1)?.force).toBe(true);
});

test('reauth/refused: a server that hears of the identity late is logged in by the retry', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  connection.script.push(wrongPass());
  await world.clock.advance(25 * minute);
  expect(connection.auths).toHaveLength(2);
  expect(world.of('reauthenticated')).toHaveLength(1);
  expect(world.of('reauthentication-failed')).toEqual([]);
});
