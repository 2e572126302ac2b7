import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { logins } from '../wire.ts';
import { assertNothingExpired, errorName, openObserved, rotate } from '../steps.ts';

export const optionsCopied: Scenario = {
  id: 'connect/options-copied',
  title: 'a framework copies the options deeply: it logs in with a token, or an error says that they were copied',
  why: 'https://github.com/balderdashy/sails/issues/6453: a copy loses what is no plain data; something else than a token is sent as the login',
  requires: ['copied-options'],
  topologies: ['standalone'],
  async run(context) {
    const { timeline } = context.target;
    const { session, told } = await openObserved(context, { copied: true });
    await context.eventually('a login, or an error', () => logins(timeline).length > 0 || told() !== '');
    const refused = timeline.landmarks.filter(({ event }) => event === 'refused');
    assert.deepEqual(refused, [], 'something else than a token was sent as a login');
    if (logins(timeline).length === 0) {
      assert.match(told(), /copied/i, 'the error does not say that the options were copied');
      assert.match(told(), errorName(context), 'the error has no code');
      return;
    }
    assert.equal(await session?.command('PING'), 'PONG');
    await rotate(context, 1, 2);
    assertNothingExpired(context);
  },
};
