import assert from 'node:assert/strict';
import type { Session } from '../../driver.ts';
import type { Scenario } from '../../types.ts';
import { type LoginEntry, reauths } from '../../wire.ts';
import { assertNothingExpired, assertOneAuthPerToken, connectFully, everywhere, rotateEverywhere } from '../steps.ts';

/** Clients of a cluster have several connections each. */
const clients = { standalone: 200, sentinel: 40, cluster: 30 } as const;
const sliceMs = 100;
function busiestSlice(entries: readonly LoginEntry[]): number {
  const slices = new Map<number, number>();
  for (const { at } of entries) {
    const slice = Math.floor(at / sliceMs);
    slices.set(slice, (slices.get(slice) ?? 0) + 1);
  }
  return Math.max(...slices.values());
}

export const spread: Scenario = {
  id: 'reauth/spread',
  title: `${clients.standalone} connections log in again one after the other, not in one burst, all before expiry`,
  why: 'the cache throttles bursts of AUTH, and a burst stalls the event loop of the application',
  topologies: everywhere,
  lifetimeMs: 10_000,
  async run(context) {
    const { endpoint, timeline } = context.target;
    const first = await connectFully(context);
    // Where it can be: in redis 5 to create another takes a hundred times as long, and holds the other cases up.
    const duplicates = context.supports('duplicate');
    const another = (): Promise<Session> => (duplicates ? first.duplicate() : context.open());
    const count = duplicates ? clients[endpoint.topology] : 10;
    // One after the other: made in one go, two hundred clients hold the event loop up for seconds.
    for (let opened = 1; opened < count; opened += 1) await (await another()).ready();
    const before = reauths(timeline).length;
    await rotateEverywhere(context);
    const again = reauths(timeline).slice(before);
    assert.ok(again.length >= count, `${again.length} re-AUTHs`);
    const most = busiestSlice(again);
    assert.ok(most <= (again.length * 3) / 4, `${most} of ${again.length} within ${sliceMs} ms`);
    assertOneAuthPerToken(context);
    assertNothingExpired(context);
  },
};
