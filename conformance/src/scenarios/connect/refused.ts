import assert from 'node:assert/strict';
import type { CacheFault } from '@entra-redis/emulator';
import type { Scenario } from '../scenario.ts';
import { logins } from '../wire.ts';
import { everywhere, givesUp, told, wrongPass } from '../steps.ts';

const refusal: CacheFault = { match: ['AUTH', 'HELLO'], action: wrongPass };

export const refused: Scenario = {
  id: 'connect/refused',
  title: 'WRONGPASS on a fresh token: one forced refresh, an error that says what to check, and recovery',
  why: 'Azure troubleshooting: the access policy is assigned late, or to another object id',
  requires: ['retries-first-login'],
  topologies: everywhere,
  lifetimeMs: 60_000,
  async run(context) {
    context.target.fault(refusal);
    const session = await context.open();
    await context.eventually('a login with another token', () => logins(context.target.timeline).length > 0);
    assert.equal(context.target.entra.requests.length, 2, 'one request, and one forced by the refusal');
    assert.equal(await session.command('PING'), 'PONG');
    // By the client's own error event where its API lets an adapter speak there, else by the adapter's.
    assert.ok(
      told(context, session).includes(context.target.entra.objectId),
      'the error does not name the object id to check',
    );
  },
  async otherwise(context) {
    context.target.fault(refusal);
    await givesUp(context, await context.open(), new RegExp(context.target.entra.objectId));
    assert.equal(context.target.entra.requests.length, 2, 'one request, and one forced by the refusal');
  },
};
