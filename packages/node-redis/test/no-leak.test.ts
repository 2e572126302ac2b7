import { inspect } from 'node:util';
import { until } from '@entra-redis/test-support';
import { describe, expect, test } from 'vitest';
import { versions } from './support/clients.ts';
import { title, World } from './support/world.ts';

/** Parts of every token that must not be seen: its payload, and the name of the claim. */
const secret = /eyJ|\.signature/;

describe.each(versions.map((version) => [title(version), version] as const))('redis %s', (_name, version) => {
  test('reauth/no-leak: provider, client, errors and events show no token', async () => {
    const world = await World.start();
    world.verifier.refuse = (jti) => jti === 2 || jti === 3;
    const client = await world.connected(version);
    const other = await world.connected(version);
    const pending = client.sendCommand(['BLPOP', 'queue', '0']).catch(() => undefined);
    const failed = world.next('reauthentication-failed');
    await world.renew();
    await other.sendCommand(['RPUSH', 'queue', 'job']);
    await pending;
    await world.pass(failed);
    world.cache.cut();
    await until(() => world.errors.length > 0);
    const shown = [world.provider, client, client.options, ...world.errors, ...world.events];
    for (const value of shown) {
      expect(inspect(value, { depth: 10, showHidden: true })).not.toMatch(secret);
      expect(String(value)).not.toMatch(secret);
    }
    for (const value of [world.provider, ...world.errors, ...world.events]) {
      expect(JSON.stringify(value)).not.toMatch(secret);
    }
  });

  test('reauth/no-leak: a server that quotes the beginning of the arguments of AUTH', async () => {
    const world = await World.start();
    const quotes = { action: { kind: 'error', message: '' }, times: 3 } as const;
    const { password } = await world.manager.credentials();
    for (const name of ['HELLO', 'AUTH']) {
      const message = `ERR unknown command '${name}', with args beginning with: 'me' '${password.slice(0, 60)}`;
      world.cache.fault({ ...quotes, match: name, action: { kind: 'error', message } });
    }
    const client = world.client(version);
    client.on('error', (error: Error) => world.errors.push(error));
    client.connect().catch((error: Error) => world.errors.push(error));
    await until(() => world.errors.length > 0);
    expect(inspect(world.errors, { depth: 10 })).toContain('unknown command');
    expect(inspect(world.errors, { depth: 10 })).not.toMatch(secret);
    client.destroy();
  });
});
