import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Scenario } from '../../types.ts';
import { clientId, repeatUntilStopped } from '../steps.ts';

const rotations = 3;
const pauseMs = 50;

/** On a shared cache: keys of its own, which go away by themselves. */
const keyTtlSeconds = '600';

export const lifeAzure: Scenario = {
  id: 'life/azure',
  title: `a real cache and a real identity: ${rotations} token requests under load, no command fails, the connections stay`,
  why: 'the emulator is what we know of Azure; this is Azure',
  requires: ['pipeline', 'duplicate', 'subscribe'],
  topologies: ['standalone'],
  azure: true,
  async run(context) {
    const prefix = `entra-redis:${randomUUID()}`;
    const session = await context.connect();
    const copy = await session.duplicate();
    await copy.ready();
    const subscriber = await context.connect();
    const received: string[] = [];
    await subscriber.subscribe(prefix, (message) => received.push(message));
    const before = await Promise.all([session, copy].map(clientId));
    assert.notEqual(await session.command('ACL', 'WHOAMI'), 'default');
    const loads = [session, copy].map((each, i) =>
      repeatUntilStopped(async (round) => {
        const key = `${prefix}:${i}`;
        assert.equal(await each.command('SET', key, String(round), 'EX', keyTtlSeconds), 'OK');
        assert.deepEqual(await each.pipeline([['GET', key]]), [String(round)]);
      }, pauseMs),
    );
    const publishing = repeatUntilStopped((round) => session.command('PUBLISH', prefix, String(round)), pauseMs);
    const tokens = (): number => context.events.filter(({ type }) => type === 'token').length;
    await context.eventually('the rotations', () => tokens() > rotations, 55_000);
    for (const load of loads) assert.ok((await load.stop()) > 0);
    const published = await publishing.stop();
    if (context.resp === 3) await context.eventually('every message', () => received.length === published);
    assert.deepEqual(await Promise.all([session, copy].map(clientId)), before, 'a connection was replaced');
    const failed = context.events.filter(({ type }) => type === 'reauthentication-failed' || type === 'refused');
    assert.deepEqual(failed, []);
    assert.deepEqual(
      [session, copy].flatMap(({ errors }) => errors),
      [],
    );
  },
};
