import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { Scenario } from '../../types.ts';
import { rotate } from '../steps.ts';

export const noLeak: Scenario = {
  id: 'reauth/no-leak',
  title: 'a refused AUTH shows no token: not in errors, inspect, JSON or events',
  why: 'ioredis puts the arguments of AUTH into error.command.args; @redis/entraid N25 prints the token by inspect',
  topologies: ['standalone'],
  async run(context) {
    const session = await context.connect();
    const secrets = [(await context.manager.credentials()).password];
    const wrongPass = {
      kind: 'error',
      message: 'WRONGPASS invalid username-password pair or user is disabled.',
    } as const;
    context.target.fault({ match: 'AUTH', times: 2, action: wrongPass });
    await context.eventually(
      'a refused re-AUTH is told',
      () => context.events.some(({ type }) => type === 'reauthentication-failed'),
      context.lifetimeMs * 2,
    );
    await rotate(context, 1, 0);
    secrets.push((await context.manager.credentials()).password);
    const told = [session.describe(), ...session.errors, inspect(context.events, { depth: 10, showHidden: true })];
    told.push(JSON.stringify(context.events), inspect(context.manager, { depth: 10, showHidden: true }));
    for (const secret of secrets) {
      const [, payload = '', signature = ''] = secret.split('.');
      for (const part of [payload, signature])
        assert.ok(!told.some((text) => text.includes(part)), 'a part of a token was shown');
    }
  },
};
