import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { newTokens, repeatUntilStopped } from '../steps.ts';

export const lifeCommands: Scenario = {
  id: 'life/commands',
  title: 'one command after another over three renewals of the token: none fails',
  why: 'what a user notices first; a client may replace connections meanwhile, and leave idle ones to expire',
  topologies: ['standalone'],
  simulated: true,
  async run(context) {
    const session = await context.connect();
    const commands = repeatUntilStopped(async (round) => {
      const value = String(round);
      assert.equal(await session.command('SET', 'key', value), 'OK');
      assert.equal(await session.command('GET', 'key'), value);
    }, 10);
    await newTokens(context, 3);
    assert.ok((await commands.stop()) > 0);
  },
};
