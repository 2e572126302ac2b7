import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { commandsOf, logins, tokensSent } from '../wire.ts';
import { elsewhere, openObserved } from '../steps.ts';

export const sentinelTls: Scenario = {
  id: 'connect/sentinel-tls',
  title:
    'sentinels that are not on loopback are asked over TLS, or not at all: no token follows an answer in plain text',
  why: 'who can change the answer of a sentinel has the token sent to a server of their own',
  requires: ['sentinel'],
  topologies: ['sentinel'],
  lifetimeMs: 60_000,
  async run(context) {
    const { timeline } = context.target;
    // Of the servers themselves and of the suite, which have asked before.
    const before = timeline.entries.length;
    const { told } = await openObserved(context, { endpoint: elsewhere });
    await context.eventually(
      'the user is told, or a token sent',
      () => told() !== '' || tokensSent(timeline).size > 0,
      context.scaled(15_000),
    );
    assert.equal(tokensSent(timeline).size, 0, 'a token followed an answer in plain text');
    assert.deepEqual(logins(timeline), []);
    const asked = commandsOf({ entries: timeline.entries.slice(before) }, 'SENTINEL');
    assert.deepEqual(asked, [], 'a sentinel was asked in plain text');
    assert.notEqual(told(), '', 'the user was not told');
  },
};
