import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { timedOut, wrongPass } from '../support/fake-connection.ts';
import { Fleet, Member } from '../support/fleet-model.ts';
import { hour, minute, outcome, second } from '../support/bench.ts';

type Command = fc.AsyncCommand<object, Fleet>;

/** A step of the story; `on` picks a connection, if there is one for whom it makes sense. */
const step = (name: string, run: (fleet: Fleet) => void | Promise<void>): Command => ({
  check: () => true,
  async run(_, fleet) {
    await run(fleet);
    await fleet.world.clock.advance(0);
    fleet.check();
  },
  toString: () => name,
});
const on = (name: string, index: number, run: (member: Member, fleet: Fleet) => void | Promise<void>): Command =>
  step(`${name}(${index})`, (fleet) => {
    const member = fleet.members[index % Math.max(1, fleet.members.length)];
    return member === undefined || member.closed ? undefined : run(member, fleet);
  });

/** A handshake that takes its time: the token may be an old one at its end. It fails where there is no token. */
async function connect(member: Member, fleet: Fleet, handshakeMs: number): Promise<void> {
  const { clock, manager } = fleet.world;
  if (member.connected) member.disconnect();
  const credentials = outcome(manager.credentials());
  await clock.advance(handshakeMs);
  if (credentials.value !== undefined && credentials.value.expiresAt > clock.now()) member.connect(credentials.value);
}

const index = fc.nat(5);
const commands = [
  fc.constant(undefined).map(() =>
    step('new connection', async (fleet) => {
      if (fleet.members.length >= 6) return;
      const member = new Member(fleet);
      fleet.members.push(member);
      await connect(member, fleet, 0);
    }),
  ),
  fc
    .integer({ min: 1, max: 45 * minute })
    .map((ms) => step(`advance(${ms})`, (fleet) => fleet.world.clock.advance(ms))),
  fc
    .tuple(index, fc.nat(50 * minute))
    .map(([i, ms]) => on(`reconnect in ${ms} ms`, i, (member, fleet) => connect(member, fleet, ms))),
  fc.integer({ min: 1, max: 100 }).map((count) =>
    step(`the next ${count} token requests fail`, ({ world }) => {
      world.provider.script.push(...Array.from({ length: count }, () => new Error('no route')));
    }),
  ),
  fc.constant(undefined).map(() =>
    step('another client is refused', ({ world: { manager } }) => {
      if (manager.current !== undefined) manager.reject(manager.current, wrongPass());
    }),
  ),
  index.map((i) => on('disconnect', i, (member) => member.disconnect())),
  index.map((i) => on('close', i, (member) => member.close())),
  index.map((i) => on('park', i, (member) => member.park())),
  index.map((i) => on('resume', i, (member) => member.resume())),
  index.map((i) => on('next AUTH is lost', i, ({ connection }) => void connection.script.push(timedOut()))),
  index.map((i) => on('next AUTH is refused', i, ({ connection }) => void connection.script.push(wrongPass()))),
  index.map((i) => on('next AUTH waits', i, ({ connection }) => void connection.script.push('wait'))),
  index.map((i) => on('accept', i, ({ connection }) => connection.pending.shift()?.accept())),
  index.map((i) => on('lose', i, ({ connection }) => connection.pending.shift()?.fail(timedOut()))),
  index.map((i) => on('accept late', i, ({ late }) => late.shift()?.accept())),
  index.map((i) => on('refuse late', i, ({ late }) => late.shift()?.fail(wrongPass()))),
  index.map((i) =>
    on('log in on its own, with the newest', i, (member, { world: { manager } }) => {
      if (!member.connected || manager.current === undefined || member.connection.pending.length > 0) return;
      member.connect(manager.current);
    }),
  ),
];

test('whatever happens to a fleet: no AUTH twice, none of an old token, everybody in time, nothing after close', async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 60, size: 'max' }), async (story) => {
      const fleet = new Fleet();
      const { clock, manager, provider } = fleet.world;
      await fc.asyncModelRun(() => ({ model: {}, real: fleet }), story);

      // Once nothing stands in the way any more, everybody has the newest token soon.
      provider.script.length = 0;
      await clock.advance(minute);
      for (const member of fleet.members.filter(({ closed }) => !closed)) {
        member.connection.script.length = 0;
        for (const pending of member.connection.pending.splice(0)) pending.accept();
        member.resume();
        if (!member.connected) await connect(member, fleet, 0);
      }
      const behind = (): Member[] =>
        fleet.members.filter(({ closed, login }) => !closed && login?.password !== manager.current?.password);
      // A token may come in between: then everybody has that one within its window.
      for (let i = 0; i < 3 && (i === 0 || behind().length > 0); i += 1) await clock.advance(65 * second);
      fleet.check();
      expect(behind()).toEqual([]);

      // After close nothing is sent, told or left behind.
      const sent = fleet.members.map(({ connection }) => connection.auths.length);
      const told = fleet.world.events.length;
      for (const { connection } of fleet.members) connection.script.push('wait');
      manager.close();
      fleet.closed = true;
      for (const member of fleet.members) member.resume();
      await clock.advance(2 * hour + second);
      expect(fleet.members.map(({ connection }) => connection.auths.length)).toEqual(sent);
      expect(fleet.world.events).toHaveLength(told);
      expect(clock.timers).toBe(0);
    }),
    { numRuns: 70 },
  );
});
