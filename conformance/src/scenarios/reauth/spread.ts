import assert from 'node:assert/strict';
import type { Session } from '../../driver/driver.ts';
import type { Scenario } from '../scenario.ts';
import { type LoginEntry, reauths } from '../wire.ts';
import { assertNothingExpired, assertOneAuthPerToken, connectFully, everywhere, rotateEverywhere } from '../steps.ts';

/** Clients of a cluster have several connections each. */
const clients = { standalone: 200, sentinel: 40, cluster: 30 } as const;
const sliceMs = 100;

/** The most logins within any `sliceMs`. */
export function busiestSlice(entries: readonly Pick<LoginEntry, 'at'>[]): number {
  const instants = entries.map(({ at }) => at).toSorted((a, b) => a - b);
  let first = 0;
  return instants.reduce((most, at, last) => {
    while (at - (instants[first] ?? at) >= sliceMs) first += 1;
    return Math.max(most, last - first + 1);
  }, 0);
}

export const spread: Scenario = {
  id: 'reauth/spread',
  title: `${clients.standalone} connections log in again one after the other, not in one burst, all before expiry`,
  why: 'the cache throttles bursts of AUTH, and a burst stalls the event loop of the application',
  topologies: everywhere,
  lifetimeMs: 10_000,
  // The adapters spread over 1.5 s of this life: what is due in a standstill comes at once after it.
  patienceMs: 200,
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
    assert.ok(most <= again.length / 4, `${most} of ${again.length} within ${sliceMs} ms`);
    assertOneAuthPerToken(context);
    assertNothingExpired(context);
  },
};
