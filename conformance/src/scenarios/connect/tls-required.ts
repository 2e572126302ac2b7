import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { logins, tokensSent } from '../wire.ts';
import { elsewhere, everywhere } from '../steps.ts';

export const tlsRequired: Scenario = {
  id: 'connect/tls-required',
  title: 'no token goes out in plain text to a host that is not loopback',
  why: 'a token is a password; .NET forces TLS: https://github.com/Azure/Microsoft.Azure.StackExchangeRedis',
  topologies: everywhere,
  lifetimeMs: 60_000,
  async run(context) {
    const { endpoint, timeline } = context.target;
    if (endpoint.ca !== undefined) {
      const session = await context.connect({ endpoint: elsewhere });
      assert.equal(await session.command('PING'), 'PONG');
      return;
    }
    const refusal = await context.open({ endpoint: elsewhere }).then(
      async (session) => {
        // Refused at the latest when it connects: TLS on by itself, which this server does not speak.
        await context.eventually(
          'the user is told that it does not connect',
          () => session.errors.length > 0 || tokensSent(timeline).size > 0,
          context.scaled(15_000),
        );
        return session.errors.join('\n');
      },
      (error: unknown) => String((error as { code?: unknown }).code ?? error),
    );
    assert.equal(tokensSent(timeline).size, 0, 'a token was sent in plain text');
    assert.notEqual(refusal, '');
    assert.deepEqual(logins(timeline), []);
  },
};
