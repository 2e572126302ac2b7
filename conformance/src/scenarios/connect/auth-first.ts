import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { logins } from '../wire.ts';
import { assertLoginFirst, everywhere, touchEveryNode } from '../steps.ts';

export const authFirst: Scenario = {
  id: 'connect/auth-first',
  title: 'AUTH or HELLO with object id and token precedes every command',
  why: 'a command before the login is answered NOAUTH: every client library',
  topologies: everywhere,
  async run(context) {
    const session = await context.connect();
    await touchEveryNode(session);
    const { entries } = context.target.timeline;
    assertLoginFirst(context);
    const names = new Set(logins(context.target.timeline).map(({ login }) => login.username));
    assert.deepEqual(names, new Set([context.target.entra.objectId]));
    assert.ok(
      !entries.some(({ event, text }) => event === 'reply' && text?.includes('NOAUTH')),
      'a command met NOAUTH',
    );
  },
};
