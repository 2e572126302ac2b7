import assert from 'node:assert/strict';
import type { Session } from '../../driver/driver.ts';
import type { Context, Scenario } from '../scenario.ts';
import { commandNames, logins, tokensAccepted } from '../wire.ts';
import { assertNoneOlder, assertNothingExpired, clientId, isBack, rotateEverywhere } from '../steps.ts';
import { type KeyedLoad, startKeyedLoad } from './keyed-load.ts';

export const maintenanceMove: Scenario = {
  id: 'topology/maintenance-move',
  title:
    'the address moves for maintenance: replies stay matched and tokens arrive, for clients that follow it and for clients that are closed',
  why: '@redis/entraid N20: a refresh inside a MOVING hand-over shifts replies by one; after it, node-redis itself never reconnects',
  requires: ['maintenance-notifications', 'blocking'],
  topologies: ['standalone'],
  lifetimeMs: 12_000,
  async run(context) {
    const session = await context.connect();
    // Pushes are of RESP3.
    if (context.resp === 3) await refreshInsideHandOver(context, session);
    else await rotateEverywhere(context);
    await survivesCuts(context, session);
  },
  async otherwise(context) {
    const session = await context.connect();
    await rotateEverywhere(context);
    await survivesCuts(context, session);
  },
};

/** Notifications left on: the client follows the address, while an AUTH of the connection that it makes there is unanswered. */
async function refreshInsideHandOver(context: Context, other: Session): Promise<void> {
  const { entra, timeline } = context.target;
  const session = await context.connect({ maintenanceNotifications: true });
  const id = await clientId(session);
  const known = new Set(logins(timeline).map(({ connection }) => connection));
  const newcomer = (): number | undefined =>
    logins(timeline).find(({ connection }) => !known.has(connection))?.connection;
  const load = startKeyedLoad(session);
  // The refresh is under way, and ends when it may.
  entra.fail({ kind: 'status', status: 503 }, Number.POSITIVE_INFINITY);
  await context.eventually('the request of the refresh', () => entra.requests.length > 1, context.lifetimeMs);
  // What is in flight keeps the client at its address.
  const job = session.command('BLPOP', 'job', '0');
  await context.eventually('the block', () => commandNames(timeline, id).includes('BLPOP'));
  assert.equal(await context.target.maintain?.(60), 1, 'the client did not ask for notifications');
  await context.eventually('a login at the new address', () => newcomer() !== undefined);
  const moved = newcomer() as number;
  context.target.fault({ match: 'AUTH', connection: moved, action: { kind: 'delay', delayMs: 300 } });
  entra.heal();
  await context.eventually('the AUTH there', () => timeline.landmarks.some(({ event }) => event === 'fault'));
  await other.command('RPUSH', 'job', 'done');
  assert.deepEqual(await job, ['job', 'done']);
  await context.eventually('the client leaves its old address', () => closed(context, id));
  const echo = await session.command('ECHO', 'here');
  assert.deepEqual([...load.wrong, echo], ['here'], 'replies of other commands');
  assert.equal(await clientId(session), moved, 'the client is elsewhere');
  await rotateEverywhere(context);
  await assertMatched(context, load);
  assert.deepEqual([...load.errors, ...session.errors], []);
  assertNothingExpired(context);
  await session.close();
}

/** As the adapter recommends: nothing is asked for, and the end of an address is a cut like any other. */
async function survivesCuts(context: Context, session: Session): Promise<void> {
  const { timeline } = context.target;
  const load = startKeyedLoad(session);
  const moves = async (): Promise<number | undefined> => context.target.maintain?.(0);
  const disconnects = async (): Promise<number> => {
    context.target.cut();
    return 0;
  };
  for (const cut of [moves, disconnects]) {
    const [id, before, newest] = [await clientId(session), logins(timeline).length, tokensAccepted(timeline).at(-1)];
    assert.equal(await cut(), 0, 'the client asked for notifications');
    await context.eventually('the cut', () => closed(context, id));
    await isBack(context, session);
    assertNoneOlder(context, logins(timeline).slice(before), newest);
  }
  await assertMatched(context, load);
  assertNothingExpired(context);
}

async function assertMatched(context: Context, load: KeyedLoad): Promise<void> {
  let rounds = 0;
  void load.stop().then((count) => (rounds = count));
  await context.eventually('every command settles', () => rounds > 0);
  assert.deepEqual(load.wrong, [], 'replies of other commands');
}

const closed = ({ target }: Context, id: number): boolean =>
  target.timeline.landmarks.some(({ connection, event }) => connection === id && event === 'close');
