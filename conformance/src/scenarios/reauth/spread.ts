import assert from 'node:assert/strict';
import type { Session } from '../../driver.ts';
import type { Scenario } from '../../types.ts';
import { reauths } from '../../wire.ts';
import { assertNothingExpired, assertOneAuthPerToken, rotate } from '../steps.ts';

const connections = 200;
const sliceMs = 100;

export const spread: Scenario = {
  id: 'reauth/spread',
  title: `${connections} connections log in again one after the other, not in one burst, all before expiry`,
  why: 'the cache throttles bursts of AUTH, and a burst stalls the event loop of the application',
  topologies: ['standalone'],
  lifetimeMs: 10_000,
  async run(context) {
    const first = await context.connect();
    // Where it can be: in redis 5.0 `createClient` takes a hundred times as long.
    const another = (): Promise<Session> =>
      context.driver.capabilities.duplicate === true ? first.duplicate() : context.open();
    // One after the other: made in one go, two hundred clients hold the event loop up for seconds.
    for (let opened = 1; opened < connections; opened += 1) await (await another()).ready();
    await rotate(context, connections);
    const slices = new Map<number, number>();
    for (const { at } of reauths(context.target.timeline)) {
      const slice = Math.floor(at / sliceMs);
      slices.set(slice, (slices.get(slice) ?? 0) + 1);
    }
    const most = Math.max(...slices.values());
    assert.ok(most <= (connections * 3) / 4, `${most} of ${connections} within ${sliceMs} ms`);
    assert.equal(reauths(context.target.timeline).length, connections);
    assertOneAuthPerToken(context);
    assertNothingExpired(context);
  },
};
