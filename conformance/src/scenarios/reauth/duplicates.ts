import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { connectionOf, reauths } from '../wire.ts';
import { assertNothingExpired, assertOneAuthPerToken, everywhere, rotate, untilAllCurrent } from '../steps.ts';

export const duplicates: Scenario = {
  id: 'reauth/duplicates',
  title: 'duplicates, and duplicates of duplicates, stay logged in by themselves',
  why: 'ioredis PR 1985, BullMQ #3668: a duplicate freezes the token of its birth',
  requires: ['duplicate'],
  topologies: everywhere,
  async run(context) {
    const first = await context.connect();
    const second = await first.duplicate();
    await second.ready();
    const third = await second.duplicate();
    await third.ready();
    await rotate(context, 3);
    await untilAllCurrent(context);
    for (const session of [first, second, third]) assert.equal(await session.command('PING'), 'PONG');
    const again = new Set(reauths(context.target.timeline).map(connectionOf)).size;
    assert.ok(context.target.endpoint.topology === 'standalone' ? again === 3 : again >= 3, `${again} connections`);
    assertOneAuthPerToken(context);
    assertNothingExpired(context);
  },
};
