import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { versions } from './support/clients.ts';
import { title, until, World } from './support/world.ts';

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
    await world.refresh();
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
});
