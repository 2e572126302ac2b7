import assert from 'node:assert/strict';
import type { WireEntry } from '@entra-redis/emulator';
import type { Context, Scenario } from '../scenario.ts';
import { connectionOf } from '../wire.ts';
import { assertLoginFirst, assertNothingExpired, isBack, rotate } from '../steps.ts';

const last = ({ target }: Context, name: string): WireEntry | undefined =>
  target.timeline.entries.findLast(({ event, args }) => event === 'command' && args?.[0]?.toUpperCase() === name);

export const optionsChanged: Scenario = {
  id: 'connect/options-changed',
  title: 'the user changes host and port of a live client: its reconnect goes there, and logs in with a token',
  why: "ioredis' own suite changes redis.options.port; an adapter with options of its own goes on connecting to the former address",
  requires: ['options-changed'],
  topologies: ['standalone'],
  async run(context) {
    const { target } = context;
    const session = await context.connect();
    assert.equal(await session.command('SET', 'key', 'before'), 'OK');
    const before = last(context, 'SET');
    const there = await target.addAddress?.();
    assert.ok(there, 'the target has one address');
    await session.moveTo?.(there.host, there.port);
    await isBack(context, session);
    assert.equal(await session.command('SET', 'key', 'after'), 'OK');
    const after = last(context, 'SET');
    assert.notEqual(after?.node, before?.node, 'it went to the former address');
    assert.notEqual(after && connectionOf(after), before && connectionOf(before));
    assertLoginFirst(context);
    await rotate(context, 1);
    assertNothingExpired(context);
  },
};
