import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { assertNothingExpired, newTokens, repeatUntilStopped } from '../steps.ts';

const [key, owner, other] = ['lock', 'the owner', 'somebody else'];
const heldMs = '1500';

export const lifeLock: Scenario = {
  id: 'life/lock',
  title: 'a lock by SET NX PX that is renewed has one owner over three renewals of the token',
  why: 'redlock and Redisson: a renewal that fails or comes too late gives the lock to somebody else, while the first one works on',
  topologies: ['standalone'],
  async run(context) {
    const holder = await context.connect();
    const rival = await context.connect();
    const lock = (...options: string[]): string[] => ['SET', key, owner, ...options, 'PX', heldMs];
    assert.equal(await holder.command(...lock('NX')), 'OK');
    const renewing = repeatUntilStopped(async () => {
      assert.equal(await holder.command('GET', key), owner, "the lock is not its owner's");
      assert.equal(await holder.command(...lock('XX')), 'OK', 'the lock was lost');
    }, 100);
    const trying = repeatUntilStopped(async () => {
      assert.equal(await rival.command('SET', key, other, 'NX', 'PX', heldMs), null, 'somebody else got the lock');
    }, 20);
    await newTokens(context, 3);
    assert.ok((await renewing.stop()) > 0);
    assert.ok((await trying.stop()) > 0);
    assertNothingExpired(context);
  },
};
