import * as redis4 from 'redis-4';
import { describe, expect, onTestFinished, test } from 'vitest';
import { withEntra } from '../../src/v4.ts';
import { type TestClient, title, versions } from '../support/clients.ts';
import { loseOneAuth } from '../support/lost-auth.ts';
import { World } from '../support/world.ts';

/** As `node --frozen-intrinsics` and SES do; this file has a process of its own. */
Object.freeze(Promise.prototype);
Object.freeze(Promise);

describe.each(versions.map((version) => [title(version), version] as const))('redis %s', (_name, version) => {
  test('reauth/lost: frozen intrinsics', async () => {
    const world = await World.start();
    expect(await loseOneAuth(world, () => world.connected(version))).toEqual([1, 2]);
  });
});

test('reauth/lost: frozen intrinsics, redis 4.7.1', async () => {
  const world = await World.start();
  const { host, port } = world.cache;
  const options = withEntra(redis4, world.manager, { socket: { host, port } });
  const client = redis4.createClient(options) as unknown as TestClient;
  onTestFinished(() => client.disconnect());
  const connect = async (): Promise<TestClient> => {
    await client.connect();
    return client;
  };
  expect(await loseOneAuth(world, connect)).toEqual([1, 2]);
});
