import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { reauths } from '../wire.ts';
import { assertNothingExpired, assertOneAuthPerToken } from '../steps.ts';

const queueLimit = 5;

export const queueFull: Scenario = {
  id: 'reauth/queue-full',
  title: 'a re-AUTH that finds the queue of the client full is tried again before expiry',
  why: '@redis/entraid N17: "The queue is full" ends the re-AUTH, and the server cuts the connection at expiry',
  requires: ['queue-limit', 'blocking'],
  topologies: ['standalone'],
  lifetimeMs: 6000,
  async run(context) {
    const { entra, timeline } = context.target;
    const session = await context.connect({ queueLimit });
    entra.fail({ kind: 'delay', delayMs: 200 });
    await context.eventually('the request of the refresh', () => entra.requests.length >= 2, context.lifetimeMs);
    const blocked = session.command('BLPOP', 'nothing', '0.5');
    const waiting = Array.from({ length: queueLimit - 1 }, () => session.command('PING'));
    await assert.rejects(session.command('PING'), /queue is full/i);
    assert.equal(await blocked, null);
    assert.deepEqual(new Set(await Promise.all(waiting)), new Set(['PONG']));
    await context.eventually('the AUTH that found no room', () => reauths(timeline).length === 1);
    assertOneAuthPerToken(context);
    assertNothingExpired(context);
  },
};
