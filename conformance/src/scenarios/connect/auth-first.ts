import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { logins } from '../../wire.ts';

export const authFirst: Scenario = {
  id: 'connect/auth-first',
  title: 'AUTH or HELLO with object id and token precedes every command',
  why: 'a command before the login is answered NOAUTH: every client library',
  topologies: ['standalone'],
  async run(context) {
    const session = await context.connect();
    assert.equal(await session.command('SET', 'key', 'value'), 'OK');
    const { entries } = context.target.timeline;
    const firstCommand = entries.findIndex(
      ({ event, args }) => event === 'command' && args?.[0]?.toUpperCase() === 'SET',
    );
    const login = entries.findIndex(({ event }) => event === 'login');
    assert.ok(login >= 0 && login < firstCommand, 'no login before the first command');
    assert.equal(logins(context.target.timeline)[0]?.login.username, context.target.entra.objectId);
    assert.ok(
      !entries.some(({ event, text }) => event === 'reply' && text?.includes('NOAUTH')),
      'a command met NOAUTH',
    );
  },
};
