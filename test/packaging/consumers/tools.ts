// A user's tests, once as .mts and once as .cts: the emulator, every import path of it, and the manager's test clock.
import { createTokenManager } from '@entra-redis/token-manager';
import { TestClock } from '@entra-redis/token-manager/testing';
import { startCache, startEntra } from '@entra-redis/emulator';
import * as command from '@entra-redis/emulator/command';
import * as resp from '@entra-redis/emulator/resp';

async function main(): Promise<void> {
  const entra = await startEntra({ lifetimeMs: 60_000 });
  const cache = await startCache({ verifier: entra.verifier });
  const manager = createTokenManager(
    { requestToken: async () => ({ ...(await entra.issueToken()), obtainedAt: Date.now() }) },
    { clock: new TestClock(Date.now()) },
  );
  const { username } = await manager.credentials();
  const whole = username === entra.objectId && Object.keys(command).length > 0 && Object.keys(resp).length > 0;
  console.log(whole ? 'PONG PONG' : 'a part is missing');
  manager.close();
  await cache.close();
  await entra.close();
}

void main();
