import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { tokensAccepted } from '../wire.ts';
import { assertNothingExpired, clientId, repeatUntilStopped, rotate } from '../steps.ts';
import { publishTo, subscribeToAll, untilNoneIsLost } from '../subscriptions.ts';
import { blockingPops, mixedCommands } from './load.ts';

const rotations = 15;
/** Between the rounds of each load: the timeline holds 100,000 entries. */
const pauseMs = 100;

export const lifeRotations: Scenario = {
  id: 'life/rotations',
  title: `${rotations} rotations under mixed load: no command fails, no message is lost, the connections stay`,
  why: 'the mission: nobody notices that a token expires',
  requires: ['pipeline', 'transaction', 'blocking', 'duplicate', 'subscribe'],
  topologies: ['standalone'],
  lifetimeMs: 4000,
  async run(context) {
    const session = await context.connect();
    const copy = await session.duplicate();
    await copy.ready();
    const copyOfCopy = await copy.duplicate();
    await copyOfCopy.ready();
    const worker = await context.connect();
    const subscriber = await context.connect();
    const subscriptions = await subscribeToAll(context, subscriber, session);
    const sessions = [session, copy, copyOfCopy, worker];
    const before = await Promise.all(sessions.map(clientId));
    const popped: string[] = [];
    const steps = [
      mixedCommands(session, 'a'),
      mixedCommands(copy, 'b'),
      mixedCommands(copyOfCopy, 'c'),
      blockingPops(worker, 'jobs', popped),
    ];
    const pushing = repeatUntilStopped((round) => session.command('RPUSH', 'jobs', String(round)), pauseMs);
    const publishing = publishTo(subscriptions, pauseMs / 10);
    const loads = steps.map((step) => repeatUntilStopped(step, pauseMs));
    // Reading a long timeline again and again would be a load of its own.
    const { requests } = context.target.entra;
    const enough = context.lifetimeMs * rotations;
    await context.eventually('the refreshes', () => requests.length > rotations, enough);
    await rotate(context, sessions.length + 1);
    const pushed = await pushing.stop();
    const published = await publishing.stop();
    await context.eventually('every job is done', () => popped.length === pushed);
    for (const load of loads) assert.ok((await load.stop()) > 0);
    assert.deepEqual(popped, Array.from(popped.keys(), String), 'a job was lost, or done twice');
    await untilNoneIsLost(context, subscriptions, published);
    assert.deepEqual(await Promise.all(sessions.map(clientId)), before, 'a connection was replaced');
    assert.ok(tokensAccepted(context.target.timeline).length > rotations);
    assertNothingExpired(context);
    const errors = [...sessions, subscriber].flatMap((each) => each.errors);
    assert.deepEqual(errors, []);
  },
};
