import { expect, test } from 'vitest';
import { bench, hour, minute, second } from './support.ts';

test('token/sleep (N5): after a sleep past expiry no expired token is handed out, and a refresh runs within a heartbeat', async () => {
  const { clock, provider, manager } = bench();
  const before = await manager.credentials();
  clock.sleep(2 * hour);
  expect(manager.current).toBeUndefined();
  const after = await manager.credentials();
  expect(after.password).not.toBe(before.password);
  clock.sleep(2 * hour);
  await clock.advance(30 * second);
  expect(provider.requests).toHaveLength(3);
});

test('token/sleep: many naps below a second each are not forgotten', async () => {
  const { clock, manager } = bench({ script: [] });
  const { expiresAt } = await manager.credentials();
  while (clock.now() < expiresAt) clock.sleep(900);
  expect(manager.current).toBeUndefined();
});

test('token/clock-back: a clock set back 2 h does not make the refresh 2 h late', async () => {
  const { clock, provider, manager } = bench();
  await manager.credentials();
  clock.jumpWall(-2 * hour);
  await clock.advance(43 * minute);
  expect(provider.requests).toHaveLength(2);
  await clock.advance(20 * minute);
  expect(manager.current).toBeDefined();
});
