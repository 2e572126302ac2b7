import { describe, expect, test } from 'vitest';
import { confidential, managerOn, useEntra } from '../../support/azure.ts';
import { minute } from '../../support/bench.ts';

/** An outage of Entra, seen through the real @azure/identity. */
const azure = useEntra();

describe.each(confidential)('token/early-past-cache, life/outage-bridge: a %s credential', (_, credentialOf) => {
  test.each([5, 38.5, 41, 43, 50, 54.9])(
    'an outage of Entra that begins at minute %s of an hour-long token is bridged for a quarter of its life',
    async (begins) => {
      const { manager, advance } = managerOn(await credentialOf(azure));
      await manager.credentials();
      await advance(begins * minute);
      azure.entra.fail({ kind: 'status', status: 503 }, Infinity);
      const before = azure.requests.length;
      for (let passed = 0; passed < 15; passed += 1) {
        await advance(minute);
        expect(manager.current, `${passed} min into the outage`).toBeDefined();
      }
      expect(azure.requests.length - before).toBeLessThan(40);
      azure.entra.heal();
      await advance(2 * minute);
      expect(manager.current?.expiresAt).toBeGreaterThan(Date.now() + 10 * minute);
      manager.close();
    },
  );

  test('ten lives cost ten requests to Entra', async () => {
    const { manager, advance } = managerOn(await credentialOf(azure));
    await manager.credentials();
    const tokens: unknown[] = [];
    manager.subscribe((event) => event.type === 'token' && tokens.push(event));
    await advance(10 * 42 * minute);
    manager.close();
    expect(tokens.length).toBeGreaterThanOrEqual(10);
    expect(azure.requests).toHaveLength(tokens.length + 1);
  });
});
