// @redis/entraid as its README shows it.
import {
  allBut,
  ClosedClients,
  describeError,
  httpProvider,
  openNodeRedis,
  serveDriver,
  shiftedProcessClock,
} from '@entra-redis/conformance/driver-kit';

/** A credential of the user's own, which its README allows: MSAL would serve one token for an hour. */
const credentialOf = (provider) => ({
  async getToken() {
    const { value: token, expiresAt: expiresOnTimestamp } = await provider.requestToken({ force: false });
    return { token, expiresOnTimestamp };
  },
});

/** Serves @redis/entraid on the copy of redis that stands beside it; both majors have the same API here. */
export function serveEntraid({ redis, EntraIdCredentialsProviderFactory, REDIS_SCOPE_DEFAULT, version }) {
  const copy = { version, ...redis };
  serveDriver({
    name: 'redis-entraid',
    peer: true,
    clientVersion: version,
    capabilities: allBut({
      'azure-identity': 'this driver has no credential but that of the token URL',
      bullmq: 'BullMQ is built on ioredis',
      'options-changed': 'a socket of node-redis takes its options when the client is made',
    }),
    resp: [2, 3],
    closeWays: ['destroy', 'close', 'quit', 'disconnect'],
    async start({ tokenUrl, caches }) {
      const clock = shiftedProcessClock();
      const events = [];
      const closed = new ClosedClients();
      const tell = (type) => (error) => events.push({ type, text: describeError(error) });
      const credentialsProvider = EntraIdCredentialsProviderFactory.createForDefaultAzureCredential({
        credential: credentialOf(httpProvider(tokenUrl, { cachedBy: caches && clock })),
        scopes: REDIS_SCOPE_DEFAULT,
        tokenManagerConfig: {
          expirationRefreshRatio: 0.7,
          retry: {
            maxAttempts: 10,
            initialDelayMs: 100,
            maxDelayMs: 500,
            backoffMultiplier: 2,
            isRetryable: () => true,
          },
        },
        onReAuthenticationError: tell('reauthentication-failed'),
        onRetryableError: tell('retry'),
      });
      return {
        events,
        open: async (endpoint, options) =>
          openNodeRedis(
            { copy, credentialsProvider, check: (unchecked) => unchecked, after: { closed } },
            endpoint,
            options,
          ),
        leaked: () => closed.remaining(),
        setClock: async (aheadMs) => void (clock.aheadMs = aheadMs),
        describe: async () => describeError(credentialsProvider),
        close: async () => undefined,
      };
    },
  });
}
