import { expect } from 'vitest';
import type { TestClient } from './clients.ts';
import type { World } from './world.ts';

/** The first AUTH of a renewal is answered with an error: that must be told, and the AUTH sent again. Returns the tokens that came. */
export async function loseOneAuth(world: World, connect: () => Promise<TestClient>): Promise<number[]> {
  const client = await connect();
  world.cache.fault({ match: 'AUTH', action: { kind: 'error', message: 'LOADING Redis is loading the dataset' } });
  const lost = world.next('reauthentication-failed');
  const accepted = world.next('reauthenticated');
  await world.renew();
  expect(await lost).toMatchObject({ error: { code: 'ERR_AUTH_FAILED', message: /LOADING/ } });
  expect(world.count('reauthenticated')).toBe(0);
  await world.pass(accepted);
  expect(await client.ping()).toBe('PONG');
  return world.verifier.presented;
}
