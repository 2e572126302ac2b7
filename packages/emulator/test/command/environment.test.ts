import { expect, onTestFinished, test } from 'vitest';
import { createEnvironment } from '../../src/command/environment.ts';
import { type CacheServer, startEntra } from '../../src/index.ts';

test.each([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '127.0.0.1'],
  ['127.0.0.1', '127.0.0.1'],
])('a cache that listens on %s is reached by %s', async (host, reached) => {
  const entra = await startEntra();
  const environment = createEnvironment(entra, { host, port: 6380 } as CacheServer);
  onTestFinished(async () => {
    environment.remove();
    await entra.close();
  });
  expect(environment.variables).toMatchObject({ REDIS_HOST: reached, REDIS_PORT: '6380' });
});
