// @redis/entraid on redis 5, as its README shows it.
import {
  ClosedClients,
  describeError,
  fetchToken,
  openNodeRedis,
  serveDriver,
  allBut,
} from '@entra-redis/conformance/kit';
import { EntraIdCredentialsProviderFactory, REDIS_SCOPE_DEFAULT } from '@redis/entraid';
import entraid from '@redis/entraid/package.json' with { type: 'json' };
import * as redis from 'redis';

const copy = { version: entraid.version, ...redis };

/** A credential of the user's own, which its README allows: MSAL would serve one token for an hour. */
const credentialOf = (tokenUrl) => ({
  async getToken() {
    const { value: token, expiresAt: expiresOnTimestamp } = await fetchToken(tokenUrl);
    return { token, expiresOnTimestamp };
  },
});

serveDriver({
  name: 'redis-entraid',
  clientVersion: entraid.version,
  capabilities: allBut({
    'azure-identity': 'this driver has no credential but that of the token URL',
    bullmq: 'BullMQ is built on ioredis',
  }),
  resp: [2, 3],
  closeWays: ['destroy', 'close', 'quit', 'disconnect'],
  async start({ tokenUrl }) {
    const events = [];
    const closed = new ClosedClients();
    const tell = (type) => (error) => events.push({ type, text: describeError(error) });
    const credentialsProvider = EntraIdCredentialsProviderFactory.createForDefaultAzureCredential({
      credential: credentialOf(tokenUrl),
      scopes: REDIS_SCOPE_DEFAULT,
      tokenManagerConfig: {
        expirationRefreshRatio: 0.7,
        retry: { maxAttempts: 10, initialDelayMs: 100, maxDelayMs: 500, backoffMultiplier: 2, isRetryable: () => true },
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
      describe: async () => describeError(credentialsProvider),
      close: async () => undefined,
    };
  },
});
