import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { commandsOf } from '../wire.ts';
import { assertLoginFirst, assertNothingExpired, isBack, rotate } from '../steps.ts';

export const optionsChanged: Scenario = {
  id: 'connect/options-changed',
  title: 'the user changes host and port of a live client: its reconnect goes there, and logs in with a token',
  why: "ioredis' own suite changes redis.options.port; an adapter with options of its own goes on connecting to the former address",
  requires: ['options-changed'],
  topologies: ['standalone'],
  async run(context) {
    const { target } = context;
    const lastNode = (): string | undefined => commandsOf(target.timeline, 'SET').at(-1)?.node;
    const session = await context.connect();
    assert.equal(await session.command('SET', 'key', 'before'), 'OK');
    const before = lastNode();
    const there = await target.addAddress?.();
    assert.ok(there, 'the target has one address');
    await session.moveTo?.(there.host, there.port);
    await isBack(context, session);
    assert.equal(await session.command('SET', 'key', 'after'), 'OK');
    assert.notEqual(lastNode(), before, 'it went to the former address');
    assertLoginFirst(context);
    await rotate(context, 1);
    assertNothingExpired(context);
  },
};
