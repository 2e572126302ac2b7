import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { logins } from '../../wire.ts';

export const refused: Scenario = {
  id: 'connect/refused',
  title: 'WRONGPASS on a fresh token: one forced refresh, an error that says what to check, and recovery',
  why: 'Azure troubleshooting: the access policy is assigned late, or to another object id',
  topologies: ['standalone'],
  lifetimeMs: 60_000,
  async run(context) {
    const wrongPass = {
      kind: 'error',
      message: 'WRONGPASS invalid username-password pair or user is disabled.',
    } as const;
    context.target.fault({ match: ['AUTH', 'HELLO'], times: 1, action: wrongPass });
    const session = await context.open();
    await context.eventually('a login with another token', () => logins(context.target.timeline).length > 0);
    assert.equal(context.target.entra.requests.length, 2, 'one request, and one forced by the refusal');
    assert.equal(await session.command('PING'), 'PONG');
    // By the client's own error event where its API lets an adapter speak there, else by the adapter's.
    const told = [...session.errors, ...context.events.map(({ text }) => text)].join('\n');
    assert.ok(told.includes(context.target.entra.objectId), 'the error does not name the object id to check');
  },
};
