import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { handOver, handOverOnRefresh } from '../../src/index.ts';
import { processWide } from '../../src/process-wide.ts';
import type { TestClient } from '../support/clients.ts';
import { lanes, subscribed } from '../support/subscribers.ts';
import { World } from '../support/world.ts';

/** As in a process of its own: every warning from now on. */
function collectWarnings(): string[] {
  Reflect.deleteProperty(processWide, Symbol.for('@entra-redis/node-redis/warnings/1'));
  const warnings: string[] = [];
  const emit = vi.spyOn(process, 'emitWarning').mockImplementation((warning, options) => {
    warnings.push(`${(options as { code?: string } | undefined)?.code}: ${String(warning)}`);
  });
  onTestFinished(() => emit.mockRestore());
  return warnings;
}

/** Two renewals, each until `connections` have its token. */
async function renewals(world: World, connections: number): Promise<void> {
  for (let renewal = 0; renewal < 2; renewal++) {
    const done = world.next('reauthenticated', connections);
    await world.renew();
    await world.pass(done);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe.each(lanes)('RESP2 subscriber of redis %s', (_name, create) => {
  test('reauth/subscriber-resp2: one that nobody hands over is warned of, once in a process', async () => {
    const world = await World.start();
    const warnings = collectWarnings();
    const clients: TestClient[] = [create(world), create(world)];
    for (const client of clients) await subscribed(world, client);
    handOverOnRefresh(clients[0] as TestClient);
    await renewals(world, 1);
    expect(warnings).toEqual([expect.stringMatching(/^ENTRA_REDIS_RESP2: .*RESP: 3.*handOverOnRefresh\(client\)/)]);
  });

  test('reauth/subscriber-resp2: those that are handed over are not warned of', async () => {
    const world = await World.start();
    const warnings = collectWarnings();
    const clients: TestClient[] = [create(world), create(world)];
    for (const client of clients) handOverOnRefresh(await subscribed(world, client));
    await renewals(world, 2);
    expect(warnings).toEqual([]);
  });

  test('reauth/subscriber-resp2: one that its user hands over at each token is not warned of', async () => {
    const world = await World.start();
    const warnings = collectWarnings();
    const client = await subscribed(world, create(world));
    world.manager.subscribe(({ type }) => {
      if (type === 'token') void handOver(client);
    });
    await renewals(world, 1);
    expect(warnings).toEqual([]);
  });
});
