// The approach that the Azure SDK's sample shows for ioredis: the first token as `password`, and a timer that calls AUTH.
import {
  ClosedClients,
  allBut,
  copyOf,
  describeClient,
  httpProvider,
  ioredisOptions,
  IoredisSession,
  serveDriver,
  shiftedProcessClock,
} from '@entra-redis/conformance/driver-kit';
import { Cluster, Redis } from 'ioredis';
import ioredis from 'ioredis/package.json' with { type: 'json' };
import { keepAuthenticated, objectIdOf } from './keep-authenticated.js';

async function open(provider, endpoint, options, closed) {
  const token = await provider.requestToken({ force: false });
  const { host, port, ...rest } = ioredisOptions(endpoint, options);
  const login = { username: objectIdOf(token.value), password: token.value };
  const client =
    endpoint.topology === 'cluster'
      ? new Cluster([{ host, port }], { redisOptions: { ...rest, ...login } })
      : endpoint.topology === 'sentinel'
        ? new Redis({ ...rest, ...login, sentinels: [{ host, port }], name: endpoint.masterName })
        : new Redis(copyOf({ host, port, ...rest, ...login }, options));
  keepAuthenticated(client, provider, (token.expiresAt - token.obtainedAt) * 0.75);
  return new IoredisSession(client, closed);
}

serveDriver({
  name: 'ioredis-recipe',
  peer: true,
  clientVersion: ioredis.version,
  capabilities: allBut({
    'azure-identity': 'this driver has no credential but that of the token URL',
    pool: 'ioredis has no pool',
    'queue-limit': 'ioredis has no limit',
    'maintenance-notifications': 'ioredis does not ask for them',
    bullmq: 'the recipe has no options that could be given to BullMQ',
  }),
  resp: [2, 3],
  closeWays: ['disconnect', 'quit'],
  async start({ tokenUrl, caches }) {
    const closed = new ClosedClients();
    const clock = shiftedProcessClock();
    const provider = httpProvider(tokenUrl, { cachedBy: caches && clock });
    return {
      events: [],
      open: (endpoint, options) => open(provider, endpoint, options, closed),
      leaked: () => closed.remaining(),
      setClock: async (aheadMs) => void (clock.aheadMs = aheadMs),
      describe: async () => describeClient({}, {}),
      close: async () => undefined,
    };
  },
});
