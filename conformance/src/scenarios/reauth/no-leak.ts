import assert from 'node:assert/strict';
import { withoutTokens } from '@entra-redis/token-manager';
import type { Scenario } from '../scenario.ts';
import { everywhere, wrongPass } from '../steps.ts';

export const noLeak: Scenario = {
  id: 'reauth/no-leak',
  title: 'a refused AUTH shows no token: not in errors, inspect, JSON or events',
  why: 'ioredis puts the arguments of AUTH into error.command.args; @redis/entraid N25 prints the token by inspect',
  topologies: everywhere,
  async run(context) {
    const session = await context.connect();
    context.target.fault({ match: 'AUTH', times: Number.POSITIVE_INFINITY, action: wrongPass });
    await context.eventually(
      'a refused re-AUTH is told',
      () => session.errors.length > 0 || context.events.some(({ type }) => type === 'reauthentication-failed'),
      context.lifetimeMs * 2,
    );
    const events = context.events.map(({ text }) => text);
    const told = [await session.describe(), await context.application.describe(), ...session.errors, ...events].join(
      '\n',
    );
    assert.equal(withoutTokens(told), told, 'a part of a token was shown');
    assert.doesNotMatch(told, /\buti\b/, 'a claim of a token was shown');
  },
};
