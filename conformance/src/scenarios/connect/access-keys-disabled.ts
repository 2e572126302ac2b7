import assert from 'node:assert/strict';
import type { Session } from '../../driver.ts';
import type { Scenario } from '../../types.ts';
import { authsPerToken, logins } from '../../wire.ts';
import { isBack } from '../steps.ts';

const clients = 40;

export const accessKeysDisabled: Scenario = {
  id: 'connect/access-keys-disabled',
  title: `${clients} connections are cut at once: all come back, with the token in hand and one login each`,
  why: 'Azure cuts every connection when access keys are disabled: https://learn.microsoft.com/azure/redis/entra-for-authentication',
  topologies: ['standalone'],
  lifetimeMs: 60_000,
  async run(context) {
    const { timeline, entra } = context.target;
    const sessions: Session[] = [];
    // One after the other: in redis 5.0 forty calls of `createClient` hold the event loop up for a second.
    while (sessions.length < clients) sessions.push(await context.connect());
    const before = logins(timeline).length;
    context.target.cut();
    await Promise.all(sessions.map((session) => isBack(context, session)));
    assert.equal(logins(timeline).length - before, clients, 'not one login for each connection');
    assert.equal(entra.requests.length, 1, 'a token was asked for although one was in hand');
    assert.deepEqual(new Set(authsPerToken(timeline).values()), new Set([1]));
  },
};
