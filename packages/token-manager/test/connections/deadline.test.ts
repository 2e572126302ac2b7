import { expect, test } from 'vitest';
import { type FakeConnection, logIn, timedOut, wrongPass } from '../support/fake-connection.ts';
import { type Bench, bench, hour, minute, second } from '../support/bench.ts';

/** The deadline is Azure's margin: 3 minutes before expiry, or a tenth of a life where that is shorter. */

test('reauth/subscriber-resp2: a connection that cannot take an AUTH is told 3 minutes before the server cuts it, once, with the newest token', async () => {
  const world = bench();
  const { connection, registration } = await logIn(world);
  const { expiresAt } = await world.manager.credentials();
  connection.free = false;
  await world.clock.advance(59 * minute);
  expect(connection.deadlines).toEqual([{ at: expiresAt - 3 * minute, password: world.manager.current?.password }]);
  registration.release();
});

test('a connection whose AUTH has no answer is told at the deadline too, one turn of the event loop later', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  const { expiresAt } = await world.manager.credentials();
  connection.script.push('wait');
  await world.clock.advance(59 * minute);
  expect(connection.deadlines.map(({ at }) => at)).toEqual([expiresAt - 3 * minute + 1]);
});

test('a token of a minute: a connection whose AUTH has no answer is told at the deadline, which comes before 30 s have passed', async () => {
  const world = bench({ lifetimeMs: minute });
  const { connection } = await logIn(world);
  const { expiresAt } = await world.manager.credentials();
  connection.script.push('wait');
  await world.clock.advance(minute);
  expect(connection.deadlines[0]?.at).toBe(expiresAt - 6 * second + 1);
});

test('reauth/subscriber-resp2: a subscriber that nothing blocks, but that cannot take an AUTH, is left alone until the deadline', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  const { expiresAt } = await world.manager.credentials();
  Object.assign(connection, { free: false, isBlocked: () => false });
  await world.clock.advance(59 * minute);
  expect(connection.deadlines.map(({ at }) => at)).toEqual([expiresAt - 3 * minute]);
});

test('an answer that waits unread at the deadline, as after a stall of the event loop, still counts', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  const { expiresAt } = await world.manager.credentials();
  connection.script.push('wait');
  await world.clock.advance(expiresAt - 3 * minute - world.clock.now());
  connection.pending[0]?.accept();
  await world.clock.advance(minute);
  expect(connection.deadlines).toEqual([]);
});

test('a clock that jumps past the end of the token: an AUTH that is answered, as the server has cut nobody, replaces no connection', async () => {
  const world = bench();
  const answered = await logIn(world);
  const silent = await logIn(world);
  for (const { connection } of [answered, silent]) connection.script.push('wait');
  world.clock.sleep(2 * hour);
  while (answered.connection.pending.length === 0) await world.clock.advance(second / 2);
  answered.connection.pending[0]?.accept();
  await world.clock.advance(minute);
  expect(answered.connection.deadlines).toEqual([]);
  const sentAt = silent.connection.auths[0]?.at ?? 0;
  expect(silent.connection.deadlines.map(({ at }) => at - sentAt)).toEqual([second + 1]);
});

test('many connections that must reconnect are told a few at a time, and all in the first half of the margin', async () => {
  for (const [count, lifetimeMs, lastMs] of [
    [1000, hour, 49 * 50],
    [200, 4 * second, (9 * 200) / 10],
  ] as const) {
    const world = bench({ lifetimeMs });
    const fleet = await Promise.all(Array.from({ length: count }, () => logIn(world)));
    const { expiresAt } = await world.manager.credentials();
    for (const { connection } of fleet) connection.free = false;
    await world.clock.advance(0.99 * lifetimeMs);
    const told = fleet.map(({ connection }) => connection.deadlines[0]?.at ?? 0);
    const first = expiresAt - Math.min(3 * minute, lifetimeMs / 10);
    expect(Math.min(...told)).toBe(first);
    expect(Math.max(...told) - first).toBeCloseTo(lastMs, 3);
    expect(new Set(told.map((at) => told.filter((other) => other === at).length))).toEqual(new Set([20]));
    world.manager.close();
  }
});

test('a connection parked past its deadline is told again of the next token', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  connection.free = false;
  await world.clock.advance(90 * minute);
  const tokens = world.of('token').map(({ credentials }) => credentials.password);
  expect(tokens).toHaveLength(3);
  expect(connection.deadlines.map(({ password }) => password)).toEqual(tokens.slice(1));
});

test('a connection that took the newest token in time is told nothing at the deadline', async () => {
  const world = bench();
  const lively = await logIn(world);
  const resumed = await logIn(world);
  resumed.connection.free = false;
  await world.clock.advance(50 * minute);
  resumed.connection.free = true;
  resumed.registration.resume();
  await world.clock.advance(30 * minute);
  expect([...lively.connection.deadlines, ...resumed.connection.deadlines]).toEqual([]);
});

test('without a newer token there is nothing to be told at the deadline', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  connection.free = false;
  world.provider.script.push(...Array.from({ length: 1000 }, () => new Error('no route')));
  await world.clock.advance(hour);
  expect(connection.deadlines).toEqual([]);
});

test('an adapter without onDeadline, whose AUTH is lost every time, is just tried on', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  connection.script.push(...Array.from({ length: 1000 }, timedOut));
  Object.assign(connection, { onDeadline: undefined });
  await world.clock.advance(58 * minute);
  connection.script.length = 0;
  await world.clock.advance(minute);
  expect(world.of('reauthenticated')).toHaveLength(1);
});

test('an AUTH that is lost every time is retried at a pace, also past the deadline, and the deadline is told once', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  const { expiresAt } = await world.manager.credentials();
  connection.script.push(...Array.from({ length: 1000 }, timedOut));
  await world.clock.advance(59 * minute);
  const gaps = connection.auths.slice(1).map(({ at }, index) => at - (connection.auths[index]?.at ?? 0));
  expect(gaps.length).toBeGreaterThan(20);
  // The try that falls on the deadline may follow closely.
  expect(gaps.filter((gap) => gap < 375).length).toBeLessThanOrEqual(1);
  expect(connection.deadlines.map(({ at }) => at)).toEqual([expiresAt - 3 * minute]);
  expect(world.of('reauthentication-failed')[0]?.error.code).toBe('ERR_AUTH_FAILED');
});

test('reauth/refused: a connection that is refused until the deadline keeps its socket until expiry, because another one would be refused, too', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  connection.script.push(timedOut(), ...Array.from({ length: 1000 }, wrongPass));
  await world.clock.advance(59 * minute);
  expect(world.of('reauthentication-failed').at(-1)?.error.code).toBe('ERR_AUTH_REFUSED');
  expect(connection.deadlines).toEqual([]);
});

test('a connection that was refused, and whose AUTHs have been lost since, is told at the deadline', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  const { expiresAt } = await world.manager.credentials();
  connection.script.push(wrongPass(), wrongPass(), ...Array.from({ length: 1000 }, timedOut));
  await world.clock.advance(59 * minute);
  expect(connection.deadlines.map(({ at }) => at)).toEqual([expiresAt - 3 * minute]);
});

test.each([
  ['has no answer', (connection: FakeConnection) => void connection.script.push('wait')],
  ['cannot be sent', (connection: FakeConnection) => void (connection.free = false)],
])('a connection that was told of its deadline is not told again because a later AUTH %s', async (_, end) => {
  const world = bench();
  const { connection } = await logIn(world);
  connection.script.push(...Array.from({ length: 1000 }, timedOut));
  await world.clock.advance(57 * minute + second);
  expect(connection.deadlines).toHaveLength(1);
  connection.script.length = 0;
  end(connection);
  await world.clock.advance(3 * minute);
  expect(connection.deadlines).toHaveLength(1);
});

test('an adapter that gives its socket up at the deadline gets no AUTH on it', async () => {
  const world = bench();
  const { connection, registration } = await logIn(world);
  connection.script.push(...Array.from({ length: 1000 }, timedOut));
  let sent = 0;
  connection.onDeadline = () => {
    registration.disconnected();
    sent = connection.auths.length;
  };
  await world.clock.advance(59 * minute);
  expect(sent).toBeGreaterThan(5);
  expect(connection.auths).toHaveLength(sent);
});

/** Logs in as many connections, waits for the first refresh, and answers when each was sent its AUTH, from the refresh on. */
async function spreadOf(world: Bench, count: number, ms: number): Promise<number[]> {
  const fleet = [];
  for (let i = 0; i < count; i += 1) fleet.push(await logIn(world));
  let refreshedAt = 0;
  world.manager.subscribe((event) => {
    if (event.type === 'token' && refreshedAt === 0) refreshedAt = world.clock.now();
  });
  await world.clock.advance(ms);
  expect(fleet.every(({ connection }) => connection.auths.length === 1)).toBe(true);
  return fleet.map(({ connection }) => (connection.auths[0]?.at ?? 0) - refreshedAt).sort((a, b) => a - b);
}

test('reauth/spread: a refresh sends one AUTH to each of 200 connections, spread over a minute, with no burst', async () => {
  const world = bench();
  const instants = await spreadOf(world, 200, 43 * minute);
  expect(instants[0]).toBe(150);
  expect(instants.at(-1)).toBe(minute - 150);
  expect(new Set(instants.slice(1).map((at, i) => at - (instants[i] ?? 0)))).toEqual(new Set([300]));
  world.manager.close();
  expect(world.clock.timers).toBe(0);
});

test('reauth/spread: each connection has its own random instant in its own part of the window', async () => {
  const world = bench();
  let seed = 7;
  world.clock.randomValue = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const instants = await spreadOf(world, 100, 43 * minute);
  for (const [i, at] of instants.entries()) {
    expect(at).toBeGreaterThanOrEqual(0.6 * second * i);
    expect(at).toBeLessThan(0.6 * second * (i + 1));
  }
  expect(new Set(instants.map((at, i) => Math.round(at - 0.6 * second * i))).size).toBeGreaterThan(50);
});

test('reauth/spread: reauthWindowMs widens and narrows the window; 0 sends all at once', async () => {
  expect((await spreadOf(bench({}, { reauthWindowMs: 5 * minute }), 10, 46 * minute)).at(-1)).toBe(4.75 * minute);
  expect((await spreadOf(bench({}, { reauthWindowMs: 0 }), 10, 41 * minute)).at(-1)).toBe(0);
});

const lives: [string, number, number][] = [
  ['an hour', hour, minute],
  ['5 minutes', 5 * minute, 33.75 * second],
  ['4 seconds', 4 * second, 450],
];
for (const [name, lifetimeMs, windowMs] of lives) {
  test(`reauth/spread: with tokens of ${name} the window is ${windowMs} ms`, async () => {
    const world = bench({ lifetimeMs });
    const instants = await spreadOf(world, 10, 0.675 * lifetimeMs + windowMs);
    expect(instants.at(-1)).toBeCloseTo(windowMs * 0.95, 6);
  });
}

test('reauth/spread: a token that came at the last moment is sent in half of the time that is left before the margin', async () => {
  const world = bench();
  const { expiresAt } = await world.manager.credentials();
  world.provider.script.push(...Array.from({ length: 1000 }, () => new Error('no route')));
  let tokenAt = 0;
  world.manager.subscribe((event) => {
    if (event.type === 'token') tokenAt = world.clock.now();
  });
  const fleet = await Promise.all(Array.from({ length: 10 }, () => logIn(world)));
  await world.clock.advance(56 * minute);
  world.provider.script.length = 0;
  await world.clock.advance(minute);
  const left = expiresAt - 3 * minute - tokenAt;
  expect(left).toBeGreaterThan(30 * second);
  const last = Math.max(...fleet.map(({ connection }) => connection.auths[0]?.at ?? 0));
  expect(last - tokenAt).toBeCloseTo(0.95 * (left / 2), 6);
});

test('reauth/spread: past the margin nobody waits: all are sent at once', async () => {
  const world = bench();
  const fleet = await Promise.all(Array.from({ length: 10 }, () => logIn(world)));
  world.provider.script.push(...Array.from({ length: 1000 }, () => new Error('no route')));
  await world.clock.advance(57.5 * minute);
  world.provider.script.length = 0;
  await world.clock.advance(minute);
  expect(new Set(fleet.map(({ connection }) => connection.auths[0]?.at)).size).toBe(1);
});

test('a token that comes past the margin: an AUTH on its way is given half of the time that is left before its connection is told', async () => {
  const world = bench();
  const { expiresAt } = await world.manager.credentials();
  const answered = await logIn(world);
  const silent = await logIn(world);
  const parked = await logIn(world);
  for (const { connection } of [answered, silent]) connection.script.push('wait');
  parked.connection.free = false;
  world.provider.script.push(...Array.from({ length: 1000 }, () => new Error('no route')));
  await world.clock.advance(57.5 * minute);
  world.provider.script.length = 0;
  await world.clock.advance(31 * second);
  const sentAt = silent.connection.auths[0]?.at ?? 0;
  expect(sentAt).toBeGreaterThan(expiresAt - 3 * minute);
  answered.connection.pending[0]?.accept();
  await world.clock.advance(2 * minute);
  expect(answered.connection.deadlines).toEqual([]);
  expect(silent.connection.deadlines.map(({ at }) => at)).toEqual([sentAt + (expiresAt - sentAt) / 2 + 1]);
  // It cannot be helped by waiting: it is told at once.
  expect((parked.connection.deadlines[0]?.at ?? 0) - sentAt).toBeLessThanOrEqual(second);
});
