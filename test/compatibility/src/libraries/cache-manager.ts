import { createKeyv } from '@keyv/redis';
import { createCache } from 'cache-manager';
import { checkOptions, entraCredentials } from '@entra-redis/node-redis';
import { expectSame, type Start } from '../library.ts';

export const start: Start = async ({ host, port, manager, complain }) => {
  const url = `redis://${host}:${port}`;
  // It makes its clients by the @redis/client 5 that it brings.
  const credentialsProvider = entraCredentials(manager);
  const options = checkOptions({ url, RESP: 3, credentialsProvider });
  const store = createKeyv(options);
  store.on('error', complain);
  const cache = createCache({ stores: [store] });
  return {
    step: async (round) => {
      await cache.set('round', round, 60_000);
      expectSame('the value', await cache.get('round'), round);
      expectSame('wrapped', await cache.wrap(`round-${round}`, async () => round, 60_000), round);
    },
    stop: async () => {
      await cache.disconnect();
    },
  };
};
