import assert from 'node:assert/strict';
import type { Session } from '../../driver/driver.ts';
import type { Context, Scenario } from '../scenario.ts';
import { assertNothingExpired, everywhere, isBack, rotate } from '../steps.ts';

const commands: readonly (readonly string[])[] = [
  ['BLPOP', 'queue', '0'],
  ['XREAD', 'BLOCK', '0', 'STREAMS', 'stream', '0'],
];

interface Blocked {
  readonly session: Session;
  readonly reply: Promise<unknown>;
}

/** Each command blocks on a client of its own, until the token that it began with has expired. */
async function blockPastExpiry(context: Context): Promise<Blocked[]> {
  const blocked = await Promise.all(
    commands.map(async (command) => {
      const session = await context.connect();
      return { session, reply: session.command(...command) };
    }),
  );
  await rotate(context, commands.length + 1, 2);
  return blocked;
}

const give = (other: Session): Promise<unknown> =>
  Promise.all([other.command('RPUSH', 'queue', 'job'), other.command('XADD', 'stream', '1-1', 'field', 'job')]);

export const blockedPastExpiry: Scenario = {
  id: 'reauth/blocked-past-expiry',
  title: 'BLPOP and XREAD that outlive the token: the connection is replaced before expiry, and the command goes on',
  why: 'https://github.com/taskforcesh/bullmq/issues/3668: AUTH waits behind the block, and the server cuts it: a worker that got nothing',
  requires: ['blocking', 'blocked-resent'],
  topologies: everywhere,
  lifetimeMs: 5000,
  async run(context) {
    const other = await context.connect();
    const blocked = await blockPastExpiry(context);
    await give(other);
    const [popped, read] = await Promise.all(blocked.map(({ reply }) => reply));
    assert.deepEqual(popped, ['queue', 'job']);
    assert.match(JSON.stringify(read), /"job"/);
    assertNothingExpired(context);
  },
  async otherwise(context) {
    if (!context.supports('blocking')) return;
    const other = await context.connect();
    const blocked = await blockPastExpiry(context);
    for (const { session, reply } of blocked) {
      // It was told, and nothing was taken in its name.
      await assert.rejects(reply);
      await isBack(context, session);
    }
    await give(other);
    assert.deepEqual(await blocked[0]?.session.command('BLPOP', 'queue', '1'), ['queue', 'job']);
    assertNothingExpired(context);
  },
};
